package dev.lychee.rerank.deploy.bench.peers;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.lychee.rerank.deploy.UserMistakeException;
import dev.lychee.rerank.schemas.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * The matrix products of an encoder whose weights are the same for every input: queries, keys and
 * values, attention output, and the two of the feed-forward part. Embeddings, attention scores, the
 * head, and what only a first token needs are left out.
 *
 * @param width size of a token's vector
 * @param inner size of the feed-forward part
 * @param layers how many
 * @param firstTokenOnly whether the last layer computes keys and values of all tokens and
 *     everything else of each pair's first token only
 */
public record LinearLayers(int width, int inner, int layers, boolean firstTokenOnly) {

    /** Stands beside the weights where somebody wrote it; no part of a model package. */
    static final String FILE = "shape.json";

    /**
     * The layers that a folder describes.
     *
     * @return null when it describes none
     * @throws UserMistakeException if the description cannot be read
     */
    public static @Nullable LinearLayers read(Path folder) throws IOException {
        Path file = folder.resolve(FILE);
        if (!Files.isRegularFile(file)) {
            return null;
        }
        try {
            return Json.mapper().readValue(Files.readString(file), LinearLayers.class);
        } catch (JsonProcessingException malformed) {
            throw new UserMistakeException(
                    "%s cannot be read: %s.".formatted(file, Json.problem(malformed)));
        }
    }

    /**
     * Floating point operations of the products that see all tokens: two per weight and row.
     *
     * @param tokens rows, padding included
     */
    public double flops(long tokens) {
        double attention = 3.0 * width * width + (double) width * width;
        double feedForward = 2.0 * width * inner;
        double weights =
                firstTokenOnly
                        ? (layers - 1) * (attention + feedForward) + 2.0 * width * width
                        : layers * (attention + feedForward);
        return 2 * weights * tokens;
    }
}
