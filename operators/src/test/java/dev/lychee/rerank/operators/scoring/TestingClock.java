package dev.lychee.rerank.operators.scoring;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.Condition;

/** A clock that stands still until it is moved. */
public final class TestingClock implements ScoringClock {

    private final AtomicLong nanos = new AtomicLong(TimeUnit.SECONDS.toNanos(1_000));

    /** Lets time pass, in milliseconds. */
    public void advance(long millis) {
        nanos.addAndGet(TimeUnit.MILLISECONDS.toNanos(millis));
    }

    @Override
    public long nanoTime() {
        return nanos.get();
    }

    @Override
    public long epochMillis() {
        return TimeUnit.NANOSECONDS.toMillis(nanos.get());
    }

    /** Returns at a signal, and every millisecond of real time so that the caller looks again. */
    @Override
    @SuppressWarnings("WaitNotInLoop") // the callers look at their queues again
    public void await(Condition condition, long waitNanos) throws InterruptedException {
        condition.awaitNanos(TimeUnit.MILLISECONDS.toNanos(1));
    }
}
