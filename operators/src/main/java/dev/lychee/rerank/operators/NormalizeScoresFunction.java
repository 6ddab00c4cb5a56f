package dev.lychee.rerank.operators;

import dev.lychee.rerank.operators.postprocess.ScoreNormalizer;
import dev.lychee.rerank.operators.postprocess.ScoreNormalizer.Normalized;
import dev.lychee.rerank.operators.postprocess.ScoreNormalizers;
import dev.lychee.rerank.operators.postprocess.Trace;
import dev.lychee.rerank.schemas.Profile;
import dev.lychee.rerank.schemas.TraceStep;
import dev.lychee.rerank.schemas.flow.ScoredSet;
import org.apache.flink.api.common.functions.MapFunction;

/**
 * Makes the scores of a set comparable inside it: {@code logit} or {@code probability} to {@code
 * normalized}.
 *
 * <p><b>State</b>: none. <b>Time</b>: none. <b>Failure</b>: none; a set whose scores are all equal
 * gets 0.5 and the note {@code degenerate}.
 */
public final class NormalizeScoresFunction implements MapFunction<ScoredSet, ScoredSet> {

    static final String STEP = "normalize";

    @Override
    public ScoredSet map(ScoredSet set) {
        Profile.Normalize spec = set.first().profile().effective().normalize();
        // Without a strategy the set keeps the values that are 0..1 already.
        boolean none = spec.strategy().equals("none");
        double[] input = none || spec.on().equals("probability") ? set.probability() : set.logit();
        ScoreNormalizer normalizer = ScoreNormalizers.of(spec.strategy());
        Normalized normalized = normalizer.normalize(input, set.scored());
        return set.withNormalized(
                normalized.values(),
                new TraceStep(
                        STEP,
                        spec.strategy(),
                        Trace.meanAbsoluteChange(
                                set.probability(), normalized.values(), set.scored()),
                        normalized.degenerate() ? "degenerate" : null));
    }
}
