package dev.lychee.rerank.operators.scoring.djl;

import dev.lychee.rerank.operators.scoring.EncodedPair;
import dev.lychee.rerank.operators.scoring.EncodedQuery;
import org.jspecify.annotations.Nullable;

/**
 * Turns texts into the input of one kind of model. Only the document is shortened to fit; a query
 * is bounded by its own limit and its pairs are marked. Thread-safe.
 */
sealed interface PairEncoder permits TemplatePairEncoder, PromptPairEncoder {

    EncodedQuery encodeQuery(@Nullable String instruction, String query);

    Pair encodePair(EncodedQuery query, String document);

    /** What the model is asked when a task names nothing else; null when it reads none. */
    @Nullable String defaultInstruction();

    /**
     * The input of one pair.
     *
     * @param ids token ids without padding
     * @param types token type ids; null when the graph has no such input
     * @param truncated whether document or query was shortened
     */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Pair(int[] ids, int @Nullable [] types, boolean truncated) implements EncodedPair {

        @Override
        public int tokens() {
            return ids.length;
        }
    }

    /**
     * A text that is certainly longer than so many tokens, cut to a length that is still so in all
     * but degenerate texts: no point in tokenizing a megabyte to keep a few hundred tokens.
     */
    static String bounded(String text, int maxTokens) {
        int maxChars = Math.max(1024, maxTokens * 48);
        if (text.length() <= maxChars) {
            return text;
        }
        int end = Character.isHighSurrogate(text.charAt(maxChars - 1)) ? maxChars - 1 : maxChars;
        return text.substring(0, end);
    }
}
