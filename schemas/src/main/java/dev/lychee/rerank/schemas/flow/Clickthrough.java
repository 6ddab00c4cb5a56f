package dev.lychee.rerank.schemas.flow;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A served result joined with what users did with it.
 *
 * @param requestId the request
 * @param client who acted; empty where nobody did or the feed does not say
 * @param fingerprint what the logits were made with
 * @param segment the user group
 * @param mapSegment the user group whose map was used, its own or one that it is part of; null for
 *     identity
 * @param mapVersion version of that map; 0 for identity
 * @param epoch number of the epoch in which it was served
 * @param explored whether the order was partly random
 * @param items what was shown, at least one
 */
public record Clickthrough(
        String requestId,
        String client,
        String fingerprint,
        String segment,
        @Nullable String mapSegment,
        long mapVersion,
        long epoch,
        boolean explored,
        List<ShownItem> items) {}
