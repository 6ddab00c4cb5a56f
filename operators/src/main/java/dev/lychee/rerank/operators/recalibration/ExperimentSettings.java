package dev.lychee.rerank.operators.recalibration;

import dev.lychee.rerank.schemas.flow.ActionKind;
import java.io.Serializable;
import java.util.Map;

/**
 * How experiments are measured, read and checked.
 *
 * @param kinds which rate an action counts for, by its name in the feed
 * @param windowMillis length of a window
 * @param retentionMillis how long an experiment without results is remembered
 */
public record ExperimentSettings(
        Map<String, ActionKind> kinds, long windowMillis, long retentionMillis)
        implements Serializable {

    /** The window of a time. */
    long windowOf(long millis) {
        return Math.floorDiv(millis, windowMillis);
    }
}
