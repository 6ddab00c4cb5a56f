package dev.lychee.rerank.schemas.flow;

import org.jspecify.annotations.Nullable;

/**
 * A record as the sink writes it.
 *
 * @param key the record's key
 * @param value the record's value, JSON in UTF-8
 * @param schema version of the value's shape, for the header {@code schema}
 * @param traceparent W3C trace context, carried through from the source
 * @param origin the source record it answers; the first one of several shards
 */
public record SinkRecord(
        String key,
        byte[] value,
        int schema,
        @Nullable String traceparent,
        SourcePosition origin) {}
