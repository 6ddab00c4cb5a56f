package dev.lychee.rerank.deploy.eval;

import dev.lychee.rerank.deploy.UserMistakeException;
import dev.lychee.rerank.deploy.eval.EvaluationReport.ErrorReport;
import dev.lychee.rerank.operators.calibration.CalibrationFit;
import dev.lychee.rerank.operators.calibration.CalibrationFit.HeldOut;
import dev.lychee.rerank.operators.calibration.InvalidCalibrationException;
import dev.lychee.rerank.operators.calibration.JudgedPair;
import dev.lychee.rerank.operators.evaluation.CalibrationMetrics;
import dev.lychee.rerank.operators.evaluation.CalibrationMetrics.ReliabilityBin;
import dev.lychee.rerank.operators.postprocess.Probability;
import dev.lychee.rerank.schemas.CalibrationMap;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A fitted map and how good its method is on requests it has not seen.
 *
 * @param map the map, fitted on all pairs
 * @param requests judged requests
 * @param pairs judged pairs
 * @param unscored of those, pairs without a logit
 * @param relevant share of the pairs that is relevant
 * @param folds parts of the cross-validation
 * @param before errors of {@code sigmoid(logit)}
 * @param heldOut errors of each method on held-out requests, by its name; a method that cannot be
 *     fitted is left out
 * @param reliabilityBefore bins of {@code sigmoid(logit)}
 * @param reliabilityHeldOut bins of the map's method on held-out requests
 */
public record CalibrationReport(
        CalibrationMap map,
        int requests,
        int pairs,
        int unscored,
        double relevant,
        int folds,
        ErrorReport before,
        Map<String, ErrorReport> heldOut,
        List<ReliabilityBin> reliabilityBefore,
        List<ReliabilityBin> reliabilityHeldOut) {

    private static final int BINS = 10;

    /**
     * How maps are fitted.
     *
     * @param method the method of the map
     * @param folds parts of the cross-validation, at least 2
     * @param maxLosses losses that get a cut
     * @param confidence of those cuts; null for on average
     * @param version of the map
     */
    public record Plan(
            String method,
            int folds,
            List<Double> maxLosses,
            @Nullable Double confidence,
            long version) {}

    /**
     * Fits a map.
     *
     * @throws UserMistakeException if nothing can be learned from the pairs
     */
    public static CalibrationReport fit(
            String fingerprint, String segment, List<JudgedPair> pairs, Plan plan) {
        try {
            CalibrationMap map =
                    CalibrationFit.withGuarantees(
                            CalibrationFit.fit(
                                    plan.method(), fingerprint, segment, plan.version(), pairs),
                            pairs,
                            plan.maxLosses(),
                            plan.confidence());
            return report(map, pairs, plan);
        } catch (InvalidCalibrationException e) {
            throw new UserMistakeException("No map can be fitted: " + e.getMessage() + ".");
        }
    }

    private static CalibrationReport report(CalibrationMap map, List<JudgedPair> pairs, Plan plan)
            throws InvalidCalibrationException {
        HeldOut own = CalibrationFit.crossValidate(plan.method(), pairs, plan.folds());
        double[] before = new double[own.logits().length];
        for (int i = 0; i < before.length; i++) {
            before[i] = Probability.sigmoid(own.logits()[i]);
        }
        Map<String, ErrorReport> heldOut = new LinkedHashMap<>();
        for (String method : CalibrationFit.METHODS) {
            HeldOut held = method.equals(plan.method()) ? own : compared(method, pairs, plan);
            if (held != null) {
                heldOut.put(method, Evaluation.errors(held.probabilities(), held.labels()));
            }
        }
        return new CalibrationReport(
                map,
                (int) pairs.stream().map(JudgedPair::requestId).distinct().count(),
                pairs.size(),
                pairs.size() - own.logits().length,
                pairs.stream().mapToDouble(JudgedPair::label).average().orElse(0),
                plan.folds(),
                Evaluation.errors(before, own.labels()),
                heldOut,
                CalibrationMetrics.reliability(before, own.labels(), BINS),
                CalibrationMetrics.reliability(own.probabilities(), own.labels(), BINS));
    }

    /** A method that is shown for comparison only; null if it cannot be fitted. */
    private static @Nullable HeldOut compared(String method, List<JudgedPair> pairs, Plan plan) {
        try {
            return CalibrationFit.crossValidate(method, pairs, plan.folds());
        } catch (InvalidCalibrationException notThisOne) {
            return null;
        }
    }

    /**
     * A text plot: per bin its mean probability, what really was relevant, and how sure that is.
     */
    static List<String> plot(List<ReliabilityBin> bins, int width) {
        List<String> lines = new ArrayList<>();
        for (ReliabilityBin bin : bins) {
            char[] line = " ".repeat(width).toCharArray();
            int low = column(bin.meanLabelInterval().low(), width);
            int high = column(bin.meanLabelInterval().high(), width);
            for (int i = low; i <= high; i++) {
                line[i] = '─';
            }
            line[column(bin.meanProbability(), width)] = '|';
            line[column(bin.meanLabel(), width)] = '●';
            lines.add(new String(line));
        }
        return lines;
    }

    private static int column(double share, int width) {
        return (int) Math.round(share * (width - 1));
    }
}
