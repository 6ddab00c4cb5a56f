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
    final LongAdder cacheHits = new LongAdder();
    final LongAdder cacheMisses = new LongAdder();
    final LongAdder tasksDegraded = new LongAdder();
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
                cacheHits.sum(),
                cacheMisses.sum(),
                tasksDegraded.sum(),
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
     * @param paddedTokens tokens that those computed: length x number of pairs, summed
     * @param queueNanos time from submission to the forward pass, summed over computed pairs
     * @param inferenceNanos time inside forward passes, the failed ones included
     * @param cacheHits pairs that needed no computation of their own, because the score was kept or
     *     was being computed
     * @param cacheMisses pairs that were computed while there is a cache
     * @param tasksDegraded tasks of which not everything was computed, because the scorer was
     *     behind
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
            long cacheHits,
            long cacheMisses,
            long tasksDegraded,
            int queueDepth,
            int failedInARow) {

        /** Share of the computed tokens that was padding, 0..1; 0 before the first batch. */
        public double paddingRatio() {
            return paddedTokens == 0 ? 0.0 : 1.0 - (double) batchTokens / paddedTokens;
        }

        /** Share of pairs that needed no computation, 0..1; 0 before the first pair. */
        public double cacheHitRate() {
            long pairs = cacheHits + cacheMisses;
            return pairs == 0 ? 0.0 : (double) cacheHits / pairs;
        }

        /** Mean tokens per batch, without padding; 0 before the first batch. */
        public double meanBatchTokens() {
            return batches == 0 ? 0.0 : (double) batchTokens / batches;
        }
    }
}
