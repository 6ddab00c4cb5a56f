package dev.lychee.rerank.schemas.flow;

/**
 * A table of counts as it is kept.
 *
 * @param mapVersion highest version of the segment's own maps that were used; 0 for none
 * @param sums all sums, fixed-point
 */
@SuppressWarnings("ArrayRecordComponent") // handed over once, never compared
public record KeptCounts(long mapVersion, long[] sums) {}
