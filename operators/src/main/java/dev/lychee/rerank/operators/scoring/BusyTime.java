package dev.lychee.rerank.operators.scoring;

/** Counts the time in which at least one pass was under way. Thread-safe. */
final class BusyTime {

    private long finishedNanos;
    private long busySinceNanos;
    private int passes;

    synchronized void begin(long nowNanos) {
        if (passes++ == 0) {
            busySinceNanos = nowNanos;
        }
    }

    synchronized void end(long nowNanos) {
        if (--passes == 0) {
            finishedNanos += nowNanos - busySinceNanos;
        }
    }

    /** Time inside passes since the start, the part of those under way included. */
    synchronized long until(long nowNanos) {
        return finishedNanos + (passes > 0 ? Math.max(0, nowNanos - busySinceNanos) : 0);
    }
}
