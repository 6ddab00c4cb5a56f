package dev.lychee.rerank.schemas;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One document that a retriever found. Needs an id and at least one of text, title and picture.
 *
 * @param id identity of the document, unique inside its set
 * @param text the whole text, taken as it is
 * @param title short name of the product or page
 * @param description longer prose
 * @param sellingPoints short phrases, most important first
 * @param category name or path of the category
 * @param url where the document can be seen
 * @param image the main picture
 * @param images further pictures
 * @param retrievalScore the retriever's own score, higher is better
 * @param fields typed values that signals and rules read
 */
public record Candidate(
        String id,
        @Nullable String text,
        @Nullable String title,
        @Nullable String description,
        List<String> sellingPoints,
        @Nullable String category,
        @Nullable String url,
        @Nullable ImageReference image,
        List<ImageReference> images,
        @Nullable Double retrievalScore,
        Map<String, FieldValue> fields) {

    public Candidate {
        sellingPoints = Objects.requireNonNullElse(sellingPoints, List.of());
        images = Objects.requireNonNullElse(images, List.of());
        fields = Objects.requireNonNullElse(fields, Map.of());
    }

    /** A document that is only a text. */
    public static Candidate ofText(String id, String text) {
        return new Candidate(
                id, text, null, null, List.of(), null, null, null, List.of(), null, Map.of());
    }

    /** All pictures, the main one first. */
    public List<ImageReference> allImages() {
        if (image == null) {
            return images;
        }
        if (images.isEmpty()) {
            return List.of(image);
        }
        List<ImageReference> all = new ArrayList<>(images.size() + 1);
        all.add(image);
        all.addAll(images);
        return all;
    }
}
