package dev.lychee.rerank.operators.scoring;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;

/** Counts of one {@link ScoringService} since it started. Written by its threads, read by any. */
public final class ScoringStats {

    final LongAdder pairsScored = new LongAdder();
    final LongAdder pairsFailed = new LongAdder();
    final LongAdder batches = new LongAdder();
    final LongAdder batchTokens = new LongAdder();
    final LongAdder paddedTokens = new LongAdder();
    final LongAdder queueNanos = new LongAdder();
    final LongAdder inferenceNanos = new LongAdder();
    final AtomicInteger queueDepth = new AtomicInteger();
    final AtomicInteger failedInARow = new AtomicInteger();

    ScoringStats() {}

    /** The counts as they are now; not one moment for all of them while the service works. */
    public Snapshot snapshot() {
        return new Snapshot(
                pairsScored.sum(),
                pairsFailed.sum(),
                batches.sum(),
                batchTokens.sum(),
                paddedTokens.sum(),
                queueNanos.sum(),
                inferenceNanos.sum(),
                queueDepth.get(),
                failedInARow.get());
    }

    /**
     * Counts at one moment.
     *
     * @param pairsScored pairs with a finite logit
     * @param pairsFailed pairs answered without a logit
     * @param batches forward passes that succeeded
     * @param batchTokens tokens of the pairs in those
     * @param paddedTokens tokens that those computed: longest pair x number of pairs, summed
     * @param queueNanos time from submission to the forward pass, summed over scored pairs
     * @param inferenceNanos time inside forward passes, the failed ones included
     * @param queueDepth pairs that are not answered now
     * @param failedInARow batches since the last one of which a pair was scored
     */
    public record Snapshot(
            long pairsScored,
            long pairsFailed,
            long batches,
            long batchTokens,
            long paddedTokens,
            long queueNanos,
            long inferenceNanos,
            int queueDepth,
            int failedInARow) {

        /** Share of the computed tokens that was padding, 0..1; 0 before the first batch. */
        public double paddingRatio() {
            return paddedTokens == 0 ? 0.0 : 1.0 - (double) batchTokens / paddedTokens;
        }

        /** Mean tokens per batch, without padding; 0 before the first batch. */
        public double meanBatchTokens() {
            return batches == 0 ? 0.0 : (double) batchTokens / batches;
        }
    }
}
