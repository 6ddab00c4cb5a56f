package dev.lychee.rerank.schemas.flow;

/**
 * A table of counts as it is kept.
 *
 * @param mapVersion highest version of the maps that were used; 0 for identity
 * @param sums all sums, fixed-point
 */
@SuppressWarnings("ArrayRecordComponent") // handed over once, never compared
public record KeptCounts(long mapVersion, long[] sums) {}
