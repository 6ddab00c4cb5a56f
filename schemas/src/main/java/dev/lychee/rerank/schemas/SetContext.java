package dev.lychee.rerank.schemas;

import org.jspecify.annotations.Nullable;

/**
 * Who asks, and in which situation.
 *
 * @param userId identity of the user
 * @param sessionId identity of the session
 * @param userSegment group of the user, such as {@code free}
 * @param locale language and region as a BCP 47 tag
 * @param queryType kind of the query, such as {@code style}; evaluation reports by it
 * @param priceIntent {@code low}, {@code medium} or {@code high}
 */
public record SetContext(
        @Nullable String userId,
        @Nullable String sessionId,
        @Nullable String userSegment,
        @Nullable String locale,
        @Nullable String queryType,
        @Nullable String priceIntent) {

    public static final SetContext EMPTY = new SetContext(null, null, null, null, null, null);
}
