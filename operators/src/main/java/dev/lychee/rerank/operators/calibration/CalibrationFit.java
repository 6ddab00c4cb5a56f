package dev.lychee.rerank.operators.calibration;

import dev.lychee.rerank.operators.postprocess.IsotonicFit;
import dev.lychee.rerank.operators.postprocess.LossControl;
import dev.lychee.rerank.operators.postprocess.PlattFit;
import dev.lychee.rerank.operators.postprocess.TemperatureFit;
import dev.lychee.rerank.schemas.CalibrationMap;
import dev.lychee.rerank.schemas.LossGuarantee;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.function.ToDoubleFunction;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;

/**
 * Fits calibration maps to judged pairs, and says how good they are on pairs they have not seen.
 */
public final class CalibrationFit {

    /** Names that {@link #fit} knows. */
    public static final List<String> METHODS = List.of("isotonic", "platt", "temperature");

    private static final double RELEVANT = 0.5;

    private CalibrationFit() {}

    /**
     * A map without guarantees.
     *
     * @param method one of {@link #METHODS}
     * @param fingerprint what the logits were made with
     * @param segment the user group that the pairs are of
     * @param version larger than that of every earlier map of the same fingerprint and segment
     * @param pairs judged pairs; those without a logit take no part
     * @throws InvalidCalibrationException when nothing can be learned from the pairs, saying why
     */
    public static CalibrationMap fit(
            String method, String fingerprint, String segment, long version, List<JudgedPair> pairs)
            throws InvalidCalibrationException {
        List<JudgedPair> scored = scored(pairs);
        double relevant = scored.stream().mapToDouble(JudgedPair::label).sum();
        if (relevant == 0 || relevant == scored.size()) {
            throw new InvalidCalibrationException(
                    "segment %s: %s of its %d scored pairs are relevant; both kinds are needed"
                            .formatted(segment, relevant == 0 ? "none" : "all", scored.size()));
        }
        double[] logits = column(scored, JudgedPair::logit);
        double[] labels = column(scored, JudgedPair::label);
        double[] weights = new double[logits.length];
        Arrays.fill(weights, 1);
        Fitted fitted =
                switch (method) {
                    case "isotonic" -> isotonic(IsotonicFit.fit(logits, labels, weights));
                    case "platt" -> platt(PlattFit.fit(logits, labels, weights), segment);
                    case "temperature" -> temperature(TemperatureFit.fit(logits, labels, weights));
                    default ->
                            throw new IllegalArgumentException(
                                    "Unknown method '" + method + "', known are " + METHODS);
                };
        return new CalibrationMap(
                CalibrationMap.SCHEMA,
                fingerprint,
                segment,
                version,
                method,
                fitted.logits,
                fitted.probabilities,
                fitted.low,
                fitted.high,
                fitted.slope,
                fitted.intercept,
                scored.size(),
                fitted.temperature,
                fitted.covariance,
                List.of(),
                null);
    }

    /**
     * The map with no other guarantees than a cut for each loss, as far as the judged requests
     * carry it. Cuts are fitted on logits, so they hold for whatever map the same pairs gave.
     *
     * @param maxLosses largest shares of the relevant candidates that may be lost, 0..1
     * @param confidence how sure that must be, above 0, below 1; null for on average
     */
    public static CalibrationMap withGuarantees(
            CalibrationMap map,
            List<JudgedPair> pairs,
            List<Double> maxLosses,
            @Nullable Double confidence) {
        List<double[]> relevant = relevantByRequest(pairs);
        List<LossGuarantee> guarantees = new ArrayList<>();
        for (double maxLoss : maxLosses) {
            OptionalDouble cut =
                    confidence == null
                            ? LossControl.onAverage(relevant, maxLoss)
                            : LossControl.withConfidence(relevant, maxLoss, confidence);
            if (cut.isPresent()) {
                guarantees.add(
                        new LossGuarantee(maxLoss, confidence, cut.getAsDouble(), relevant.size()));
            }
        }
        return map.withGuarantees(guarantees);
    }

    /** Logits of the relevant candidates of each request that has one. */
    public static List<double[]> relevantByRequest(List<JudgedPair> pairs) {
        Map<String, List<JudgedPair>> byRequest = new LinkedHashMap<>();
        for (JudgedPair pair : pairs) {
            if (pair.label() >= RELEVANT) {
                byRequest.computeIfAbsent(pair.requestId(), id -> new ArrayList<>()).add(pair);
            }
        }
        return byRequest.values().stream().map(each -> column(each, JudgedPair::logit)).toList();
    }

    /**
     * Probabilities of pairs by maps that were fitted without their requests.
     *
     * @param probabilities 0..1
     * @param logits what they were made from
     * @param labels 0..1
     */
    @SuppressWarnings("ArrayRecordComponent") // handed over once, never compared
    public record HeldOut(double[] probabilities, double[] logits, double[] labels) {}

    /**
     * Cross-validation. Whole requests are held out, chosen by a hash of their id, so that the same
     * input gives the same folds.
     *
     * @param folds number of parts, at least 2
     * @throws InvalidCalibrationException when a part leaves nothing to learn from
     */
    public static HeldOut crossValidate(String method, List<JudgedPair> pairs, int folds)
            throws InvalidCalibrationException {
        if (folds < 2) {
            throw new IllegalArgumentException("Folds must be 2 or more, got " + folds);
        }
        List<JudgedPair> scored = scored(pairs);
        List<JudgedPair> held = new ArrayList<>();
        double[] probabilities = new double[scored.size()];
        for (int fold = 0; fold < folds; fold++) {
            List<JudgedPair> inside = new ArrayList<>();
            List<JudgedPair> outside = new ArrayList<>();
            for (JudgedPair pair : scored) {
                (fold(pair, folds) == fold ? inside : outside).add(pair);
            }
            if (inside.isEmpty()) {
                continue;
            }
            double[] logits = column(inside, JudgedPair::logit);
            boolean[] usable = new boolean[logits.length];
            Arrays.fill(usable, true);
            double[] part =
                    CalibrationMaps.calibrator(fit(method, "", "held out", 1, outside))
                            .calibrate(logits, usable)
                            .calibrated();
            System.arraycopy(part, 0, probabilities, held.size(), part.length);
            held.addAll(inside);
        }
        return new HeldOut(
                probabilities, column(held, JudgedPair::logit), column(held, JudgedPair::label));
    }

    private static int fold(JudgedPair pair, int folds) {
        CRC32 hash = new CRC32();
        hash.update(pair.requestId().getBytes(StandardCharsets.UTF_8));
        return (int) (hash.getValue() % folds);
    }

    private static List<JudgedPair> scored(List<JudgedPair> pairs) {
        return pairs.stream().filter(pair -> Double.isFinite(pair.logit())).toList();
    }

    private static double[] column(List<JudgedPair> pairs, ToDoubleFunction<JudgedPair> value) {
        return pairs.stream().mapToDouble(value).toArray();
    }

    /** What a method learned; null is what it does not use. */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Fitted(
            double @Nullable [] logits,
            double @Nullable [] probabilities,
            double @Nullable [] low,
            double @Nullable [] high,
            @Nullable Double slope,
            @Nullable Double intercept,
            @Nullable Double temperature,
            double @Nullable [] covariance) {}

    private static Fitted isotonic(IsotonicFit fit) {
        List<IsotonicFit.Block> blocks = fit.blocks();
        return new Fitted(
                blocks.stream().mapToDouble(IsotonicFit.Block::centreLogit).toArray(),
                blocks.stream().mapToDouble(IsotonicFit.Block::probability).toArray(),
                blocks.stream().mapToDouble(IsotonicFit.Block::low).toArray(),
                blocks.stream().mapToDouble(IsotonicFit.Block::high).toArray(),
                null,
                null,
                null,
                null);
    }

    private static Fitted platt(@Nullable PlattFit fit, String segment)
            throws InvalidCalibrationException {
        if (fit == null || !(fit.slope() > 0)) {
            throw new InvalidCalibrationException(
                    "segment %s: relevance does not rise with the logit; do the labels belong to these logits?"
                            .formatted(segment));
        }
        return new Fitted(
                null, null, null, null, fit.slope(), fit.intercept(), null, fit.covariance());
    }

    private static Fitted temperature(@Nullable TemperatureFit fit) {
        if (fit == null) {
            throw new IllegalStateException("there are samples of both kinds");
        }
        return new Fitted(
                null,
                null,
                null,
                null,
                null,
                null,
                fit.temperature(),
                new double[] {fit.inverseVariance()});
    }
}
