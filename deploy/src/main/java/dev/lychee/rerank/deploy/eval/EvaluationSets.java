package dev.lychee.rerank.deploy.eval;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.lychee.rerank.deploy.UserMistakeException;
import dev.lychee.rerank.deploy.files.JsonLines;
import dev.lychee.rerank.deploy.files.NumberedLines;
import dev.lychee.rerank.schemas.CandidateSet;
import dev.lychee.rerank.schemas.Json;
import dev.lychee.rerank.schemas.RerankedResult;
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
 * Judged candidate sets and the ways in which they are to be ranked. All ways go through one run of
 * the topology, so that the model is loaded once and each pair is scored once: a set's request id
 * carries the number of its variant meanwhile.
 */
public final class EvaluationSets {

    private static final char SEPARATOR = '#';
    private static final String THRESHOLD = "threshold.";

    private final List<ObjectNode> sets;
    private final Qrels qrels;
    private final Map<String, String> queryTypes = new HashMap<>();

    private EvaluationSets(List<ObjectNode> sets, Qrels qrels) {
        this.sets = sets;
        this.qrels = qrels;
        for (ObjectNode set : sets) {
            String type = set.path("context").path("query_type").asText("");
            if (!type.isEmpty()) {
                queryTypes.put(set.path("request_id").asText(), type);
            }
        }
    }

    /** Reads sets, one JSON object per line. */
    public static EvaluationSets read(Path file, Qrels qrels) throws IOException {
        List<ObjectNode> sets = new ArrayList<>();
        JsonLines.read(
                file,
                JsonNode.class,
                (place, line) -> {
                    if (!(line instanceof ObjectNode set)) {
                        throw new UserMistakeException(place + " is not a JSON object.");
                    }
                    if (!set.path("request_id").isTextual()) {
                        throw new UserMistakeException(
                                place + ": request_id is missing; a text is needed.");
                    }
                    sets.add(set);
                });
        if (sets.isEmpty()) {
            throw new UserMistakeException(
                    file + " is empty: it needs one candidate set per line.");
        }
        return new EvaluationSets(sets, qrels);
    }

    /** Takes sets. */
    public static EvaluationSets of(List<CandidateSet> sets, Qrels qrels) {
        return new EvaluationSets(
                sets.stream().map(set -> (ObjectNode) Json.mapper().valueToTree(set)).toList(),
                qrels);
    }

    /** The judgements. */
    public Qrels qrels() {
        return qrels;
    }

    /** Kind of each query by request id, where its set says one. */
    public Map<String, String> queryTypes() {
        return queryTypes;
    }

    /**
     * One way of ranking.
     *
     * @param name for people
     * @param profile the profile of all sets; null for their own, or the job's default
     * @param overrides what is set in each set's {@code overrides}, by dotted key
     */
    public record Variant(String name, @Nullable String profile, Map<String, JsonNode> overrides) {}

    /**
     * All combinations of profiles and swept values.
     *
     * @param sweeps as on the command line, {@code temperature=0.5,1}
     */
    public static List<Variant> variants(List<String> profiles, List<String> sweeps) {
        List<Variant> variants = new ArrayList<>();
        if (profiles.isEmpty()) {
            variants.add(new Variant("", null, Map.of()));
        }
        profiles.forEach(profile -> variants.add(new Variant(profile, profile, Map.of())));
        for (String sweep : sweeps) {
            int equals = sweep.indexOf('=');
            String key = equals < 0 ? sweep : sweep.substring(0, equals);
            if (equals < 0 || !(key.equals("temperature") || key.startsWith(THRESHOLD))) {
                throw new UserMistakeException(
                        "--sweep %s is not understood: temperature=0.5,1 or threshold.target=0.8,0.9, for example."
                                .formatted(sweep));
            }
            List<Variant> known = List.copyOf(variants);
            variants.clear();
            for (Variant variant : known) {
                for (String value : sweep.substring(equals + 1).split(",", -1)) {
                    Map<String, JsonNode> overrides = new HashMap<>(variant.overrides());
                    overrides.put(key, json(value.strip()));
                    variants.add(
                            new Variant(
                                    (variant.name() + " " + key + "=" + value.strip()).strip(),
                                    variant.profile(),
                                    overrides));
                }
            }
        }
        return variants.stream()
                .map(
                        each ->
                                each.name().isEmpty()
                                        ? new Variant("default profile", null, each.overrides())
                                        : each)
                .toList();
    }

    private static JsonNode json(String value) {
        try {
            return Json.mapper().getNodeFactory().numberNode(Double.parseDouble(value));
        } catch (NumberFormatException text) {
            return Json.mapper().getNodeFactory().textNode(value);
        }
    }

    /** Writes each set once per variant; returns the number of lines. */
    public long write(List<Variant> variants, Path file) throws IOException {
        try (BufferedWriter writer = Files.newBufferedWriter(file)) {
            for (int i = 0; i < variants.size(); i++) {
                for (ObjectNode set : sets) {
                    writer.write(with(set.deepCopy(), variants.get(i), i).toString());
                    writer.write('\n');
                }
            }
        }
        return (long) variants.size() * sets.size();
    }

    private static ObjectNode with(ObjectNode set, Variant variant, int number) {
        set.put("request_id", set.path("request_id").asText() + SEPARATOR + number);
        if (variant.profile() != null) {
            set.put("profile", variant.profile());
        }
        variant.overrides()
                .forEach(
                        (key, value) -> {
                            ObjectNode place = object(set, "overrides");
                            if (key.startsWith(THRESHOLD)) {
                                place = object(place, "threshold");
                            }
                            String name =
                                    key.startsWith(THRESHOLD)
                                            ? key.substring(THRESHOLD.length())
                                            : key;
                            boolean count = name.equals("min_keep") || name.equals("max_keep");
                            place.set(
                                    name,
                                    count && value.isNumber()
                                            ? Json.mapper()
                                                    .getNodeFactory()
                                                    .numberNode(value.asInt())
                                            : value);
                        });
        return set;
    }

    private static ObjectNode object(ObjectNode parent, String name) {
        return parent.get(name) instanceof ObjectNode child ? child : parent.putObject(name);
    }

    /** Reads the results of each variant, in the order of the input. */
    public static List<List<RerankedResult>> read(Path folder, int variants) throws IOException {
        List<List<RerankedResult>> results =
                Stream.<List<RerankedResult>>generate(ArrayList::new).limit(variants).toList();
        try (NumberedLines lines = NumberedLines.index(folder)) {
            for (int number = 0; number <= lines.maxNumber(); number++) {
                if (lines.contains(number)) {
                    ObjectNode result = (ObjectNode) Json.mapper().readTree(lines.content(number));
                    String numbered = result.path("request_id").asText();
                    int separator = numbered.lastIndexOf(SEPARATOR);
                    int variant = Integer.parseInt(numbered.substring(separator + 1));
                    result.put("request_id", numbered.substring(0, separator));
                    results.get(variant)
                            .add(Json.mapper().treeToValue(result, RerankedResult.class));
                }
            }
        }
        return results;
    }
}
