package dev.lychee.rerank.schemas.flow;

import org.jspecify.annotations.Nullable;

/**
 * What somebody did with a document of a result.
 *
 * @param requestId the request that was answered
 * @param itemId the document
 * @param client who it was; empty where the feed does not say
 * @param weight how much relevance the action means, 0..1; 0 says only that the document was seen
 * @param kind which rate of an experiment the action counts for; null for none
 * @param timestampMillis time of the record, never in the future
 */
public record InteractionEvent(
        String requestId,
        String itemId,
        String client,
        double weight,
        @Nullable ActionKind kind,
        long timestampMillis) {}
