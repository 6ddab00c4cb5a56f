package dev.lychee.rerank.operators.image.source;

import dev.lychee.rerank.operators.image.ImageInspection;
import dev.lychee.rerank.operators.image.ImageProblem;
import dev.lychee.rerank.operators.image.ModelImage;
import dev.lychee.rerank.operators.image.UnreadableImageException;

/** A picture as a model reads it, or why there is none. */
public sealed interface LoadedImage {

    /** A picture that can be used. */
    record Ready(ModelImage image, ImageInspection inspection) implements LoadedImage {}

    /**
     * A picture that cannot be used.
     *
     * @param problem to count by
     * @param message a sentence without the address
     */
    record Failed(ImageProblem problem, String message) implements LoadedImage {

        static Failed of(UnreadableImageException e) {
            return new Failed(e.problem(), String.valueOf(e.getMessage()));
        }
    }
}
