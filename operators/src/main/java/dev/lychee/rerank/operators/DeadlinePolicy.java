package dev.lychee.rerank.operators;

/** What a set's {@code deadline_ms} means to the job. */
public enum DeadlinePolicy {
    /** An answer is given at the deadline with what is there. */
    ENFORCE,
    /** Deadlines are ignored, as replays and files need it. */
    IGNORE
}
