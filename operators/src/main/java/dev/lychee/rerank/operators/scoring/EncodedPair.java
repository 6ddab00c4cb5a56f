package dev.lychee.rerank.operators.scoring;

/** A tokenized query with one document, ready for the {@link Scorer} that made it. */
public interface EncodedPair {

    /** Length of the model's input in tokens, the control tokens included; at least 1. */
    int tokens();

    /** Whether document or query was shortened to fit. */
    boolean truncated();
}
