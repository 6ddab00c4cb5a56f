package dev.lychee.rerank.operators;

import dev.lychee.rerank.schemas.flow.AssemblyInput;
import dev.lychee.rerank.schemas.flow.ScoringOutcome;
import org.apache.flink.api.common.functions.MapFunction;

/** Gives scoring outcomes the type that the assembler receives. */
public final class WrapOutcomeFunction implements MapFunction<ScoringOutcome, AssemblyInput> {

    @Override
    public AssemblyInput map(ScoringOutcome outcome) {
        return AssemblyInput.of(outcome);
    }
}
