package dev.lychee.rerank.schemas;

/**
 * What a map does better than the one before it, on requests it was not fitted to. Lower is better.
 *
 * @param calibrationErrorBefore expected calibration error of the map before, 0..1
 * @param calibrationErrorAfter expected calibration error of this map, 0..1
 * @param brierBefore Brier score of the map before
 * @param brierAfter Brier score of this map
 */
public record MapEvidence(
        double calibrationErrorBefore,
        double calibrationErrorAfter,
        double brierBefore,
        double brierAfter) {}
