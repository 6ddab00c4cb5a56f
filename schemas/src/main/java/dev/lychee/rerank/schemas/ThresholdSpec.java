package dev.lychee.rerank.schemas;

import org.jspecify.annotations.Nullable;

/**
 * How a set is cut. Parameters that a strategy does not use are ignored by it; absent ones take the
 * strategy's default.
 *
 * @param strategy {@code none}, {@code fixed}, {@code percentile}, {@code gap} or {@code otsu}
 * @param on the field that is compared, {@code score} or {@code calibrated}; by default {@code
 *     calibrated} for {@code fixed} and {@code score} for the others
 * @param value {@code fixed}: kept from this value on, 0..1
 * @param share {@code percentile}: share of the set that is kept, 0..1
 * @param minGap {@code gap}: the smallest gap that counts, 0..1
 * @param minSeparation {@code otsu}: share of the variance that two classes must explain, 0..1
 * @param minKeep at least so many candidates are kept
 * @param maxKeep at most so many candidates are kept
 */
public record ThresholdSpec(
        @Nullable String strategy,
        @Nullable String on,
        @Nullable Double value,
        @Nullable Double share,
        @Nullable Double minGap,
        @Nullable Double minSeparation,
        @Nullable Integer minKeep,
        @Nullable Integer maxKeep) {

    public static final ThresholdSpec NONE = ofStrategy("none");

    /** A strategy with its default parameters. */
    public static ThresholdSpec ofStrategy(String strategy) {
        return new ThresholdSpec(strategy, null, null, null, null, null, null, null);
    }
}
