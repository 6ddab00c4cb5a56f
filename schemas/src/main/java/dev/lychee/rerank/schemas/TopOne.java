package dev.lychee.rerank.schemas;

import org.jspecify.annotations.Nullable;

/**
 * How sure the first place is.
 *
 * @param margin first minus second, of {@code calibrated}, 0..1; null with one candidate
 * @param ratio first over second, of {@code calibrated}; null with one candidate or a zero second
 * @param confidence {@code only}, {@code close}, {@code dominant} or {@code clear}
 */
public record TopOne(@Nullable Double margin, @Nullable Double ratio, String confidence) {}
