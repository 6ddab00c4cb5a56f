package dev.lychee.rerank.schemas;

import org.jspecify.annotations.Nullable;

/**
 * What one step did to a set.
 *
 * @param step name of the step
 * @param strategy what it did
 * @param meanAbsChange mean absolute change of the field it writes against the one it reads, over
 *     the scored candidates; null where there is no such pair
 * @param note something worth knowing, such as {@code degenerate}
 */
public record TraceStep(
        String step, String strategy, @Nullable Double meanAbsChange, @Nullable String note) {}
