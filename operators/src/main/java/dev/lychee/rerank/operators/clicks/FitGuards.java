package dev.lychee.rerank.operators.clicks;

import java.io.Serializable;

/**
 * What a fitted map must satisfy before it is published.
 *
 * @param minSupport fewest looks (impressions counted by how much they are examined) behind a map,
 *     and fewest on which it must have beaten the map in force; a segment with fewer uses its
 *     parent's
 * @param smallestSlope ranks that are examined less than this take no part, 0..1
 * @param maxStep largest distance of a new probability from the one in force, 0..1
 * @param minChange a map that differs less than this everywhere is not worth a version, 0..1
 * @param keptFrom the limit on {@code calibrated} at which {@code maxKeptChange} counts, 0..1
 * @param maxKeptChange share by which the number of shown documents at or above that limit may
 *     change without an alarm
 */
public record FitGuards(
        double minSupport,
        double smallestSlope,
        double maxStep,
        double minChange,
        double keptFrom,
        double maxKeptChange)
        implements Serializable {}
