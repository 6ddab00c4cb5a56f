package dev.lychee.rerank.operators.scoring;

/** A tokenized query, to be joined to documents by the {@link Scorer} that made it. */
public interface EncodedQuery {

    /** Whether the query was shortened to the limit of the model package. */
    boolean truncated();
}
