package dev.lychee.rerank.operators.scoring;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A pair with the logit of the original implementation.
 *
 * @param file the file that it stands in
 * @param line line in the file, 1-based
 * @param query query text
 * @param document document text
 * @param queryImage the query's picture, in base64; null without one
 * @param documentImage the document's picture, in base64; null without one
 * @param inputIds token ids of the original implementation; null when not given
 * @param logit relevance log-odds before any temperature
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
public record GoldenPair(
        Path file,
        int line,
        String query,
        String document,
        @Nullable String queryImage,
        @Nullable String documentImage,
        int @Nullable [] inputIds,
        double logit) {

    private static final int MAX_QUOTED_CHARS = 60;

    /**
     * Reads the golden pairs of a package.
     *
     * @param file one JSON object per line
     * @return at least one
     */
    public static List<GoldenPair> readAll(Path file) throws InvalidModelPackageException {
        ObjectMapper json = new ObjectMapper();
        List<GoldenPair> pairs = new ArrayList<>();
        List<String> lines;
        try {
            lines = Files.readAllLines(file);
        } catch (IOException e) {
            throw new InvalidModelPackageException(file + " cannot be read: " + e.getMessage(), e);
        }
        for (int i = 0; i < lines.size(); i++) {
            if (lines.get(i).isBlank()) {
                continue;
            }
            String where = file + " line " + (i + 1);
            JsonNode node;
            try {
                node = json.readTree(lines.get(i));
            } catch (JsonProcessingException e) {
                throw new InvalidModelPackageException(where + " is not a JSON object.", e);
            }
            if (!node.path("query").isTextual()
                    || !node.path("document").isTextual()
                    || !node.path("logit").isNumber()) {
                throw new InvalidModelPackageException(
                        where + " needs a text query, a text document and a number logit.");
            }
            int[] ids = null;
            JsonNode given = node.get("input_ids");
            if (given != null && given.isArray()) {
                ids = new int[given.size()];
                for (int k = 0; k < ids.length; k++) {
                    ids[k] = given.get(k).asInt();
                }
            }
            pairs.add(
                    new GoldenPair(
                            file,
                            i + 1,
                            node.get("query").asText(),
                            node.get("document").asText(),
                            node.path("query_image").textValue(),
                            node.path("document_image").textValue(),
                            ids,
                            node.get("logit").asDouble()));
        }
        if (pairs.isEmpty()) {
            throw new InvalidModelPackageException(
                    file
                            + " holds no pair; write some with the logits of the original"
                            + " implementation, else a wrong template goes unnoticed.");
        }
        return pairs;
    }

    /** Where the pair stands and how it begins, for a sentence. */
    public String place() {
        return "on line "
                + line
                + " of "
                + file
                + " (query '"
                + quoted(query)
                + "', document '"
                + quoted(document)
                + "')";
    }

    private static String quoted(String text) {
        return text.length() <= MAX_QUOTED_CHARS
                ? text
                : text.substring(0, MAX_QUOTED_CHARS) + "...";
    }
}
