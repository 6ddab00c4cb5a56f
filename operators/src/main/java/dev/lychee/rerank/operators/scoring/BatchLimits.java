package dev.lychee.rerank.operators.scoring;

/**
 * How large a batch may grow and how long it may wait for that.
 *
 * @param maxBatchTokens most padded tokens in one forward pass, at least 1; a single longer pair
 *     goes alone
 * @param maxBatchDelayMillis how long a pair may wait for its batch to fill, in milliseconds
 */
public record BatchLimits(int maxBatchTokens, long maxBatchDelayMillis) {

    public BatchLimits {
        if (maxBatchTokens < 1) {
            throw new IllegalArgumentException(
                    "max-batch-tokens must be at least 1, got " + maxBatchTokens);
        }
        if (maxBatchDelayMillis < 0) {
            throw new IllegalArgumentException(
                    "max-batch-delay must not be negative, got " + maxBatchDelayMillis);
        }
    }
}
