package dev.lychee.rerank.operators.assembly;

/**
 * Guesses how many tokens a text has, without a tokenizer. It bounds the size of score tasks; the
 * batches of the scorer count real tokens.
 */
public final class TokenEstimate {

    private static final int CHARACTERS_PER_TOKEN = 4;

    private TokenEstimate() {}

    /** About one token per ideograph and one per four other characters; at least 1. */
    public static int of(String text) {
        int ideographs = 0;
        int others = 0;
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) >= '\u2E80') {
                ideographs++;
            } else {
                others++;
            }
        }
        return Math.max(1, ideographs + others / CHARACTERS_PER_TOKEN);
    }

    /** Length of the longest beginning of a text that has at most so many tokens, at least 1. */
    public static int prefixLength(String text, int tokens) {
        int ideographs = 0;
        int others = 0;
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) >= '\u2E80') {
                ideographs++;
            } else {
                others++;
            }
            if (ideographs + others / CHARACTERS_PER_TOKEN > tokens) {
                return i;
            }
        }
        return text.length();
    }
}
