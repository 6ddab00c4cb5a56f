package dev.lychee.rerank.operators.scoring;

import java.util.concurrent.locks.Condition;

/** The time by which a {@link ScoringService} forms batches and enforces deadlines. */
public interface ScoringClock {

    /** Elapsed time in nanoseconds, from an arbitrary origin. */
    long nanoTime();

    /** Milliseconds since the epoch. */
    long epochMillis();

    /**
     * Waits until the condition is signalled or so much of this clock's time has passed; may return
     * early. The caller holds the condition's lock.
     *
     * @param nanos longest wait; {@link Long#MAX_VALUE} to wait for the signal alone
     */
    void await(Condition condition, long nanos) throws InterruptedException;

    /** The machine's clock. */
    static ScoringClock system() {
        return new ScoringClock() {
            @Override
            public long nanoTime() {
                return System.nanoTime();
            }

            @Override
            public long epochMillis() {
                return System.currentTimeMillis();
            }

            @Override
            @SuppressWarnings("WaitNotInLoop") // the callers look at their queues again
            public void await(Condition condition, long nanos) throws InterruptedException {
                condition.awaitNanos(nanos);
            }
        };
    }
}
