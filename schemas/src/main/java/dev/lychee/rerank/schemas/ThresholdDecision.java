package dev.lychee.rerank.schemas;

import org.jspecify.annotations.Nullable;

/**
 * Where a set was cut, and why there.
 *
 * @param strategy the strategy that decided
 * @param on the field that was compared
 * @param value kept are candidates from this value on; null when nothing was cut
 * @param separation how well the two sides separate, 0..1; null when the strategy has no such
 *     measure
 * @param reason one sentence for people
 */
public record ThresholdDecision(
        String strategy,
        String on,
        @Nullable Double value,
        @Nullable Double separation,
        String reason) {}
