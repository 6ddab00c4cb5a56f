package dev.lychee.rerank.schemas;

import com.fasterxml.jackson.annotation.JsonAlias;
import com.fasterxml.jackson.databind.annotation.JsonDeserialize;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A query and the documents that a retriever found for it, in the retriever's order.
 *
 * @param requestId identity of the request; the result carries it
 * @param timestamp when the request was made; the record's own timestamp when absent
 * @param query what was asked
 * @param candidates the documents, best first as the retriever saw it
 * @param instruction what the model is asked to judge; the profile's or the model's when absent
 * @param profile name of the profile; the job's default when absent
 * @param topN at most so many results
 * @param scoreThreshold replaces the threshold strategy by a fixed one; on the profile's scale
 * @param deadlineMs milliseconds after the record's timestamp when an answer is of no more use
 * @param context who asks
 * @param overrides what this set wants different from its profile
 * @param shard which part of the request this is
 */
public record CandidateSet(
        String requestId,
        @Nullable Instant timestamp,
        Query query,
        @JsonAlias("documents") @JsonDeserialize(using = CandidatesDeserializer.class)
                List<Candidate> candidates,
        @Nullable String instruction,
        @Nullable String profile,
        @JsonAlias("top_k") @Nullable Integer topN,
        @Nullable Double scoreThreshold,
        @Nullable Long deadlineMs,
        SetContext context,
        Overrides overrides,
        Shard shard) {

    public CandidateSet {
        context = Objects.requireNonNullElse(context, SetContext.EMPTY);
        overrides = Objects.requireNonNullElse(overrides, Overrides.NONE);
        shard = Objects.requireNonNullElse(shard, Shard.WHOLE);
    }
}
