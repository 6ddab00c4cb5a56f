package dev.lychee.rerank.operators.postprocess;

import org.jspecify.annotations.Nullable;

/**
 * How sure the first place is.
 *
 * @param level the verdict
 * @param margin first minus second, -1..1 (negative where rules put a less relevant candidate
 *     first); null for {@link Level#ONLY}
 * @param ratio first divided by second; null for {@link Level#ONLY} and where the second is too
 *     near 0 to divide by
 */
public record TopOneConfidence(Level level, @Nullable Double margin, @Nullable Double ratio) {

    private static final double CLOSE_MARGIN = 0.01;
    private static final double DOMINANT_RATIO = 1.5;

    /** The verdicts, in the order in which they are tried. */
    public enum Level {
        /** There is one scored candidate. */
        ONLY("only"),
        /** The second is at most 0.01 (0.1 of 10) behind. */
        CLOSE("close"),
        /** The first has at least 1.5 times the second. */
        DOMINANT("dominant"),
        /** Anything else. */
        CLEAR("clear");

        private final String label;

        Level(String label) {
            this.label = label;
        }

        /** The word on the wire. */
        public String label() {
            return label;
        }
    }

    /**
     * Judges the first two scored candidates.
     *
     * @param order indexes of the candidates, best first
     * @param calibrated 0..1 per candidate
     * @param scored which pairs were scored
     * @return null if none was scored
     */
    public static @Nullable TopOneConfidence of(
            int[] order, double[] calibrated, boolean[] scored) {
        ScoredPairs.requireSameLength(order.length, calibrated.length);
        ScoredPairs.requireSameLength(order.length, scored.length);
        int first = nextScored(order, 0, calibrated, scored);
        if (first == order.length) {
            return null;
        }
        int second = nextScored(order, first + 1, calibrated, scored);
        if (second == order.length) {
            return new TopOneConfidence(Level.ONLY, null, null);
        }
        return of(calibrated[order[first]], calibrated[order[second]]);
    }

    private static TopOneConfidence of(double first, double second) {
        double margin = first - second;
        double ratio = first / second;
        return new TopOneConfidence(
                level(first, second), margin, Double.isFinite(ratio) ? (Double) ratio : null);
    }

    private static Level level(double first, double second) {
        if (first - second <= CLOSE_MARGIN + Ranking.ROUNDING) {
            return Level.CLOSE;
        }
        return first >= DOMINANT_RATIO * second - Ranking.ROUNDING ? Level.DOMINANT : Level.CLEAR;
    }

    private static int nextScored(int[] order, int from, double[] calibrated, boolean[] scored) {
        int position = from;
        while (position < order.length
                && !ScoredPairs.takesPart(calibrated, scored, order[position])) {
            position++;
        }
        return position;
    }
}
