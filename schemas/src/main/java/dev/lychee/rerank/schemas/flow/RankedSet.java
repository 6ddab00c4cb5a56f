package dev.lychee.rerank.schemas.flow;

import dev.lychee.rerank.schemas.RerankedResult;
import org.jspecify.annotations.Nullable;

/**
 * A finished result on its way to the sink.
 *
 * @param result the result
 * @param origin the source record it answers; the first one of several shards
 * @param traceparent W3C trace context, carried through from the source
 */
public record RankedSet(
        RerankedResult result, SourcePosition origin, @Nullable String traceparent) {}
