package dev.lychee.rerank.schemas.flow;

import org.jspecify.annotations.Nullable;

/**
 * What the assembler receives: an envelope or the outcome of one of its tasks.
 *
 * @param requestId the key
 * @param envelope set for an envelope
 * @param outcome set for an outcome
 */
public record AssemblyInput(
        String requestId, @Nullable BoundCandidateSet envelope, @Nullable ScoringOutcome outcome) {

    public static AssemblyInput of(BoundCandidateSet envelope) {
        return new AssemblyInput(envelope.set().requestId(), envelope, null);
    }

    public static AssemblyInput of(ScoringOutcome outcome) {
        return new AssemblyInput(outcome.requestId(), null, outcome);
    }
}
