package dev.lychee.rerank.operators.scoring.djl;

import dev.lychee.rerank.operators.image.ModelImage;
import dev.lychee.rerank.operators.scoring.Content;
import dev.lychee.rerank.operators.scoring.EncodedPair;
import dev.lychee.rerank.operators.scoring.EncodedQuery;
import dev.lychee.rerank.operators.scoring.PairImage;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Turns texts and pictures into the input of one kind of model. Only the document's text is
 * shortened to fit; a query's is bounded by its own limit and its pairs are marked. A picture is
 * never cut: it stands before the text of its side, as so many placeholder tokens as it takes.
 * Thread-safe.
 */
sealed interface PairEncoder permits TemplatePairEncoder, PromptPairEncoder {

    EncodedQuery encodeQuery(@Nullable String instruction, Content query);

    Pair encodePair(EncodedQuery query, Content document);

    /** What the model is asked when a task names nothing else; null when it reads none. */
    @Nullable String defaultInstruction();

    /**
     * The input of one pair.
     *
     * @param ids token ids without padding
     * @param types token type ids; null when the graph has no such input
     * @param truncated whether document or query was shortened
     * @param images the pictures, in the order of their placeholders
     */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Pair(int[] ids, int @Nullable [] types, boolean truncated, List<ModelImage> images)
            implements EncodedPair {

        @Override
        public int tokens() {
            return ids.length;
        }
    }

    /** The picture of one side; null without one. */
    static @Nullable ModelImage imageOf(Content content) {
        PairImage image = content.image();
        if (image instanceof PairImage.Forwarded) {
            throw new IllegalArgumentException("this model reads pixels, not addresses");
        }
        return image instanceof PairImage.Pixels pixels ? pixels.image() : null;
    }

    /** The pictures of both sides, the query's first. */
    static List<ModelImage> images(@Nullable ModelImage query, @Nullable ModelImage document) {
        if (query == null) {
            return document == null ? List.of() : List.of(document);
        }
        return document == null ? List.of(query) : List.of(query, document);
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
