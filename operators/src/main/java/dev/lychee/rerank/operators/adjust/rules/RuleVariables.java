package dev.lychee.rerank.operators.adjust.rules;

import dev.cel.common.types.CelType;
import dev.cel.common.types.MapType;
import dev.cel.common.types.SimpleType;
import dev.cel.compiler.CelCompilerBuilder;
import dev.cel.runtime.CelVariableResolver;
import dev.lychee.rerank.schemas.Candidate;
import dev.lychee.rerank.schemas.FieldValue;
import dev.lychee.rerank.schemas.SetContext;
import java.time.Instant;
import java.util.AbstractMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The names that a rule's expressions know, and their values for one document at a time. Not
 * thread-safe.
 */
final class RuleVariables implements CelVariableResolver {

    /** Longest text that a rule sees, so that no document makes a rule slow. */
    static final int MAX_TEXT = 4_096;

    private static final CelType TEXTS = MapType.create(SimpleType.STRING, SimpleType.STRING);
    private static final CelType VALUES = MapType.create(SimpleType.STRING, SimpleType.DYN);

    /** Values that only scored documents have. */
    static final Set<String> OF_SCORED = Set.of("score", "calibrated");

    /** What {@code doc} and {@code ctx} have; {@code fields} has whatever a candidate brings. */
    static final Map<String, List<String>> MEMBERS =
            Map.of(
                    "doc",
                    List.of(
                            "id",
                            "text",
                            "title",
                            "description",
                            "selling_points",
                            "category",
                            "url",
                            "retrieval_score",
                            "retrieval_rank"),
                    "ctx",
                    List.of(
                            "user_id",
                            "session_id",
                            "user_segment",
                            "locale",
                            "query_type",
                            "price_intent"));

    private final RuleInput input;
    private final RuleScores scores;
    private final Optional<Object> query;
    private final Optional<Object> context;
    private final Optional<Object> now;
    private int index = -1;
    private @Nullable Map<String, Object> document;
    private @Nullable Map<String, Object> fields;

    RuleVariables(RuleInput input, RuleScores scores) {
        this.input = input;
        this.scores = scores;
        this.query = Optional.of(shortened(input.query()));
        this.context = Optional.of(context(input.context()));
        this.now = Optional.of(Instant.ofEpochMilli(input.nowMillis()));
    }

    static void declare(CelCompilerBuilder compiler) {
        compiler.addVar("query", SimpleType.STRING)
                .addVar("doc", VALUES)
                .addVar("fields", VALUES)
                .addVar("ctx", TEXTS)
                .addVar("now", SimpleType.TIMESTAMP)
                .addVar("score", SimpleType.DOUBLE)
                .addVar("calibrated", SimpleType.DOUBLE);
    }

    /** Goes to a document. */
    void moveTo(int candidate) {
        if (candidate != index) {
            index = candidate;
            document = null;
            fields = null;
        }
    }

    @Override
    public Optional<Object> find(String name) {
        return switch (name) {
            case "query" -> query;
            case "ctx" -> context;
            case "now" -> now;
            case "doc" -> Optional.of(document());
            case "fields" -> Optional.of(fields());
            case "score" -> ofScored(scores.score());
            case "calibrated" -> ofScored(input.calibrated());
            default -> Optional.empty();
        };
    }

    private Optional<Object> ofScored(double[] column) {
        return input.scored()[index] ? Optional.of(column[index]) : Optional.empty();
    }

    private Map<String, Object> document() {
        if (document == null) {
            Candidate candidate = input.candidates().get(index);
            Map<String, Object> values = new HashMap<>(24);
            values.put("id", candidate.id());
            values.put("text", shortened(candidate.text()));
            values.put("title", shortened(candidate.title()));
            values.put("description", shortened(candidate.description()));
            values.put("selling_points", candidate.sellingPoints());
            values.put("category", shortened(candidate.category()));
            values.put("url", shortened(candidate.url()));
            values.put("retrieval_rank", (long) input.retrievalRank()[index]);
            Double retrievalScore = candidate.retrievalScore();
            if (retrievalScore != null) {
                values.put("retrieval_score", retrievalScore);
            }
            document = values;
        }
        return document;
    }

    private Map<String, Object> fields() {
        if (fields == null) {
            fields = new Fields(input.candidates().get(index).fields());
        }
        return fields;
    }

    private static Map<String, Object> context(SetContext context) {
        Map<String, Object> values = new HashMap<>();
        values.put("user_id", shortened(context.userId()));
        values.put("session_id", shortened(context.sessionId()));
        values.put("user_segment", shortened(context.userSegment()));
        values.put("locale", shortened(context.locale()));
        values.put("query_type", shortened(context.queryType()));
        values.put("price_intent", shortened(context.priceIntent()));
        return values;
    }

    private static String shortened(@Nullable String text) {
        if (text == null) {
            return "";
        }
        return text.length() <= MAX_TEXT ? text : text.substring(0, MAX_TEXT);
    }

    /** A candidate's fields as the plain values that CEL knows, made when they are asked for. */
    private static final class Fields extends AbstractMap<String, Object> {

        private final Map<String, FieldValue> fields;

        Fields(Map<String, FieldValue> fields) {
            this.fields = fields;
        }

        @Override
        public @Nullable Object get(@Nullable Object name) {
            FieldValue value = fields.get(name);
            return value == null ? null : plain(value);
        }

        @Override
        public boolean containsKey(@Nullable Object name) {
            return fields.containsKey(name);
        }

        @Override
        public int size() {
            return fields.size();
        }

        @Override
        public Set<Entry<String, Object>> entrySet() {
            Set<Entry<String, Object>> entries = new HashSet<>();
            fields.forEach((name, value) -> entries.add(Map.entry(name, plain(value))));
            return entries;
        }

        private static Object plain(FieldValue value) {
            return switch (value.kind()) {
                case NUMBER -> value.number();
                case TEXT -> shortened(value.text());
                case BOOLEAN -> value.flag();
                case NUMBER_LIST -> value.numbers();
                case TEXT_LIST -> value.texts();
            };
        }
    }
}
