package dev.lychee.rerank.operators;

import dev.lychee.rerank.schemas.flow.AssemblyInput;
import dev.lychee.rerank.schemas.flow.BoundCandidateSet;
import org.apache.flink.api.common.functions.MapFunction;

/** Gives envelopes the type that the assembler receives. */
public final class WrapEnvelopeFunction implements MapFunction<BoundCandidateSet, AssemblyInput> {

    @Override
    public AssemblyInput map(BoundCandidateSet envelope) {
        return AssemblyInput.of(envelope);
    }
}
