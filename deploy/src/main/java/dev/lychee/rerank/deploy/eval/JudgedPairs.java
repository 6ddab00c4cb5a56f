package dev.lychee.rerank.deploy.eval;

import com.fasterxml.jackson.databind.JsonNode;
import dev.lychee.rerank.deploy.UserMistakeException;
import dev.lychee.rerank.deploy.files.JsonLines;
import dev.lychee.rerank.operators.calibration.JudgedPair;
import dev.lychee.rerank.schemas.CalibrationMap;
import dev.lychee.rerank.schemas.RerankedResult;
import dev.lychee.rerank.schemas.ResultItem;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Judged pairs by what a calibration map is fitted for: fingerprint and segment. A pair of segment
 * {@code a/b} stands under {@code a/b}, {@code a} and {@code default}.
 */
public final class JudgedPairs {

    private final Map<String, Map<String, List<JudgedPair>>> pairs = new TreeMap<>();
    private final Set<List<String>> seen = new HashSet<>();
    private int unjudged;

    private JudgedPairs() {}

    /**
     * Reads pairs, one JSON object per line: {@code request_id}, {@code id}, {@code logit} (null
     * where the pair was not scored), {@code label} (0..1, true or false), and by wish {@code
     * segment} and {@code fingerprint}.
     *
     * @param fingerprint of lines that say none; null if all do
     */
    public static JudgedPairs readLines(Path file, @Nullable String fingerprint)
            throws IOException {
        if (Qrels.isLikely(file)) {
            throw new UserMistakeException(
                    file
                            + " has judgements without logits (TREC's qrels): name the results that they"
                            + " judge with --results.");
        }
        JudgedPairs pairs = new JudgedPairs();
        JsonLines.read(
                file,
                JsonNode.class,
                (place, line) -> {
                    if (!line.isObject()) {
                        throw new UserMistakeException(place + " is not a JSON object.");
                    }
                    String made = line.path("fingerprint").asText(fingerprint);
                    if (made == null) {
                        throw new UserMistakeException(
                                place
                                        + ": fingerprint is missing; add the field or name it with --fingerprint.");
                    }
                    pairs.add(
                            place,
                            made,
                            line.path("segment").asText(null),
                            new JudgedPair(
                                    text(line, "request_id", place),
                                    logit(line, place),
                                    label(line, place)),
                            text(line, "id", place));
                });
        return pairs;
    }

    /**
     * Joins results with judgements.
     *
     * @param results reranked results, one JSON object per line
     * @param relevantFrom lowest grade that counts as relevant
     * @param unjudgedIsIrrelevant whether candidates that nobody judged count as not relevant;
     *     otherwise they are left out
     * @param fingerprint only results of this one; null for all
     */
    public static JudgedPairs join(
            Path results,
            Qrels qrels,
            int relevantFrom,
            boolean unjudgedIsIrrelevant,
            @Nullable String fingerprint)
            throws IOException {
        JudgedPairs pairs = new JudgedPairs();
        JsonLines.read(
                results,
                RerankedResult.class,
                (place, result) -> {
                    if (result.requestId() == null
                            || result.results() == null
                            || result.dropped() == null) {
                        throw new UserMistakeException(
                                place
                                        + " is no reranked result: request_id, results and dropped are needed.");
                    }
                    String made = result.fingerprint();
                    if (made == null
                            || (fingerprint != null && !fingerprint.equals(made))
                            || !qrels.knows(result.requestId())) {
                        return;
                    }
                    Stream.concat(result.results().stream(), result.dropped().stream())
                            .forEach(
                                    item ->
                                            pairs.join(
                                                    place,
                                                    made,
                                                    result,
                                                    item,
                                                    qrels,
                                                    relevantFrom,
                                                    unjudgedIsIrrelevant));
                });
        return pairs;
    }

    private void join(
            String place,
            String fingerprint,
            RerankedResult result,
            ResultItem item,
            Qrels qrels,
            int relevantFrom,
            boolean unjudgedIsIrrelevant) {
        Integer grade = qrels.find(result.requestId(), item.id());
        if (grade == null) {
            unjudged++;
            if (!unjudgedIsIrrelevant) {
                return;
            }
        }
        Double logit = item.logit();
        add(
                place,
                fingerprint,
                result.segment(),
                new JudgedPair(
                        result.requestId(),
                        logit == null ? Double.NaN : logit,
                        grade != null && grade >= relevantFrom ? 1 : 0),
                item.id());
    }

    private void add(
            String place,
            String fingerprint,
            @Nullable String segment,
            JudgedPair pair,
            String candidate) {
        if (!seen.add(List.of(fingerprint, pair.requestId(), candidate))) {
            throw new UserMistakeException(
                    "%s: candidate %s of request %s stands in the file twice."
                            .formatted(place, candidate, pair.requestId()));
        }
        Map<String, List<JudgedPair>> bySegment =
                pairs.computeIfAbsent(fingerprint, made -> new TreeMap<>());
        add(bySegment, CalibrationMap.DEFAULT_SEGMENT, pair);
        for (String part = segment; part != null; part = parent(part)) {
            if (!part.equals(CalibrationMap.DEFAULT_SEGMENT)) {
                add(bySegment, part, pair);
            }
        }
    }

    private static void add(
            Map<String, List<JudgedPair>> bySegment, String segment, JudgedPair pair) {
        bySegment.computeIfAbsent(segment, name -> new ArrayList<>()).add(pair);
    }

    private static @Nullable String parent(String segment) {
        int slash = segment.lastIndexOf('/');
        return slash < 0 ? null : segment.substring(0, slash);
    }

    /** Pairs by fingerprint and segment. */
    public Map<String, Map<String, List<JudgedPair>>> byFingerprintAndSegment() {
        return pairs;
    }

    /** Candidates that nobody judged. */
    public int unjudged() {
        return unjudged;
    }

    private static String text(JsonNode line, String field, String place) {
        JsonNode value = line.path(field);
        if (!value.isTextual() || value.asText().isBlank()) {
            throw new UserMistakeException(
                    "%s: %s is missing; a text is needed.".formatted(place, field));
        }
        return value.asText();
    }

    private static double logit(JsonNode line, String place) {
        JsonNode value = line.path("logit");
        if (value.isNull()) {
            return Double.NaN;
        }
        if (!value.isNumber()) {
            throw new UserMistakeException(
                    place + ": logit is missing; a number is needed, or null where there is none.");
        }
        return value.asDouble();
    }

    private static double label(JsonNode line, String place) {
        JsonNode value = line.path("label");
        if (value.isBoolean()) {
            return value.asBoolean() ? 1 : 0;
        }
        if (!value.isNumber() || !(value.asDouble() >= 0 && value.asDouble() <= 1)) {
            throw new UserMistakeException(
                    "%s: label is %s; 0 to 1 is needed, or true or false."
                            .formatted(place, value.isMissingNode() ? "missing" : value));
        }
        return value.asDouble();
    }
}
