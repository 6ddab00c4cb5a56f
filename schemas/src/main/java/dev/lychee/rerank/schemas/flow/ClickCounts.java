package dev.lychee.rerank.schemas.flow;

/**
 * Counts of clickthroughs that are to be added to those of others.
 *
 * @param fingerprint what the logits were made with
 * @param table which of the fingerprint's tables they belong to: {@code segment/SEGMENT} or {@code
 *     explored}
 * @param epoch number of the epoch
 * @param mapVersion highest version of the segment's own maps that were used; 0 for none
 * @param cells indexes of sums, ascending
 * @param values the sums, fixed-point
 */
@SuppressWarnings("ArrayRecordComponent") // handed over once, never compared
public record ClickCounts(
        String fingerprint,
        String table,
        long epoch,
        long mapVersion,
        int[] cells,
        long[] values) {}
