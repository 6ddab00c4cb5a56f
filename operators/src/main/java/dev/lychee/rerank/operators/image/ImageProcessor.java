package dev.lychee.rerank.operators.image;

import java.util.List;

/** Turns a decoded picture into the tensor that one kind of model reads. Thread-safe. */
public interface ImageProcessor {

    /**
     * Resizes, scales and orders the pixels.
     *
     * @throws UnreadableImageException if the model cannot read a picture of this shape
     */
    ModelImage process(RgbImage image) throws UnreadableImageException;

    /** Dimensions of the pixel tensor after the first, such as {@code [3, 112, 112]}. */
    List<Integer> rowShape();
}
