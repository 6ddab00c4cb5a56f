package dev.lychee.rerank.operators.image.source;

import dev.lychee.rerank.operators.image.ImageProblem;
import dev.lychee.rerank.operators.image.UnreadableImageException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;

/**
 * What one picture may take to be read.
 *
 * @param maxBytes most bytes
 * @param untilNanos moment of {@link System#nanoTime} by which everything must be there
 */
record BoundedRead(int maxBytes, long untilNanos) {

    private static final int CHUNK_BYTES = 1 << 14;

    static BoundedRead startingNow(int maxBytes, long timeoutMillis) {
        return new BoundedRead(maxBytes, System.nanoTime() + timeoutMillis * 1_000_000);
    }

    /** Reads to the end, unless there is too much or it takes too long. */
    byte[] read(InputStream in) throws IOException, UnreadableImageException {
        ByteArrayOutputStream content = new ByteArrayOutputStream();
        byte[] chunk = new byte[CHUNK_BYTES];
        for (int n = in.read(chunk); n >= 0; n = in.read(chunk)) {
            content.write(chunk, 0, n);
            if (content.size() > maxBytes) {
                throw tooLarge();
            }
            if (remainingNanos() <= 0) {
                throw tooSlow();
            }
        }
        return content.toByteArray();
    }

    long remainingNanos() {
        return untilNanos - System.nanoTime();
    }

    UnreadableImageException tooLarge() {
        return new UnreadableImageException(
                ImageProblem.TOO_LARGE,
                "the picture has more than %d bytes; send a smaller one".formatted(maxBytes));
    }

    static UnreadableImageException tooSlow() {
        return new UnreadableImageException(
                ImageProblem.TIMEOUT, "the picture was not there in time; see images.timeout");
    }
}
