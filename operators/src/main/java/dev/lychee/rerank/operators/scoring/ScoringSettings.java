package dev.lychee.rerank.operators.scoring;

import java.io.Serializable;

/**
 * How candidates are scored.
 *
 * @param packagePath folder of the model package, the same on every TaskManager
 * @param precision {@code auto}, {@code fp32}, {@code bf16} or {@code fp16}
 * @param device where to run
 * @param maxBatchTokens most padded tokens in one forward pass
 * @param maxBatchDelayMillis how long a pair may wait for its batch to fill, in milliseconds
 * @param lingerMillis how long a model stays loaded after its last user, in milliseconds
 * @param threads threads of one forward pass on the CPU; 0 for one per core
 * @param maxFailedBatches batches that may fail in a row before the device counts as broken and the
 *     process ends; 0 for any number
 * @param cacheBytes most heap for scores that are kept, in bytes; 0 to keep none
 * @param ignoreDeadlines whether late tasks are scored all the same, as files and replays want
 */
public record ScoringSettings(
        String packagePath,
        String precision,
        DevicePreference device,
        int maxBatchTokens,
        long maxBatchDelayMillis,
        long lingerMillis,
        int threads,
        int maxFailedBatches,
        long cacheBytes,
        boolean ignoreDeadlines)
        implements Serializable {

    /** Which device is wanted. */
    public enum DevicePreference {
        /** A GPU where Flink gives the TaskManager one, else the CPU. */
        AUTO,
        /** The CPU. */
        CPU,
        /** A GPU that Flink gives the TaskManager; without one the job does not start. */
        GPU
    }

    public ScoringSettings {
        if (lingerMillis < 0) {
            throw new IllegalArgumentException("linger must not be negative, got " + lingerMillis);
        }
        if (threads < 0) {
            throw new IllegalArgumentException("threads must not be negative, got " + threads);
        }
        new ServiceLimits(
                new BatchLimits(maxBatchTokens, maxBatchDelayMillis), maxFailedBatches, cacheBytes);
    }

    ServiceLimits limits() {
        return new ServiceLimits(
                new BatchLimits(maxBatchTokens, maxBatchDelayMillis), maxFailedBatches, cacheBytes);
    }
}
