package dev.lychee.rerank.operators.scoring;

import java.io.Serializable;

/**
 * How large a batch may grow and how long it may wait for that.
 *
 * @param maxBatchTokens most padded tokens in one forward pass; a single longer pair goes alone;
 *     {@link #MEASURED} to take what suits the model, measured when it is loaded
 * @param maxBatchDelayMillis how long a pair may wait for its batch to fill, in milliseconds
 * @param maxPassMillis longest forward pass that a measured budget may take, in milliseconds: a
 *     pass cannot be interrupted, so this is what an urgent pair may have to wait for
 */
public record BatchLimits(int maxBatchTokens, long maxBatchDelayMillis, long maxPassMillis)
        implements Serializable {

    /** Stands for a budget that is measured when the model is loaded. */
    public static final int MEASURED = 0;

    private static final long DEFAULT_MAX_PASS_MILLIS = 100;

    public BatchLimits {
        if (maxBatchTokens < 0) {
            throw new IllegalArgumentException(
                    "max-batch-tokens must be at least 1, or 0 to be measured, got "
                            + maxBatchTokens);
        }
        if (maxBatchDelayMillis < 0) {
            throw new IllegalArgumentException(
                    "max-batch-delay must not be negative, got " + maxBatchDelayMillis);
        }
        if (maxPassMillis < 1) {
            throw new IllegalArgumentException(
                    "max-pass-time must be at least 1 ms, got " + maxPassMillis);
        }
    }

    /** Limits whose measured budget, if it is measured, takes at most 100 ms a pass. */
    public BatchLimits(int maxBatchTokens, long maxBatchDelayMillis) {
        this(maxBatchTokens, maxBatchDelayMillis, DEFAULT_MAX_PASS_MILLIS);
    }
}
