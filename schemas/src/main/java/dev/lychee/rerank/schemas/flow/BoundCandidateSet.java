package dev.lychee.rerank.schemas.flow;

import dev.lychee.rerank.schemas.CandidateSet;
import org.jspecify.annotations.Nullable;

/**
 * The envelope: one record of a request with everything it depends on. It goes straight to the
 * assembler, once; its pairs go there by way of the scorer as {@link ScoreTask}s.
 *
 * @param envelopeId identity of the source record
 * @param source where the record came from
 * @param sourceTimestampMillis the record's timestamp in epoch milliseconds
 * @param traceparent W3C trace context of the producer
 * @param contentHash SHA-256 of the record's value, in hexadecimal
 * @param set the set as it came
 * @param profile the profile, resolved
 * @param query the query text the model reads; empty for a picture-only query
 * @param deadlineMillis epoch milliseconds when an answer is due; {@link Long#MAX_VALUE} without a
 *     deadline
 * @param taskCount how many score tasks the candidates were split into
 */
public record BoundCandidateSet(
        String envelopeId,
        SourcePosition source,
        long sourceTimestampMillis,
        @Nullable String traceparent,
        String contentHash,
        CandidateSet set,
        BoundProfile profile,
        String query,
        long deadlineMillis,
        int taskCount) {

    public BoundCandidateSet withTaskCount(int count) {
        return new BoundCandidateSet(
                envelopeId,
                source,
                sourceTimestampMillis,
                traceparent,
                contentHash,
                set,
                profile,
                query,
                deadlineMillis,
                count);
    }
}
