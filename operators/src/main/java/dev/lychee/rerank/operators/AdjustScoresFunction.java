package dev.lychee.rerank.operators;

import dev.lychee.rerank.schemas.TraceStep;
import dev.lychee.rerank.schemas.flow.ScoredSet;
import org.apache.flink.api.common.functions.MapFunction;

/**
 * Makes the final {@code score} of {@code calibrated} or {@code normalized}, whichever the profile
 * takes as its base.
 *
 * <p><b>State</b>: none. <b>Time</b>: none. <b>Failure</b>: none.
 */
public final class AdjustScoresFunction implements MapFunction<ScoredSet, ScoredSet> {

    static final String STEP = "adjust";

    @Override
    public ScoredSet map(ScoredSet set) {
        String base = set.first().profile().effective().adjust().base();
        double[] score = base.equals("calibrated") ? set.calibrated() : set.normalized();
        return set.withScore(score, new TraceStep(STEP, base, 0.0, null));
    }
}
