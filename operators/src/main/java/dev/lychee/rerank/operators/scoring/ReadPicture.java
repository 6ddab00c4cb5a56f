package dev.lychee.rerank.operators.scoring;

import dev.lychee.rerank.operators.image.ImageProblem;
import dev.lychee.rerank.schemas.ImageReference;
import dev.lychee.rerank.schemas.ImageUse;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What became of the pictures of one side of a pair.
 *
 * @param image what the model reads; null when none could be read, or there is none
 * @param use which one that is and what it is like; null when it was not looked at
 * @param failures those that could not be read, in the order in which they were tried
 */
public record ReadPicture(
        @Nullable PairImage image, @Nullable ImageUse use, List<Failure> failures) {

    /** There is no picture. */
    static final ReadPicture NONE = new ReadPicture(null, null, List.of());

    /** Of a picture that the model reads. */
    static final String OK = "ok";

    /**
     * A picture that could not be read.
     *
     * @param index place among the pictures of its side, 0-based
     * @param reference where it was to be found
     * @param problem to count by
     * @param message a sentence without the address
     */
    public record Failure(
            int index, ImageReference reference, ImageProblem problem, String message) {}

    /** {@code ok}, or the code of what was wrong with the main picture; null without a picture. */
    @Nullable String status() {
        if (image != null) {
            return OK;
        }
        return failures.isEmpty() ? null : failures.get(0).problem().code();
    }

    /** Why nothing can be read of a side that has no text either; null when there is a picture. */
    @Nullable String error() {
        return image != null || failures.isEmpty() ? null : "picture: " + failures.get(0).message();
    }
}
