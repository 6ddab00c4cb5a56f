package dev.lychee.rerank.operators;

import dev.lychee.rerank.operators.postprocess.Ranking;
import dev.lychee.rerank.operators.postprocess.ThresholdOptions;
import dev.lychee.rerank.operators.postprocess.ThresholdOutcome;
import dev.lychee.rerank.operators.postprocess.Thresholders;
import dev.lychee.rerank.schemas.Status;
import dev.lychee.rerank.schemas.ThresholdDecision;
import dev.lychee.rerank.schemas.ThresholdSpec;
import dev.lychee.rerank.schemas.TraceStep;
import dev.lychee.rerank.schemas.flow.Adjustment;
import dev.lychee.rerank.schemas.flow.ScoredSet;
import java.util.Arrays;
import java.util.Objects;
import org.apache.flink.api.common.functions.MapFunction;

/**
 * Cuts the set where relevance ends: marks as kept what is at or above the threshold.
 *
 * <p>Where a cut is made, candidates without a score are not kept; where none is made, they stay.
 *
 * <p><b>State</b>: none. <b>Time</b>: none. <b>Failure</b>: none; without a clean cut all are kept,
 * and the reason says so.
 */
public final class ApplyThresholdFunction implements MapFunction<ScoredSet, ScoredSet> {

    static final String STEP = "threshold";

    @Override
    public ScoredSet map(ScoredSet set) {
        ThresholdSpec spec = set.first().profile().effective().threshold();
        String strategy = Objects.requireNonNullElse(spec.strategy(), "none");
        String on =
                Objects.requireNonNullElse(
                        spec.on(), strategy.equals("fixed") ? "calibrated" : "score");
        double[] values = on.equals("calibrated") ? set.calibrated() : set.score();
        boolean[] kept;
        ThresholdDecision decision;
        if (set.status() == Status.FALLBACK) {
            kept = new boolean[set.size()];
            Arrays.fill(kept, true);
            decision =
                    new ThresholdDecision(strategy, on, null, null, "nothing was scored, kept all");
        } else {
            boolean[] competing = set.competing();
            ThresholdOutcome outcome =
                    Thresholders.of(strategy, options(spec)).decide(values, competing);
            boolean cuts = outcome.kept() < count(competing);
            kept =
                    outcome.marks(
                            Ranking.byScore(values, set.logit(), competing, set.retrievalRank()));
            if (!cuts) {
                Arrays.fill(kept, true);
            }
            decision =
                    new ThresholdDecision(
                            strategy,
                            on,
                            cuts || outcome.applied() ? (Double) outcome.value() : null,
                            outcome.separation(),
                            outcome.reason());
        }
        Adjustment adjustment = set.adjustment();
        for (int i = 0; adjustment != null && i < kept.length; i++) {
            kept[i] &= adjustment.dropReason()[i] == null;
        }
        TraceStep step =
                new TraceStep(
                        STEP, strategy, null, "kept %d of %d".formatted(count(kept), set.size()));
        return set.withThreshold(kept, decision, step);
    }

    private static ThresholdOptions options(ThresholdSpec spec) {
        ThresholdOptions defaults = ThresholdOptions.DEFAULTS;
        int minKeep = Objects.requireNonNullElse(spec.minKeep(), defaults.minKeep());
        return new ThresholdOptions(
                Objects.requireNonNullElse(spec.value(), defaults.fixedValue()),
                Objects.requireNonNullElse(spec.share(), defaults.keepShare()),
                Objects.requireNonNullElse(spec.minGap(), defaults.minGap()),
                Objects.requireNonNullElse(spec.minSeparation(), defaults.minSeparation()),
                minKeep,
                // A set may ask for more than its profile allows: its wish to keep wins.
                Math.max(minKeep, Objects.requireNonNullElse(spec.maxKeep(), defaults.maxKeep())));
    }

    private static int count(boolean[] flags) {
        int count = 0;
        for (boolean flag : flags) {
            count += flag ? 1 : 0;
        }
        return count;
    }
}
