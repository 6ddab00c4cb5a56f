package dev.lychee.rerank.schemas.flow;

/**
 * Sums of exposures as they are kept.
 *
 * @param sums all sums, fixed-point
 * @param level one unit in {@code 2^level} is kept
 * @param units numbers of the units that are kept, ascending
 */
@SuppressWarnings("ArrayRecordComponent") // handed over once, never compared
public record ExposureSums(long[] sums, int level, long[] units) {}
