package dev.lychee.rerank.schemas.flow;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What remains of a result until its clicks have come.
 *
 * @param requestId the request it answers
 * @param fingerprint what its logits were made with
 * @param segment the user group
 * @param mapSegment the user group whose map was used, its own or one that it is part of; null for
 *     identity
 * @param mapVersion version of that map; 0 for identity
 * @param servedMillis time of its record, never in the future
 * @param explored whether its order was partly random
 * @param items what was shown at the ranks that count, in rank order
 * @param participation the arm of an experiment that made it; null without one
 * @param untrained whether it counts for that experiment only, and no map learns from it
 */
public record ServedResult(
        String requestId,
        String fingerprint,
        String segment,
        @Nullable String mapSegment,
        long mapVersion,
        long servedMillis,
        boolean explored,
        List<ServedItem> items,
        @Nullable Participation participation,
        boolean untrained) {}
