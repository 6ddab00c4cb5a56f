package dev.lychee.rerank.operators;

import dev.lychee.rerank.operators.profile.ProfileBinder;
import dev.lychee.rerank.operators.profile.ProfileCatalog;
import dev.lychee.rerank.schemas.Candidate;
import dev.lychee.rerank.schemas.CandidateSet;
import dev.lychee.rerank.schemas.InvalidMessageException;
import dev.lychee.rerank.schemas.ModelReference;
import dev.lychee.rerank.schemas.Overrides;
import dev.lychee.rerank.schemas.Query;
import dev.lychee.rerank.schemas.SetContext;
import dev.lychee.rerank.schemas.Shard;
import dev.lychee.rerank.schemas.flow.BoundCandidateSet;
import dev.lychee.rerank.schemas.flow.PairOutcome;
import dev.lychee.rerank.schemas.flow.ScoringOutcome;
import dev.lychee.rerank.schemas.flow.SourcePosition;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Makes sets, envelopes and outcomes for tests. */
final class TestingSets {

    static final String FINGERPRINT = "0123456789abcdef";

    private TestingSets() {}

    static CandidateSet set(
            String requestId, @Nullable String profile, Shard shard, String... ids) {
        return new CandidateSet(
                requestId,
                null,
                Query.ofText("red dress"),
                Arrays.stream(ids).map(id -> Candidate.ofText(id, "text of " + id)).toList(),
                null,
                profile,
                null,
                null,
                null,
                SetContext.EMPTY,
                Overrides.NONE,
                shard);
    }

    static BoundCandidateSet envelope(
            CandidateSet set, long offset, long deadlineMillis, int taskCount) {
        try {
            return new BoundCandidateSet(
                    "candidate-sets-0-" + offset,
                    new SourcePosition("candidate-sets", 0, offset),
                    0,
                    null,
                    "hash-" + offset,
                    set,
                    new ProfileBinder(ProfileCatalog.presets(), "default").bind(set),
                    String.valueOf(set.query().text()),
                    deadlineMillis,
                    taskCount);
        } catch (InvalidMessageException e) {
            throw new IllegalArgumentException(e);
        }
    }

    /** A whole request of one task without a deadline. */
    static BoundCandidateSet envelope(String requestId, long offset, String... ids) {
        return envelope(set(requestId, null, Shard.WHOLE, ids), offset, Long.MAX_VALUE, 1);
    }

    static BoundCandidateSet shard(
            String requestId, long offset, String retriever, int index, int count, String... ids) {
        return envelope(
                set(requestId, null, new Shard(retriever, index, count), ids),
                offset,
                Long.MAX_VALUE,
                1);
    }

    /** The outcome of an envelope's task with the given logits; NaN for a failed pair. */
    static ScoringOutcome outcome(
            BoundCandidateSet envelope, int task, int firstPosition, double... logits) {
        List<PairOutcome> pairs = new ArrayList<>();
        for (int i = 0; i < logits.length; i++) {
            pairs.add(
                    Double.isNaN(logits[i])
                            ? PairOutcome.failed(firstPosition + i, "failed on purpose")
                            : PairOutcome.scored(firstPosition + i, logits[i], false));
        }
        return new ScoringOutcome(
                envelope.set().requestId(),
                envelope.envelopeId(),
                task,
                FINGERPRINT,
                List.of(new ModelReference("testing", "1")),
                1,
                pairs,
                1,
                2,
                0,
                List.of());
    }

    static ScoringOutcome outcome(BoundCandidateSet envelope, double... logits) {
        return outcome(envelope, 0, 0, logits);
    }
}
