package dev.lychee.rerank.operators.postprocess;

import org.jspecify.annotations.Nullable;

/**
 * Calibrated probabilities of one candidate set, arrays in input order, 0 for pairs that were not
 * scored.
 *
 * @param calibrated 0..1
 * @param low lower end of the 95 % band, at most {@code calibrated}; null where the calibrator
 *     knows no band
 * @param high upper end of the 95 % band, at least {@code calibrated}; null together with {@code
 *     low}
 */
@SuppressWarnings("ArrayRecordComponent") // handed over once, never compared
public record CalibratedScores(
        double[] calibrated, double @Nullable [] low, double @Nullable [] high) {}
