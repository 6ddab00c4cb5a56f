package dev.lychee.rerank.operators.scoring;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Forms batches of the pairs that wait. Time is an argument and nothing runs by itself: the same
 * calls give the same batches. Not thread-safe.
 *
 * @param <P> a pair
 */
interface Batcher<P> {

    /**
     * Adds pairs of one task.
     *
     * @param pairs what is to be scored, each with its urgency
     * @param sinceNanos since when they wait
     */
    void add(List<Arrival<P>> pairs, long sinceNanos);

    /** The next batch, shortest pair first; null when none is due. */
    @Nullable List<P> poll(long nowNanos);

    /**
     * How long until {@link #poll} gives a batch if nothing is added: 0 when one is due, {@link
     * Long#MAX_VALUE} when nothing waits.
     */
    long nanosUntilDue(long nowNanos);

    /** Makes a pair that waits more urgent; harmless when it waits no longer. */
    void promote(P pair, Urgency urgency);

    /** Changes the budget for the batches to come. */
    void setMaxBatchTokens(int tokens);

    /** Tokens of the pairs that wait and have a deadline, without padding. */
    long interactiveTokens();

    /** Tokens of the pairs that wait and have no deadline, without padding. */
    long bulkTokens();

    /** Takes out everything that waits. */
    void clear();

    /** A pair and when it is due. */
    record Arrival<P>(P pair, Urgency urgency) {}
}
