package dev.lychee.rerank.operators;

import dev.lychee.rerank.operators.calibration.CalibrationMaps;
import dev.lychee.rerank.operators.postprocess.Calibrator;
import dev.lychee.rerank.operators.postprocess.GuaranteedCut;
import dev.lychee.rerank.operators.postprocess.IdentityCalibrator;
import dev.lychee.rerank.operators.postprocess.Ranking;
import dev.lychee.rerank.operators.postprocess.ThresholdOptions;
import dev.lychee.rerank.operators.postprocess.ThresholdOutcome;
import dev.lychee.rerank.operators.postprocess.Thresholders;
import dev.lychee.rerank.schemas.CalibrationMap;
import dev.lychee.rerank.schemas.CalibrationReference;
import dev.lychee.rerank.schemas.LossGuarantee;
import dev.lychee.rerank.schemas.Status;
import dev.lychee.rerank.schemas.ThresholdDecision;
import dev.lychee.rerank.schemas.ThresholdSpec;
import dev.lychee.rerank.schemas.TraceStep;
import dev.lychee.rerank.schemas.flow.Adjustment;
import dev.lychee.rerank.schemas.flow.ScoredSet;
import java.util.Arrays;
import java.util.Objects;
import org.apache.flink.api.common.functions.MapFunction;
import org.jspecify.annotations.Nullable;

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

    private static final double DEFAULT_MAX_LOSS = 0.1;
    private static final double DEFAULT_CONFIDENCE = 0.9;

    @Override
    public ScoredSet map(ScoredSet set) {
        ThresholdSpec spec = set.first().profile().effective().threshold();
        String strategy = Objects.requireNonNullElse(spec.strategy(), "none");
        String on = field(strategy, spec);
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
                    Thresholders.of(strategy, options(spec, set))
                            .decide(values, set.calibrated(), competing);
            boolean cuts = outcome.kept() < count(competing);
            if (cuts) {
                kept =
                        outcome.marks(
                                Ranking.byScore(
                                        values, set.logit(), competing, set.retrievalRank()));
            } else {
                kept = new boolean[set.size()];
                Arrays.fill(kept, true);
            }
            decision =
                    new ThresholdDecision(
                            strategy,
                            on,
                            cuts || outcome.applied() ? (Double) outcome.value() : null,
                            outcome.separation(),
                            reason(outcome, set));
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

    private static String field(String strategy, ThresholdSpec spec) {
        return switch (strategy) {
            // A guarantee was fitted on logits, which only calibrated follows.
            case "guarantee" -> "calibrated";
            case "fixed" -> Objects.requireNonNullElse(spec.on(), "calibrated");
            default -> Objects.requireNonNullElse(spec.on(), "score");
        };
    }

    /** What is expected of probabilities that nobody calibrated is said to be so. */
    private static String reason(ThresholdOutcome outcome, ScoredSet set) {
        boolean expects =
                outcome.strategy().equals("recall") || outcome.strategy().equals("precision");
        return expects && set.calibration().equals(CalibrationReference.IDENTITY)
                ? outcome.reason() + " (by uncalibrated probabilities)"
                : outcome.reason();
    }

    private static ThresholdOptions options(ThresholdSpec spec, ScoredSet set) {
        ThresholdOptions defaults = ThresholdOptions.DEFAULTS;
        int minKeep = Objects.requireNonNullElse(spec.minKeep(), defaults.minKeep());
        return new ThresholdOptions(
                Objects.requireNonNullElse(spec.value(), defaults.fixedValue()),
                Objects.requireNonNullElse(spec.share(), defaults.keepShare()),
                Objects.requireNonNullElse(spec.minGap(), defaults.minGap()),
                Objects.requireNonNullElse(spec.minSeparation(), defaults.minSeparation()),
                Objects.requireNonNullElse(spec.sensitivity(), defaults.sensitivity()),
                Objects.requireNonNullElse(spec.target(), defaults.recallTarget()),
                Objects.requireNonNullElse(spec.target(), defaults.precisionTarget()),
                "guarantee".equals(spec.strategy()) ? guaranteed(spec, set) : null,
                minKeep,
                // A set may ask for more than its profile allows: its wish to keep wins.
                Math.max(minKeep, Objects.requireNonNullElse(spec.maxKeep(), defaults.maxKeep())));
    }

    private static @Nullable GuaranteedCut guaranteed(ThresholdSpec spec, ScoredSet set) {
        Double value = spec.value();
        double maxLoss = Objects.requireNonNullElse(spec.maxLoss(), DEFAULT_MAX_LOSS);
        double confidence = Objects.requireNonNullElse(spec.confidence(), DEFAULT_CONFIDENCE);
        if (value != null) {
            return new GuaranteedCut(value, maxLoss, confidence, 0);
        }
        CalibrationMap map = set.calibrationMap();
        LossGuarantee found =
                map == null ? null : CalibrationMaps.guarantee(map, maxLoss, confidence);
        return found == null
                ? null
                : new GuaranteedCut(
                        calibrated(found.logit(), set, map),
                        found.maxLoss(),
                        found.confidence(),
                        found.requests());
    }

    /**
     * What the set's own way from logit to {@code calibrated} makes of a logit. It never falls, so
     * whatever has at least that logit has at least this value.
     */
    private static double calibrated(double logit, ScoredSet set, @Nullable CalibrationMap map) {
        Calibrator calibrator =
                map == null || set.calibration().equals(CalibrationReference.IDENTITY)
                        ? new IdentityCalibrator(set.temperature())
                        : CalibrationMaps.calibrator(map);
        return calibrator.calibrate(new double[] {logit}, new boolean[] {true}).calibrated()[0];
    }

    private static int count(boolean[] flags) {
        int count = 0;
        for (boolean flag : flags) {
            count += flag ? 1 : 0;
        }
        return count;
    }
}
