package dev.lychee.rerank.operators.scoring;

/**
 * The shape of a batch's tensors.
 *
 * @param pairs rows, the padding ones included
 * @param length columns: the length to which pairs are padded, in tokens
 */
public record BatchShape(int pairs, int length) {

    /** How batches are padded. */
    @FunctionalInterface
    public interface Rule {

        /** The shape of a batch of so many pairs, of which the longest has so many tokens. */
        BatchShape of(int pairs, int longest);
    }

    /** Tokens that are computed, padding included. */
    public long tokens() {
        return (long) pairs * length;
    }
}
