package dev.lychee.rerank.schemas;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.annotation.JsonDeserialize;
import com.fasterxml.jackson.databind.annotation.JsonSerialize;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What each post-processing step does with a set. Profiles come from the presets and {@code
 * profiles.yaml}, already merged with what they extend.
 *
 * @param name name of the profile
 * @param instruction what the model is asked to judge; null for the model package's own
 * @param temperature divides the logit before the sigmoid, on top of the model package's own
 * @param normalize how scores are made comparable inside the set
 * @param calibrate how logits become probabilities that hold across queries
 * @param adjust what the final score is made of
 * @param threshold where the set is cut
 * @param rank how the set is ordered and shown
 * @param text how query and documents become what the model reads; null for {@link Text#DEFAULTS},
 *     which {@link #texts} gives
 * @param aspects what the model is asked instead of {@code instruction}, one question after the
 *     other, by name; empty for that one question
 * @param models weights of the models that are asked, by name of their package; empty for the job's
 *     first
 */
public record Profile(
        String name,
        @Nullable String instruction,
        double temperature,
        Normalize normalize,
        Calibrate calibrate,
        Adjust adjust,
        ThresholdSpec threshold,
        Rank rank,
        // What a profile does not use must not change its hash.
        @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Text text,
        @JsonInclude(JsonInclude.Include.NON_EMPTY) Map<String, Aspect> aspects,
        @JsonInclude(JsonInclude.Include.NON_EMPTY) Map<String, Double> models) {

    public static final List<String> NORMALIZE_STRATEGIES =
            List.of("none", "min-max", "z-score", "robust", "rank");
    public static final List<String> CALIBRATE_STRATEGIES = List.of("identity", "map");
    public static final List<String> ADJUST_BASES = List.of("normalized", "calibrated");

    /** Names of the business signals, in the order in which results list them. */
    public static final List<String> SIGNALS =
            List.of(
                    "semantic_relevance",
                    "image_quality",
                    "rating",
                    "inventory",
                    "price_affinity",
                    "promotion",
                    "recency");

    private static final int MAX_SEPARATOR = 16;

    /** Each pair is asked each of them, of each model. */
    public static final int MAX_ASPECTS = 10;

    /** Each rule is evaluated for each document. */
    public static final int MAX_RULES = 50;

    /** What a document can be built of. */
    public static final List<String> DOCUMENT_PARTS =
            List.of("title", "selling_points", "description", "category", "text");

    public static final List<String> TIES = List.of("logit", "keep-input-order");

    public Profile {
        text = Text.DEFAULTS.equals(text) ? null : text;
        aspects = sorted(aspects);
        models = sorted(models);
    }

    /** In an order that no spelling changes; empty in state of earlier versions. */
    private static <T> SortedMap<String, T> sorted(@Nullable Map<String, T> byName) {
        return Collections.unmodifiableSortedMap(
                new TreeMap<>(Objects.requireNonNullElse(byName, Map.of())));
    }

    /**
     * One of several questions about each pair.
     *
     * @param instruction a question that yes or no answers
     * @param weight above 0; weights need not add up to one
     */
    public record Aspect(String instruction, Double weight) {}

    /**
     * Makes scores comparable inside the set.
     *
     * @param on the field that is read, {@code logit} or {@code probability}
     * @param strategy {@code none}, {@code min-max}, {@code z-score}, {@code robust} or {@code
     *     rank}
     */
    public record Normalize(String on, String strategy) {}

    /**
     * Makes logits probabilities that hold across queries.
     *
     * @param strategy {@code map} uses the fitted map where there is one; {@code identity} never
     */
    public record Calibrate(String strategy) {}

    /**
     * Makes the final score: the base, mixed with business signals, given to own steps and then to
     * rules. What a profile of an earlier version does not say is null, empty or off.
     *
     * @param base the field that {@code score} starts from, {@code normalized} or {@code
     *     calibrated}
     * @param signals what the base is mixed with; null for nothing
     * @param inStockFirst whether candidates that are sold out come after all others
     * @param priceRange lowest and highest price; empty for any price
     * @param steps names of own steps, in the order in which they act
     * @param rules in the order in which they act
     */
    // What a profile does not use must not change its hash.
    @JsonInclude(JsonInclude.Include.NON_EMPTY)
    public record Adjust(
            String base,
            @Nullable Signals signals,
            @Nullable Boolean inStockFirst,
            List<Double> priceRange,
            List<String> steps,
            @JsonSerialize(using = RulesJson.Serializer.class)
                    @JsonDeserialize(using = RulesJson.Deserializer.class)
                    List<Rule> rules) {

        public Adjust {
            priceRange = Objects.requireNonNullElse(priceRange, List.of());
            steps = Objects.requireNonNullElse(steps, List.of());
            rules = Objects.requireNonNullElse(rules, List.of());
        }
    }

    /**
     * Business signals: values of 0..1 that are made of a candidate's fields and averaged. What a
     * profile does not say has the value of {@link #DEFAULTS}.
     *
     * @param weights weight of each of {@link Profile#SIGNALS}, 0 or more; they need not add up to
     *     one; empty for relevance alone
     * @param maxRating the best rating, for candidates that do not say
     * @param recencyDays age in days at which recency reaches 0
     * @param priceBands which prices suit which intent
     * @param intentWords words of a query that tell its price intent
     */
    public record Signals(
            Map<String, Double> weights,
            Double maxRating,
            Double recencyDays,
            PriceBands priceBands,
            IntentWords intentWords) {

        /** No weights, ratings up to 5, new for a year. */
        public static final Signals DEFAULTS =
                new Signals(Map.of(), 5.0, 365.0, PriceBands.DEFAULTS, IntentWords.DEFAULTS);

        public Signals {
            weights = Objects.requireNonNullElse(weights, Map.of());
            maxRating = Objects.requireNonNullElse(maxRating, 5.0);
            recencyDays = Objects.requireNonNullElse(recencyDays, 365.0);
            priceBands = Objects.requireNonNullElse(priceBands, PriceBands.DEFAULTS);
            intentWords = Objects.requireNonNullElse(intentWords, IntentWords.DEFAULTS);
        }

        public Signals withWeights(Map<String, Double> other) {
            return new Signals(other, maxRating, recencyDays, priceBands, intentWords);
        }
    }

    /** The band of each price intent. */
    public record PriceBands(PriceBand low, PriceBand medium, PriceBand high) {

        /** Those of preset {@code ecommerce}. */
        public static final PriceBands DEFAULTS =
                new PriceBands(
                        new PriceBand(null, 100.0, null, 300.0, 0.7, 0.3),
                        new PriceBand(100.0, 500.0, 50.0, 1_000.0, 0.7, 0.4),
                        new PriceBand(1_000.0, null, 500.0, null, 0.7, 0.3));
    }

    /**
     * What a price is worth to someone with one price intent. Bounds belong to the band; an absent
     * one leaves that side open.
     *
     * @param idealFrom lowest price that is worth 1
     * @param idealTo highest price that is worth 1
     * @param fairFrom lowest price that is worth {@code fair}
     * @param fairTo highest price that is worth {@code fair}
     * @param fair 0..1
     * @param otherwise what all other prices are worth, 0..1
     */
    public record PriceBand(
            @Nullable Double idealFrom,
            @Nullable Double idealTo,
            @Nullable Double fairFrom,
            @Nullable Double fairTo,
            double fair,
            double otherwise) {}

    /**
     * Words that tell a price intent. Words of Latin letters count as whole words in any case,
     * others wherever they stand.
     */
    public record IntentWords(List<String> low, List<String> high) {

        /** Those of preset {@code ecommerce}. */
        public static final IntentWords DEFAULTS =
                new IntentWords(
                        List.of("便宜", "平价", "性价比", "低价", "cheap", "affordable", "budget"),
                        List.of("高端", "奢侈", "豪华", "设计师", "premium", "luxury", "designer"));

        public IntentWords {
            low = Objects.requireNonNullElse(low, List.of());
            high = Objects.requireNonNullElse(high, List.of());
        }
    }

    /**
     * A condition and what it does to a document. Expressions are CEL. Of several effects all act,
     * in the order of the parameters.
     *
     * @param name identity inside the profile
     * @param when gives true or false; absent for every document
     * @param set gives the new score
     * @param multiply gives a factor
     * @param add gives what is added
     * @param cap gives the highest score; documents that reach it stay in the order they had
     * @param pin puts the document before all others
     * @param bury puts the document after all others
     * @param drop takes the document out of the results
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Rule(
            @JsonIgnore String name,
            @Nullable String when,
            @Nullable String set,
            @Nullable String multiply,
            @Nullable String add,
            @Nullable String cap,
            @Nullable Boolean pin,
            @Nullable Boolean bury,
            @Nullable Boolean drop) {

        Rule withName(String other) {
            return new Rule(other, when, set, multiply, add, cap, pin, bury, drop);
        }

        /** Whether the rule places documents, whatever their score: pin, bury or drop. */
        boolean places() {
            return Boolean.TRUE.equals(pin)
                    || Boolean.TRUE.equals(bury)
                    || Boolean.TRUE.equals(drop);
        }
    }

    /**
     * Makes what the model reads. What a profile does not say has the value of {@link #DEFAULTS}.
     *
     * @param cleanQuery whether the query is cleaned
     * @param document how a candidate becomes a text
     */
    public record Text(Boolean cleanQuery, Document document) {

        /** Queries as they come. */
        public static final Text DEFAULTS = new Text(false, Document.DEFAULTS);

        public Text {
            cleanQuery = Objects.requireNonNullElse(cleanQuery, false);
            document = Objects.requireNonNullElse(document, Document.DEFAULTS);
        }
    }

    /**
     * Builds the text of a candidate. What a profile does not say has the value of {@link
     * #DEFAULTS}.
     *
     * @param parts names of {@link Profile#DOCUMENT_PARTS} in order; of several with {@code or}
     *     between them the first one that the candidate has. A candidate's own text is taken alone
     *     and uncut unless {@code text} is among them.
     * @param separator stands between parts
     * @param maxSellingPoints at most so many selling points
     * @param maxCharacters longest text, in chars
     * @param maxTokens longest text in estimated tokens; null for no such bound
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Document(
            List<String> parts,
            String separator,
            Integer maxSellingPoints,
            Integer maxCharacters,
            @Nullable Integer maxTokens) {

        /** Title, then up to three selling points or else the description. */
        public static final Document DEFAULTS =
                new Document(
                        List.of("title", "selling_points or description"), " | ", 3, 512, null);

        public Document {
            parts =
                    Objects.requireNonNullElse(
                            parts, List.of("title", "selling_points or description"));
            separator = Objects.requireNonNullElse(separator, " | ");
            maxSellingPoints = Objects.requireNonNullElse(maxSellingPoints, 3);
            maxCharacters = Objects.requireNonNullElse(maxCharacters, 512);
        }

        /** The parts, each as the names of which the first one counts that a candidate has. */
        public List<List<String>> alternatives() {
            return parts.stream().map(part -> List.of(part.split(" or "))).toList();
        }
    }

    /**
     * Orders and shows the set.
     *
     * @param topN at most so many results; null for all
     * @param ties {@code logit} orders near-equal candidates by logit; {@code keep-input-order} as
     *     the retriever did
     * @param scale upper end of what is shown to people, 1 or 10
     */
    public record Rank(@Nullable Integer topN, String ties, double scale) {}

    /** How query and documents become what the model reads. */
    public Text texts() {
        return text == null ? Text.DEFAULTS : text;
    }

    /** How many questions each pair is asked, of all models together. */
    public int questionsPerPair() {
        return Math.max(1, aspects.size()) * Math.max(1, models.size());
    }

    /**
     * Checks that every part is there and in range.
     *
     * @throws InvalidMessageException naming the part, its value and what was expected
     */
    public void validate() throws InvalidMessageException {
        Checks.id(name, "name");
        Checks.temperature(temperature, "temperature");
        Normalize norm = Checks.required(normalize, "normalize");
        Checks.oneOf(
                Checks.required(norm.on(), "normalize.on"),
                List.of("logit", "probability"),
                "normalize.on");
        Checks.oneOf(
                Checks.required(norm.strategy(), "normalize.strategy"),
                NORMALIZE_STRATEGIES,
                "normalize.strategy");
        Checks.oneOf(
                Checks.required(
                        Checks.required(calibrate, "calibrate").strategy(), "calibrate.strategy"),
                CALIBRATE_STRATEGIES,
                "calibrate.strategy");
        validateAdjust(Checks.required(adjust, "adjust"));
        ThresholdSpec cut = Checks.required(threshold, "threshold");
        Checks.required(cut.strategy(), "threshold.strategy");
        Checks.threshold(cut, "threshold");
        Rank order = Checks.required(rank, "rank");
        Checks.range(order.topN(), 1, Integer.MAX_VALUE, "rank.top_n");
        Checks.oneOf(Checks.required(order.ties(), "rank.ties"), TIES, "rank.ties");
        if (order.scale() != 1 && order.scale() != 10) {
            throw Checks.invalid("rank.scale", order.scale(), "1 or 10");
        }
        validateDocument(texts().document(), "text.document");
        validateQuestions();
    }

    private static void validateDocument(Document document, String path)
            throws InvalidMessageException {
        if (document.parts().isEmpty()) {
            throw new InvalidMessageException(
                    Reason.MISSING_FIELD,
                    path + ".parts: is empty; name some of " + String.join(", ", DOCUMENT_PARTS));
        }
        for (List<String> names : document.alternatives()) {
            for (String name : names) {
                Checks.oneOf(name, DOCUMENT_PARTS, path + ".parts");
            }
        }
        if (document.separator().length() > MAX_SEPARATOR) {
            throw Checks.invalid(
                    path + ".separator",
                    document.separator(),
                    "at most " + MAX_SEPARATOR + " characters");
        }
        Checks.range(document.maxSellingPoints(), 1, 1_000, path + ".max_selling_points");
        Checks.range(document.maxCharacters(), 1, 1_000_000, path + ".max_characters");
        Checks.range(document.maxTokens(), 1, 1_000_000, path + ".max_tokens");
    }

    private void validateQuestions() throws InvalidMessageException {
        if (aspects.size() > MAX_ASPECTS) {
            throw Checks.invalid("aspects", aspects.size() + " aspects", "at most " + MAX_ASPECTS);
        }
        for (Map.Entry<String, Aspect> each : aspects.entrySet()) {
            Checks.id(each.getKey(), "aspects");
            String path = "aspects." + each.getKey();
            Aspect aspect = Checks.required(each.getValue(), path);
            Checks.required(aspect.instruction(), path + ".instruction");
            Checks.weight(aspect.weight(), path + ".weight");
        }
        for (Map.Entry<String, Double> each : models.entrySet()) {
            Checks.id(each.getKey(), "models");
            Checks.weight(each.getValue(), "models." + each.getKey());
        }
    }

    private static void validateAdjust(Adjust adjust) throws InvalidMessageException {
        Checks.oneOf(Checks.required(adjust.base(), "adjust.base"), ADJUST_BASES, "adjust.base");
        Checks.priceRange(adjust.priceRange(), "adjust.price_range");
        if (adjust.signals() != null) {
            validateSignals(adjust.signals());
        }
        for (String step : adjust.steps()) {
            Checks.id(step, "adjust.steps");
        }
        if (adjust.rules().size() > MAX_RULES) {
            throw Checks.invalid(
                    "adjust.rules", adjust.rules().size() + " rules", "at most " + MAX_RULES);
        }
        for (Rule rule : adjust.rules()) {
            validateRule(rule, "adjust.rules." + rule.name());
        }
    }

    private static void validateSignals(Signals signals) throws InvalidMessageException {
        Checks.weights(signals.weights(), "adjust.signals.weights");
        if (!signals.weights().isEmpty()
                && signals.weights().values().stream().noneMatch(weight -> weight > 0)) {
            throw Checks.invalid(
                    "adjust.signals.weights", signals.weights(), "at least one weight above 0");
        }
        Checks.positive(signals.maxRating(), "adjust.signals.max_rating");
        Checks.positive(signals.recencyDays(), "adjust.signals.recency_days");
        String bands = "adjust.signals.price_bands";
        PriceBands prices = Checks.required(signals.priceBands(), bands);
        validateBand(prices.low(), bands + ".low");
        validateBand(prices.medium(), bands + ".medium");
        validateBand(prices.high(), bands + ".high");
        Checks.required(signals.intentWords(), "adjust.signals.intent_words");
    }

    private static void validateBand(@Nullable PriceBand found, String path)
            throws InvalidMessageException {
        PriceBand band = Checks.required(found, path);
        Checks.range(band.fair(), 0, 1, path + ".fair");
        Checks.range(band.otherwise(), 0, 1, path + ".otherwise");
    }

    private static void validateRule(Rule rule, String path) throws InvalidMessageException {
        Checks.id(rule.name(), path);
        boolean scores =
                rule.set() != null
                        || rule.multiply() != null
                        || rule.add() != null
                        || rule.cap() != null;
        if (!scores && !rule.places()) {
            throw new InvalidMessageException(
                    Reason.MISSING_FIELD,
                    path
                            + ": does nothing; give it one of set, multiply, add, cap, pin, bury"
                            + " and drop");
        }
        int places = 0;
        for (Boolean place : Arrays.asList(rule.pin(), rule.bury(), rule.drop())) {
            places += Boolean.TRUE.equals(place) ? 1 : 0;
        }
        if (places > 1) {
            throw new InvalidMessageException(
                    Reason.INVALID_FIELD, path + ": only one of pin, bury and drop can be true");
        }
    }
}
