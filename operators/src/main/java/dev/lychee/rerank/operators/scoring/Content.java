package dev.lychee.rerank.operators.scoring;

import org.jspecify.annotations.Nullable;

/**
 * What a model reads of one side of a pair.
 *
 * @param text the text; empty for a picture alone
 * @param image the picture, which the model reads before the text; null without one
 */
public record Content(String text, @Nullable PairImage image) {

    /** A text alone. */
    public static Content ofText(String text) {
        return new Content(text, null);
    }
}
