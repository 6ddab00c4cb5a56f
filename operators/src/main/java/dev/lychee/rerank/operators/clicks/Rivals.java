package dev.lychee.rerank.operators.clicks;

import dev.lychee.rerank.schemas.CalibrationMap;
import org.jspecify.annotations.Nullable;

/**
 * The map in force and its rival on the same looks, each judged on every epoch before anything was
 * learned from it: progressive validation (Dawid, "Present Position and Potential Developments: The
 * Prequential Approach", Journal of the Royal Statistical Society A 147, 1984; Blum, Kalai and
 * Langford, "Beating the Hold-Out", COLT 1999).
 *
 * <p>So nothing need be held out, and luck does not stick: on requests that are held out for ever,
 * the map that won once with a little luck would be defended by that luck against all that come
 * later. The comparison starts anew with every map that comes into force.
 *
 * @param inForce version of the map in force; of the newest one that was served with, or 0, when it
 *     is not known
 * @param present quality of what is in force
 * @param rival quality of what the past taught, one step away from it at most
 */
public record Rivals(long inForce, MapQuality present, MapQuality rival) {

    /** Before any comparison. */
    public static Rivals start(long inForce) {
        return new Rivals(inForce, MapQuality.NONE, MapQuality.NONE);
    }

    /**
     * Judges both on what is new.
     *
     * @param learned counts before the new ones
     * @param fresh the new ones
     * @param model how clicks come about
     * @param map in force; null when what was served is what is in force
     * @return this with more looks; the same when too little was learned for a rival
     */
    public Rivals judgedOn(
            ClickTable learned,
            ClickTable fresh,
            ClickModel model,
            @Nullable CalibrationMap map,
            FitGuards guards) {
        DebiasedBins past = DebiasedBins.of(learned, model, guards.smallestSlope());
        if (past.support() < guards.minSupport()) {
            return this;
        }
        DebiasedBins now = DebiasedBins.of(fresh, model, guards.smallestSlope());
        double[] before = MapFit.inForce(now, map);
        double[] after = MapFit.limited(MapFit.fitted(past, now), before, guards.maxStep());
        return new Rivals(
                inForce,
                present.plus(MapQuality.of(now, before)),
                rival.plus(MapQuality.of(now, after)));
    }

    /** The same, worth less: {@code factor} is 0..1. */
    public Rivals times(double factor) {
        return new Rivals(inForce, present.times(factor), rival.times(factor));
    }
}
