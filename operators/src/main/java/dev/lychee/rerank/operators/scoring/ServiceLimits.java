package dev.lychee.rerank.operators.scoring;

import dev.lychee.rerank.operators.image.source.ImageSettings;
import java.io.Serializable;

/**
 * What a {@link ScoringService} keeps to.
 *
 * @param batches how its batches are formed
 * @param maxFailedBatches batches that may fail in a row before the device counts as broken; 0 for
 *     any number
 * @param cacheBytes most heap for scores that are kept, in bytes; 0 to keep none
 * @param deterministic whether a task's scores are to be the same to the last bit whatever else is
 *     scored at the time: then a batch holds pairs of one task, and no score is kept or shared
 * @param images from where pictures may be read, and how much they may take; of no meaning to
 *     models of texts
 */
public record ServiceLimits(
        BatchLimits batches,
        int maxFailedBatches,
        long cacheBytes,
        boolean deterministic,
        ImageSettings images)
        implements Serializable {

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

    /** Limits under which batches mix tasks. */
    public ServiceLimits(BatchLimits batches, int maxFailedBatches, long cacheBytes) {
        this(batches, maxFailedBatches, cacheBytes, false);
    }

    /** Limits under which pictures come with the record only. */
    public ServiceLimits(
            BatchLimits batches, int maxFailedBatches, long cacheBytes, boolean deterministic) {
        this(batches, maxFailedBatches, cacheBytes, deterministic, ImageSettings.DEFAULTS);
    }
}
