package dev.lychee.rerank.deploy.explain;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.lychee.rerank.deploy.UserMistakeException;
import dev.lychee.rerank.deploy.explain.ExplainReport.Pair;
import dev.lychee.rerank.deploy.explain.ExplainReport.Part;
import dev.lychee.rerank.deploy.explain.ExplainReport.Text;
import dev.lychee.rerank.deploy.explain.ExplainReport.Word;
import dev.lychee.rerank.deploy.explain.Words.Span;
import dev.lychee.rerank.deploy.files.NumberedLines;
import dev.lychee.rerank.operators.text.DocumentBuilder;
import dev.lychee.rerank.schemas.Candidate;
import dev.lychee.rerank.schemas.CandidateSet;
import dev.lychee.rerank.schemas.Json;
import dev.lychee.rerank.schemas.RerankedResult;
import dev.lychee.rerank.schemas.ResultItem;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A candidate set, and beside it the sets that tell what each word and part is worth: the same pair
 * with one of them left out. All go through one run of the topology, so that what is explained is
 * what the job does.
 *
 * <p>All variants of a document are one set, hence one submission to the scorer as far as a task's
 * token budget allows. Each variant of the query is a set of its own with the explained candidates;
 * the scorer's batches mix them.
 */
public final class LeaveOneOut {

    private static final String PREFIX = "lychee-explain/";
    private static final String QUERY = PREFIX + "query-";
    private static final String DOCUMENT = PREFIX + "document-";

    /** A set of more would be refused by the job's default limits, or be too large a line. */
    private static final int VARIANTS_PER_SET = 200;

    private static final int MAX_SELLING_POINTS = 3;

    private final List<CandidateSet> shards;
    private final List<Candidate> explained;
    private final int maxWords;

    /**
     * Explains candidates of a set.
     *
     * @param shards the set; several for a request in parts
     * @param ids the candidates, at least one
     * @param maxWords most words of a text that are left out
     * @throws UserMistakeException if the set has no such candidate
     */
    public LeaveOneOut(List<CandidateSet> shards, List<String> ids, int maxWords) {
        this.shards = List.copyOf(shards);
        this.explained = ids.stream().map(this::candidate).toList();
        this.maxWords = maxWords;
    }

    private Candidate candidate(String id) {
        return candidates()
                .filter(candidate -> candidate.id().equals(id))
                .findFirst()
                .orElseThrow(
                        () ->
                                new UserMistakeException(
                                        "Request %s has no candidate %s; it has %s."
                                                .formatted(
                                                        shards.get(0).requestId(),
                                                        id,
                                                        some(candidates()))));
    }

    private Stream<Candidate> candidates() {
        return shards.stream().flatMap(shard -> shard.candidates().stream());
    }

    /** The first few ids, for sentences. */
    static String some(Stream<Candidate> candidates) {
        List<String> ids = candidates.map(Candidate::id).limit(6).toList();
        return String.join(", ", ids.subList(0, Math.min(5, ids.size())))
                + (ids.size() > 5 ? " and more" : "");
    }

    /** A part of a built document, and the document without it. */
    private record PartLeftOut(String part, String text, String rest) {}

    /** Writes the set and all variants, one per line; returns the number of lines. */
    public long write(Path file) throws IOException {
        try (BufferedWriter writer = Files.newBufferedWriter(file)) {
            List<ObjectNode> sets = new ArrayList<>();
            for (CandidateSet shard : shards) {
                ObjectNode set = Json.mapper().valueToTree(shard);
                overrides(set).put("explain", true);
                sets.add(set);
            }
            queryVariants(sets);
            for (int i = 0; i < explained.size(); i++) {
                documentVariants(sets, i);
            }
            for (ObjectNode set : sets) {
                writer.write(set.toString());
                writer.write('\n');
            }
            return sets.size();
        }
    }

    private static ObjectNode overrides(ObjectNode set) {
        return set.get("overrides") instanceof ObjectNode found
                ? found
                : set.putObject("overrides");
    }

    private void queryVariants(List<ObjectNode> sets) {
        List<Span> words = tried(query());
        for (int i = 0; i < words.size(); i++) {
            String rest = Words.without(query(), words.get(i));
            if (!rest.isBlank()) {
                ObjectNode set = variantSet(QUERY + i);
                ((ObjectNode) set.get("query")).put("text", rest);
                ArrayNode candidates = set.putArray("candidates");
                explained.forEach(
                        each -> candidates.add(Json.mapper().<JsonNode>valueToTree(each)));
                sets.add(set);
            }
        }
    }

    private void documentVariants(List<ObjectNode> sets, int index) {
        Candidate candidate = explained.get(index);
        String document = DocumentBuilder.DEFAULT.document(candidate);
        List<ObjectNode> variants = new ArrayList<>();
        List<Span> words = tried(document);
        for (int i = 0; i < words.size(); i++) {
            add(variants, candidate, wordId(index, i), Words.without(document, words.get(i)));
        }
        List<PartLeftOut> parts = parts(candidate);
        for (int i = 0; i < parts.size(); i++) {
            add(variants, candidate, partId(index, i), parts.get(i).rest());
        }
        for (int from = 0; from < variants.size(); from += VARIANTS_PER_SET) {
            ObjectNode set = variantSet(DOCUMENT + index + "-" + from);
            set.putArray("candidates")
                    .addAll(
                            variants.subList(
                                    from, Math.min(variants.size(), from + VARIANTS_PER_SET)));
            sets.add(set);
        }
    }

    private static String wordId(int document, int word) {
        return DOCUMENT + document + "/word-" + word;
    }

    private static String partId(int document, int part) {
        return DOCUMENT + document + "/part-" + part;
    }

    private static void add(
            List<ObjectNode> variants, Candidate candidate, String id, String text) {
        if (!text.isBlank()) {
            variants.add(
                    Json.mapper()
                            .<ObjectNode>valueToTree(candidate)
                            .put("id", id)
                            .put("text", text));
        }
    }

    /** The request, whole and without candidates, under another id. */
    private ObjectNode variantSet(String id) {
        ObjectNode set = Json.mapper().valueToTree(shards.get(0));
        set.put("request_id", id);
        set.remove("shard");
        // The arm of an experiment is drawn by user, else session, else request: keep it.
        ObjectNode context = (ObjectNode) set.get("context");
        if (!context.hasNonNull("user_id") && !context.hasNonNull("session_id")) {
            context.put("session_id", shards.get(0).requestId());
        }
        return set;
    }

    private String query() {
        String text = shards.get(0).query().text();
        return text == null ? "" : text;
    }

    private List<Span> tried(String text) {
        List<Span> words = Words.of(text);
        return words.subList(0, Math.min(maxWords, words.size()));
    }

    private static List<PartLeftOut> parts(Candidate candidate) {
        List<PartLeftOut> parts = new ArrayList<>();
        String own = candidate.text();
        if (own != null && !own.isBlank()) {
            return parts;
        }
        String title = candidate.title();
        List<String> points = candidate.sellingPoints().stream().limit(MAX_SELLING_POINTS).toList();
        String description = points.isEmpty() ? candidate.description() : null;
        if (title != null) {
            parts.add(new PartLeftOut("title", title, document(null, points, description)));
        }
        for (int i = 0; i < points.size(); i++) {
            List<String> others = new ArrayList<>(points);
            others.remove(i);
            parts.add(
                    new PartLeftOut(
                            "selling_points[" + i + "]",
                            points.get(i),
                            document(title, others, null)));
        }
        if (description != null && !description.isBlank()) {
            parts.add(
                    new PartLeftOut("description", description, document(title, List.of(), null)));
        }
        return parts;
    }

    private static String document(
            @Nullable String title, List<String> points, @Nullable String description) {
        return DocumentBuilder.DEFAULT.document(
                new Candidate(
                        "",
                        null,
                        title,
                        description,
                        points,
                        null,
                        null,
                        null,
                        List.of(),
                        null,
                        Map.of()));
    }

    /**
     * Reads what the job answered.
     *
     * @param folder its results
     * @return null when the set itself was refused
     */
    public @Nullable ExplainReport read(Path folder) throws IOException {
        RerankedResult whole = null;
        Map<String, Double> logits = new HashMap<>();
        try (NumberedLines lines = NumberedLines.index(folder)) {
            for (int number = 0; number <= lines.maxNumber(); number++) {
                if (!lines.contains(number)) {
                    continue;
                }
                RerankedResult result =
                        Json.mapper().readValue(lines.content(number), RerankedResult.class);
                if (!result.requestId().startsWith(PREFIX)) {
                    whole = result;
                }
                for (ResultItem item : items(result)) {
                    boolean variant = result.requestId().startsWith(DOCUMENT);
                    logits.put(
                            variant ? item.id() : key(result.requestId(), item.id()), item.logit());
                }
            }
        }
        if (whole == null) {
            return null;
        }
        List<Pair> pairs = new ArrayList<>();
        for (int i = 0; i < explained.size(); i++) {
            pairs.add(pair(i, logits));
        }
        return new ExplainReport(ExplainReport.SCHEMA, whole, pairs);
    }

    private static List<ResultItem> items(RerankedResult result) {
        return Stream.concat(result.results().stream(), result.dropped().stream()).toList();
    }

    private static String key(String request, String candidate) {
        return request + '\n' + candidate;
    }

    private Pair pair(int index, Map<String, Double> logits) {
        Candidate candidate = explained.get(index);
        String document = DocumentBuilder.DEFAULT.document(candidate);
        Double logit = logits.get(key(shards.get(0).requestId(), candidate.id()));
        List<Word> queryWords = new ArrayList<>();
        List<Span> spans = tried(query());
        for (int i = 0; i < spans.size(); i++) {
            Double without = logits.get(key(QUERY + i, candidate.id()));
            queryWords.add(word(query(), spans.get(i), logit, without));
        }
        List<Word> documentWords = new ArrayList<>();
        spans = tried(document);
        for (int i = 0; i < spans.size(); i++) {
            Double without = logits.get(wordId(index, i));
            documentWords.add(word(document, spans.get(i), logit, without));
        }
        List<Part> parts = new ArrayList<>();
        for (PartLeftOut left : parts(candidate)) {
            Double without = logits.get(partId(index, parts.size()));
            parts.add(new Part(left.part(), left.text(), without, effect(logit, without)));
        }
        return new Pair(
                candidate.id(),
                logit,
                new Text(query(), queryWords, Words.of(query()).size() - queryWords.size()),
                new Text(document, documentWords, Words.of(document).size() - documentWords.size()),
                parts);
    }

    private static Word word(
            String text, Span span, @Nullable Double logit, @Nullable Double without) {
        return new Word(span.of(text), span.start(), span.end(), without, effect(logit, without));
    }

    private static @Nullable Double effect(@Nullable Double logit, @Nullable Double without) {
        return logit == null || without == null ? null : (Double) (logit - without);
    }
}
