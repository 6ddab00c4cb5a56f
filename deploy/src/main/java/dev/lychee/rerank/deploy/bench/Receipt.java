package dev.lychee.rerank.deploy.bench;

import dev.lychee.rerank.schemas.Json;
import java.io.IOException;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What a result says of itself, without its candidates.
 *
 * @param status {@code complete}, {@code partial} or {@code fallback}
 * @param degraded what was left out under load
 * @param timings where the time went
 */
record Receipt(String status, List<String> degraded, Times timings) {

    /** Status of a result that every pair was scored for. */
    static final String COMPLETE = "complete";

    Receipt {
        degraded = Objects.requireNonNullElse(degraded, List.of());
        timings = Objects.requireNonNullElse(timings, new Times(0, 0, 0, null));
    }

    /**
     * Milliseconds of a result.
     *
     * @param queueMs wait for a place in a batch
     * @param scoreMs inside forward passes
     * @param totalMs from the source record's timestamp to the finished result
     * @param busyMs the part of the wait in which the device was busy with other pairs; null where
     *     the job does not tell
     */
    record Times(double queueMs, double scoreMs, double totalMs, @Nullable Double busyMs) {

        /** The wait that is the device's and not the job's. */
        double waitMs() {
            return busyMs == null ? queueMs : busyMs;
        }

        /** What the job adds to the model: neither forward passes nor waiting for the device. */
        double overheadMs() {
            return Math.max(0, totalMs - scoreMs - waitMs());
        }
    }

    static Receipt read(byte[] result) throws IOException {
        return Json.mapper().readValue(result, Receipt.class);
    }

    /** Whether nothing is missing and nothing was left out. */
    boolean isWhole() {
        return status.equals(COMPLETE) && degraded.isEmpty();
    }
}
