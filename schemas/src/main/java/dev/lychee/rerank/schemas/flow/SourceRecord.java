package dev.lychee.rerank.schemas.flow;

import org.jspecify.annotations.Nullable;

/**
 * A record as the source gave it, not yet looked at.
 *
 * @param position where it came from
 * @param timestampMillis the record's timestamp in epoch milliseconds
 * @param traceparent W3C trace context of the producer, from the header of that name
 * @param value the bytes; null for a Kafka tombstone
 */
public record SourceRecord(
        SourcePosition position,
        long timestampMillis,
        @Nullable String traceparent,
        byte @Nullable [] value) {}
