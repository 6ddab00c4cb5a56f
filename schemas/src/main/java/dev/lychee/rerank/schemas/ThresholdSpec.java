package dev.lychee.rerank.schemas;

import com.fasterxml.jackson.annotation.JsonInclude;
import org.jspecify.annotations.Nullable;

/**
 * How a set is cut. Parameters that a strategy does not use are ignored by it; absent ones take the
 * strategy's default.
 *
 * @param strategy {@code none}, {@code fixed}, {@code percentile}, {@code gap}, {@code otsu},
 *     {@code knee}, {@code recall}, {@code precision} or {@code guarantee}
 * @param on the field that is compared, {@code score} or {@code calibrated}; by default {@code
 *     calibrated} for {@code fixed} and {@code guarantee} and {@code score} for the others
 * @param value {@code fixed}: kept from this value on, 0..1; {@code guarantee}: the same, instead
 *     of the cut that came with the calibration map
 * @param share {@code percentile}: share of the set that is kept, 0..1
 * @param minGap {@code gap}: the smallest gap that counts, 0..1
 * @param minSeparation {@code otsu}: share of the variance that two classes must explain, 0..1
 * @param minKeep at least so many candidates are kept
 * @param maxKeep at most so many candidates are kept
 * @param sensitivity {@code knee}: how far the curve must flatten after a knee, in steps between
 *     neighbours, 0..100
 * @param target {@code recall}: share of the expected relevant candidates that is kept, 0..1;
 *     {@code precision}: share of the kept ones that is expected to be relevant, 0..1
 * @param maxLoss {@code guarantee}: largest share of the relevant candidates that may be lost, 0..1
 * @param confidence {@code guarantee}: how sure that must be, 0..1; 0 asks for it on average only
 */
public record ThresholdSpec(
        @Nullable String strategy,
        @Nullable String on,
        @Nullable Double value,
        @Nullable Double share,
        @Nullable Double minGap,
        @Nullable Double minSeparation,
        @Nullable Integer minKeep,
        @Nullable Integer maxKeep,
        @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Double sensitivity,
        @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Double target,
        @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Double maxLoss,
        @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Double confidence) {

    public static final ThresholdSpec NONE = ofStrategy("none");

    /** A strategy with its default parameters. */
    public static ThresholdSpec ofStrategy(String strategy) {
        return of(strategy, null, null, null, null);
    }

    /**
     * The cut that a wish makes of this one. Another strategy starts from its own defaults and this
     * one's bounds; the same one from this one's parameters.
     */
    public ThresholdSpec overriddenBy(ThresholdSpec wish) {
        boolean sameStrategy = wish.strategy() == null || wish.strategy().equals(strategy);
        ThresholdSpec from =
                sameStrategy ? this : of(wish.strategy(), null, null, minKeep, maxKeep);
        return new ThresholdSpec(
                from.strategy,
                or(wish.on, from.on),
                or(wish.value, from.value),
                or(wish.share, from.share),
                or(wish.minGap, from.minGap),
                or(wish.minSeparation, from.minSeparation),
                or(wish.minKeep, from.minKeep),
                or(wish.maxKeep, from.maxKeep),
                or(wish.sensitivity, from.sensitivity),
                or(wish.target, from.target),
                or(wish.maxLoss, from.maxLoss),
                or(wish.confidence, from.confidence));
    }

    /** A fixed cut on {@code calibrated} with this one's bounds. */
    public ThresholdSpec fixedAt(double calibrated) {
        return of("fixed", "calibrated", calibrated, minKeep, maxKeep);
    }

    private static ThresholdSpec of(
            @Nullable String strategy,
            @Nullable String on,
            @Nullable Double value,
            @Nullable Integer minKeep,
            @Nullable Integer maxKeep) {
        return new ThresholdSpec(
                strategy, on, value, null, null, null, minKeep, maxKeep, null, null, null, null);
    }

    private static <T> @Nullable T or(@Nullable T wished, @Nullable T otherwise) {
        return wished == null ? otherwise : wished;
    }
}
