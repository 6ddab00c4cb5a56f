package dev.lychee.rerank.schemas;

import java.util.List;
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
 */
public record Profile(
        String name,
        @Nullable String instruction,
        double temperature,
        Normalize normalize,
        Calibrate calibrate,
        Adjust adjust,
        ThresholdSpec threshold,
        Rank rank) {

    public static final List<String> NORMALIZE_STRATEGIES =
            List.of("none", "min-max", "z-score", "robust", "rank");
    public static final List<String> CALIBRATE_STRATEGIES = List.of("identity", "map");
    public static final List<String> ADJUST_BASES = List.of("normalized", "calibrated");
    public static final List<String> TIES = List.of("logit", "keep-input-order");

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
     * Makes the final score.
     *
     * @param base the field that {@code score} starts from, {@code normalized} or {@code
     *     calibrated}
     */
    public record Adjust(String base) {}

    /**
     * Orders and shows the set.
     *
     * @param topN at most so many results; null for all
     * @param ties {@code logit} orders near-equal candidates by logit; {@code keep-input-order} as
     *     the retriever did
     * @param scale upper end of what is shown to people, 1 or 10
     */
    public record Rank(@Nullable Integer topN, String ties, double scale) {}

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
        Checks.oneOf(
                Checks.required(Checks.required(adjust, "adjust").base(), "adjust.base"),
                ADJUST_BASES,
                "adjust.base");
        ThresholdSpec cut = Checks.required(threshold, "threshold");
        Checks.required(cut.strategy(), "threshold.strategy");
        Checks.threshold(cut, "threshold");
        Rank order = Checks.required(rank, "rank");
        Checks.range(order.topN(), 1, Integer.MAX_VALUE, "rank.top_n");
        Checks.oneOf(Checks.required(order.ties(), "rank.ties"), TIES, "rank.ties");
        if (order.scale() != 1 && order.scale() != 10) {
            throw Checks.invalid("rank.scale", order.scale(), "1 or 10");
        }
    }
}
