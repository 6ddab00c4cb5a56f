package dev.lychee.rerank.operators.scoring;

import dev.lychee.rerank.schemas.ImageReference;
import java.util.List;

/**
 * One side of a pair as it was sent.
 *
 * @param text the text; empty for pictures alone
 * @param images where its pictures are, the main one first; the first that can be read is used
 */
public record PairSide(String text, List<ImageReference> images) {

    public PairSide {
        images = List.copyOf(images);
    }

    /** A text alone. */
    public static PairSide ofText(String text) {
        return new PairSide(text, List.of());
    }
}
