package dev.lychee.rerank.operators.postprocess;

import org.jspecify.annotations.Nullable;

/**
 * The numbers behind {@link Thresholders#of}; each strategy reads its own, bounds hold for all.
 *
 * @param fixedValue {@code fixed}: candidates with at least this score are kept, finite
 * @param keepShare {@code percentile}: share of the candidates to keep, 0..1
 * @param minGap {@code gap}: smallest drop between two neighbours that counts as an end, in units
 *     of the score, 0 or more
 * @param minSeparation {@code otsu}: smallest share of the variance that must lie between the
 *     classes in a large set, 0..1; see {@link Thresholders} for small sets
 * @param sensitivity {@code knee}: how far the curve must flatten after a knee, in steps between
 *     neighbours, 0 or more
 * @param recallTarget {@code recall}: share of the expected relevant candidates to keep, 0..1
 * @param precisionTarget {@code precision}: share of the kept candidates that must be expected to
 *     be relevant, 0..1
 * @param fittedCut {@code guarantee}: the fitted cut; null where there is none
 * @param minKeep at least this many are kept, as far as there are, 0 or more
 * @param maxKeep at most this many are kept, at least {@code minKeep}
 */
public record ThresholdOptions(
        double fixedValue,
        double keepShare,
        double minGap,
        double minSeparation,
        double sensitivity,
        double recallTarget,
        double precisionTarget,
        @Nullable GuaranteedCut fittedCut,
        int minKeep,
        int maxKeep) {

    /**
     * Threshold 0.5, top 30 %, gap 0.1, separation 0.8, sensitivity 1, recall 0.9, precision 0.8,
     * no guaranteed cut, no bounds.
     */
    public static final ThresholdOptions DEFAULTS =
            new ThresholdOptions(0.5, 0.3, 0.1, 0.8, 1, 0.9, 0.8, null, 0, Integer.MAX_VALUE);

    /**
     * Checks the ranges.
     *
     * @throws IllegalArgumentException if a value is outside its range, with a sentence that names
     *     it
     */
    public ThresholdOptions {
        require(Double.isFinite(fixedValue), "A fixed threshold must be finite", fixedValue);
        require(isShare(keepShare), "The share to keep must be 0..1", keepShare);
        require(
                minGap >= 0 && Double.isFinite(minGap),
                "The smallest gap must be 0 or more",
                minGap);
        require(isShare(minSeparation), "The smallest separation must be 0..1", minSeparation);
        require(
                sensitivity >= 0 && Double.isFinite(sensitivity),
                "The sensitivity must be 0 or more",
                sensitivity);
        require(isShare(recallTarget), "The recall to reach must be 0..1", recallTarget);
        require(isShare(precisionTarget), "The precision to reach must be 0..1", precisionTarget);
        require(
                fittedCut == null || Double.isFinite(fittedCut.value()),
                "A guaranteed cut must be finite",
                fittedCut == null ? 0 : fittedCut.value());
        require(minKeep >= 0, "min_keep must be 0 or more", minKeep);
        require(maxKeep >= minKeep, "max_keep must be at least min_keep", maxKeep);
    }

    /** For {@code fixed}. */
    public ThresholdOptions withFixedValue(double value) {
        return new ThresholdOptions(
                value,
                keepShare,
                minGap,
                minSeparation,
                sensitivity,
                recallTarget,
                precisionTarget,
                fittedCut,
                minKeep,
                maxKeep);
    }

    /** For {@code percentile}. */
    public ThresholdOptions withKeepShare(double share) {
        return new ThresholdOptions(
                fixedValue,
                share,
                minGap,
                minSeparation,
                sensitivity,
                recallTarget,
                precisionTarget,
                fittedCut,
                minKeep,
                maxKeep);
    }

    /** For {@code gap}. */
    public ThresholdOptions withMinGap(double gap) {
        return new ThresholdOptions(
                fixedValue,
                keepShare,
                gap,
                minSeparation,
                sensitivity,
                recallTarget,
                precisionTarget,
                fittedCut,
                minKeep,
                maxKeep);
    }

    /** For {@code otsu}. */
    public ThresholdOptions withMinSeparation(double separation) {
        return new ThresholdOptions(
                fixedValue,
                keepShare,
                minGap,
                separation,
                sensitivity,
                recallTarget,
                precisionTarget,
                fittedCut,
                minKeep,
                maxKeep);
    }

    /** For {@code knee}. */
    public ThresholdOptions withSensitivity(double steps) {
        return new ThresholdOptions(
                fixedValue,
                keepShare,
                minGap,
                minSeparation,
                steps,
                recallTarget,
                precisionTarget,
                fittedCut,
                minKeep,
                maxKeep);
    }

    /** For {@code recall}. */
    public ThresholdOptions withRecallTarget(double target) {
        return new ThresholdOptions(
                fixedValue,
                keepShare,
                minGap,
                minSeparation,
                sensitivity,
                target,
                precisionTarget,
                fittedCut,
                minKeep,
                maxKeep);
    }

    /** For {@code precision}. */
    public ThresholdOptions withPrecisionTarget(double target) {
        return new ThresholdOptions(
                fixedValue,
                keepShare,
                minGap,
                minSeparation,
                sensitivity,
                recallTarget,
                target,
                fittedCut,
                minKeep,
                maxKeep);
    }

    /** For {@code guarantee}; null where no cut was fitted. */
    public ThresholdOptions withFittedCut(@Nullable GuaranteedCut cut) {
        return new ThresholdOptions(
                fixedValue,
                keepShare,
                minGap,
                minSeparation,
                sensitivity,
                recallTarget,
                precisionTarget,
                cut,
                minKeep,
                maxKeep);
    }

    /** Bounds on the number of kept candidates, inclusive. */
    public ThresholdOptions withKeepBetween(int min, int max) {
        return new ThresholdOptions(
                fixedValue,
                keepShare,
                minGap,
                minSeparation,
                sensitivity,
                recallTarget,
                precisionTarget,
                fittedCut,
                min,
                max);
    }

    private static boolean isShare(double value) {
        return value >= 0 && value <= 1;
    }

    private static void require(boolean holds, String sentence, double actual) {
        if (!holds) {
            throw new IllegalArgumentException(sentence + ", got " + actual);
        }
    }
}
