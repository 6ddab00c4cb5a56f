package dev.lychee.rerank.schemas;

import com.fasterxml.jackson.annotation.JsonCreator;
import org.jspecify.annotations.Nullable;

/**
 * What the user asked for: a text, a picture, or both. On the wire a plain string stands for a
 * query with that text.
 *
 * @param text the words of the query
 * @param image a picture to be matched
 */
public record Query(@Nullable String text, @Nullable ImageReference image) {

    @JsonCreator(mode = JsonCreator.Mode.PROPERTIES)
    public Query {}

    /** A query of words only. */
    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    public static Query ofText(String text) {
        return new Query(text, null);
    }
}
