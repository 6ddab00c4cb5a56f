package dev.lychee.rerank.operators.postprocess;

import org.jspecify.annotations.Nullable;

/**
 * Where a falling curve flattens: Kneedle without smoothing (Satopää, Albrecht, Irwin and Raghavan,
 * "Finding a 'Kneedle' in a Haystack", ICDCS workshops 2011) for convex, decreasing curves.
 *
 * <p>The curve of the scores over their ranks is brought to the unit square. Its bulge at a rank is
 * how far it lies below the diagonal there. A local maximum of the bulge is a knee if, before the
 * next local maximum, the bulge falls by more than {@code sensitivity} mean steps between
 * neighbouring ranks.
 */
final class Kneedle {

    /** A bulge below this is the rounding of a straight line. */
    private static final double NOISE = 1e-12;

    private Kneedle() {}

    /**
     * A knee.
     *
     * @param rank number of scores before the knee: those of the steep part
     * @param bulge how far the curve lies below the diagonal, 0..1
     */
    record Knee(int rank, double bulge) {}

    /**
     * The most pronounced knee; of equal ones the first. Null without one.
     *
     * @param ascending finite scores, ascending, not all equal
     * @param sensitivity the paper's S, 0 or more
     */
    static @Nullable Knee find(double[] ascending, double sensitivity) {
        double[] bulge = bulges(ascending);
        double fall = sensitivity / (bulge.length - 1);
        Knee best = null;
        for (int rank = 1; rank < bulge.length - 1; rank++) {
            if (isPeak(bulge, rank)
                    && (best == null || bulge[rank] > best.bulge())
                    && fallsBeforeNextPeak(bulge, rank, bulge[rank] - fall)) {
                best = new Knee(rank, bulge[rank]);
            }
        }
        return best;
    }

    private static double[] bulges(double[] ascending) {
        int last = ascending.length - 1;
        // Halved, so that scores at both ends of the number range do not overflow.
        double highest = ascending[last] * 0.5;
        double range = highest - ascending[0] * 0.5;
        double[] bulge = new double[ascending.length];
        for (int rank = 0; rank <= last; rank++) {
            double fallen = (highest - ascending[last - rank] * 0.5) / range;
            bulge[rank] = fallen - (double) rank / last;
        }
        return bulge;
    }

    /** Above the diagonal's side, higher than before and not lower than after. */
    private static boolean isPeak(double[] bulge, int rank) {
        return bulge[rank] > NOISE
                && bulge[rank] > bulge[rank - 1]
                && bulge[rank] >= bulge[rank + 1];
    }

    private static boolean fallsBeforeNextPeak(double[] bulge, int peak, double below) {
        for (int rank = peak + 1; rank < bulge.length; rank++) {
            if (bulge[rank] < below) {
                return true;
            }
            if (rank < bulge.length - 1 && isPeak(bulge, rank)) {
                return false;
            }
        }
        return false;
    }
}
