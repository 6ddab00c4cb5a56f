package dev.lychee.rerank.operators;

import org.jspecify.annotations.Nullable;

/** What a set's {@code deadline_ms} means to the job. */
public enum DeadlinePolicy {
    /** An answer is given at the deadline with what is there. */
    ENFORCE,
    /** Deadlines are ignored, as replays and files need it. */
    IGNORE;

    /** Kept for the way from the scorer to the reader of the result. */
    private static final long LONGEST_WAY_BACK_MILLIS = 25;

    private static final long WAY_BACK_SHARE = 4;

    /**
     * When the scorer and the assembler must be done: somewhat before the deadline, so that the
     * result is there in time; a quarter of it earlier, and at most 25 ms.
     *
     * @param timestampMillis the record's timestamp in epoch milliseconds
     * @param deadlineMs the set's deadline in milliseconds after that; null for none
     * @return epoch milliseconds; {@link Long#MAX_VALUE} without a deadline
     */
    public long dueMillis(long timestampMillis, @Nullable Long deadlineMs) {
        if (deadlineMs == null || this == IGNORE) {
            return Long.MAX_VALUE;
        }
        long wayBack = Math.min(LONGEST_WAY_BACK_MILLIS, deadlineMs / WAY_BACK_SHARE);
        return timestampMillis + deadlineMs - wayBack;
    }
}
