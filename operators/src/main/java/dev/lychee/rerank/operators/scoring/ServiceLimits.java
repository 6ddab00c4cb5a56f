package dev.lychee.rerank.operators.scoring;

/**
 * What a {@link ScoringService} keeps to.
 *
 * @param batches how its batches are formed
 * @param maxFailedBatches batches that may fail in a row before the device counts as broken; 0 for
 *     any number
 * @param cacheBytes most heap for scores that are kept, in bytes; 0 to keep none
 */
public record ServiceLimits(BatchLimits batches, int maxFailedBatches, long cacheBytes) {

    public ServiceLimits {
        if (maxFailedBatches < 0) {
            throw new IllegalArgumentException(
                    "max-failed-batches must not be negative, got " + maxFailedBatches);
        }
        if (cacheBytes < 0) {
            throw new IllegalArgumentException(
                    "The cache's size must not be negative, got " + cacheBytes);
        }
    }
}
