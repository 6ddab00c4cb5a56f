package dev.lychee.rerank.operators.scoring;

/** Counts the time in which a device was inside forward passes. Thread-safe. */
final class BusyTime {

    private long finishedNanos;
    private long passStartNanos;
    private boolean inPass;

    synchronized void begin(long nowNanos) {
        passStartNanos = nowNanos;
        inPass = true;
    }

    synchronized void end(long nowNanos) {
        finishedNanos += nowNanos - passStartNanos;
        inPass = false;
    }

    /** Time inside passes since the start, the part of the pass under way included. */
    synchronized long until(long nowNanos) {
        return finishedNanos + (inPass ? Math.max(0, nowNanos - passStartNanos) : 0);
    }
}
