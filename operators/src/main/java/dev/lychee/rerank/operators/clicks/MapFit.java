package dev.lychee.rerank.operators.clicks;

import dev.lychee.rerank.operators.calibration.CalibrationMaps;
import dev.lychee.rerank.operators.postprocess.Calibrator;
import dev.lychee.rerank.operators.postprocess.IdentityCalibrator;
import dev.lychee.rerank.operators.postprocess.WilsonInterval;
import dev.lychee.rerank.schemas.CalibrationMap;
import dev.lychee.rerank.schemas.MapEvidence;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Fits the map of one segment and decides whether it may be published: what was learned must have
 * beaten the map in force on looks that neither knew, and the new map is at most one step away from
 * it.
 */
public final class MapFit {

    /** Why there is a new map, or why not. */
    public enum Verdict {
        /** There is a new map. */
        PUBLISHED,
        /** Too few looks so far, to learn from or to judge by; what is in force serves. */
        TOO_LITTLE_SUPPORT,
        /** Nothing was clicked, or everything, or nothing was shown first. */
        NOT_IDENTIFIABLE,
        /** The map in force does as well on what came since. */
        NOT_BETTER,
        /** The map in force is the same but for noise. */
        UNCHANGED
    }

    /**
     * The outcome of a fit.
     *
     * @param verdict why there is a map, or why not
     * @param map the new map; null unless published
     * @param keptChange relative change of the number of shown documents at or above the limit, 0
     *     for none; 0 unless published
     */
    public record Outcome(Verdict verdict, @Nullable CalibrationMap map, double keptChange) {}

    private MapFit() {}

    /**
     * Fits one segment.
     *
     * @param fingerprint what the logits were made with
     * @param segment the user group
     * @param version of the new map
     * @param counts all there is to learn from
     * @param model how clicks come about
     * @param inForce the map that was published last; null when what was served is what is in force
     * @param rivals how what is in force and what was learned before did on what came since
     */
    public static Outcome fit(
            String fingerprint,
            String segment,
            long version,
            ClickTable counts,
            ClickModel model,
            @Nullable CalibrationMap inForce,
            Rivals rivals,
            FitGuards guards) {
        DebiasedBins learned = DebiasedBins.of(counts, model, guards.smallestSlope());
        if (learned.support() < guards.minSupport()
                || rivals.rival().looks() < guards.minSupport()) {
            return none(Verdict.TOO_LITTLE_SUPPORT);
        }
        if (!isOfBothKinds(learned)) {
            return none(Verdict.NOT_IDENTIFIABLE);
        }
        if (!rivals.rival().isBetterThan(rivals.present())) {
            return none(Verdict.NOT_BETTER);
        }
        double[] present = inForce(learned, inForce);
        double[] next = limited(fitted(learned, learned), present, guards.maxStep());
        if (largestChange(present, next) < guards.minChange()) {
            return none(Verdict.UNCHANGED);
        }
        MapEvidence evidence =
                new MapEvidence(
                        rivals.present().calibrationError(),
                        rivals.rival().calibrationError(),
                        rivals.present().brierScore(),
                        rivals.rival().brierScore());
        return new Outcome(
                Verdict.PUBLISHED,
                map(fingerprint, segment, version, learned, next, evidence),
                keptChange(learned, present, next, guards.keptFrom()));
    }

    private static boolean isOfBothKinds(DebiasedBins bins) {
        return bins.relevant() > 0 && bins.relevant() < bins.support();
    }

    static double[] inForce(DebiasedBins bins, @Nullable CalibrationMap map) {
        return map == null ? bins.served() : at(CalibrationMaps.calibrator(map), bins.logits());
    }

    static double[] fitted(DebiasedBins from, DebiasedBins at) {
        return at(from.fit().centred(new IdentityCalibrator(1)), at.logits());
    }

    private static double[] at(Calibrator calibrator, double[] logits) {
        boolean[] usable = new boolean[logits.length];
        Arrays.fill(usable, true);
        return calibrator.calibrate(logits, usable).calibrated();
    }

    /** Rising where both are: the larger of two rising maps rises, and so does the smaller. */
    static double[] limited(double[] fitted, double[] present, double maxStep) {
        double[] limited = new double[fitted.length];
        for (int i = 0; i < fitted.length; i++) {
            double next = Math.max(present[i] - maxStep, Math.min(present[i] + maxStep, fitted[i]));
            double clipped = Math.max(0, Math.min(1, next));
            // What was served is a mean over bins and may fall a little, which no map does.
            limited[i] = i == 0 ? clipped : Math.max(limited[i - 1], clipped);
        }
        return limited;
    }

    private static double largestChange(double[] before, double[] after) {
        double largest = 0;
        for (int i = 0; i < before.length; i++) {
            largest = Math.max(largest, Math.abs(after[i] - before[i]));
        }
        return largest;
    }

    /** Relative change of the looks at what is at or above the limit. */
    private static double keptChange(
            DebiasedBins bins, double[] before, double[] after, double limit) {
        double keptBefore = 0;
        double keptAfter = 0;
        for (int i = 0; i < before.length; i++) {
            keptBefore += before[i] >= limit ? bins.weights()[i] : 0;
            keptAfter += after[i] >= limit ? bins.weights()[i] : 0;
        }
        double larger = Math.max(keptBefore, keptAfter);
        return larger == 0 ? 0 : (keptAfter - keptBefore) / larger;
    }

    private static CalibrationMap map(
            String fingerprint,
            String segment,
            long version,
            DebiasedBins bins,
            double[] probabilities,
            MapEvidence evidence) {
        double[] low = new double[probabilities.length];
        double[] high = new double[probabilities.length];
        for (int i = 0; i < probabilities.length; i++) {
            WilsonInterval band = WilsonInterval.of(probabilities[i], bins.weights()[i]);
            low[i] = band.low();
            high[i] = band.high();
        }
        return new CalibrationMap(
                CalibrationMap.SCHEMA,
                fingerprint,
                segment,
                version,
                "isotonic",
                bins.logits(),
                probabilities,
                low,
                high,
                null,
                null,
                bins.support(),
                null,
                null,
                List.of(),
                evidence);
    }

    private static Outcome none(Verdict verdict) {
        return new Outcome(verdict, null, 0);
    }
}
