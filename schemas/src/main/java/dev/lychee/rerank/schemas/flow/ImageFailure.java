package dev.lychee.rerank.schemas.flow;

/**
 * A picture that could not be read, on its way to the dead letters.
 *
 * @param position index of the candidate in its envelope, 0-based; -1 for the query
 * @param index place among the pictures, 0-based
 * @param code why, to count by
 * @param message why, as a sentence
 * @param source its address, or the beginning of its base64; bounded
 */
public record ImageFailure(int position, int index, String code, String message, String source) {

    /** Position of the query. */
    public static final int QUERY = -1;
}
