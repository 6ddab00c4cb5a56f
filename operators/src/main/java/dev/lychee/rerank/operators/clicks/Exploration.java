package dev.lychee.rerank.operators.clicks;

import dev.lychee.rerank.schemas.Sha256;
import java.io.Serializable;
import java.util.Random;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Shows neighbours in either order, so that clicks on them tell how much each rank is looked at,
 * whatever is relevant: FairPairs (Radlinski and Joachims, "Minimally Invasive Randomization for
 * Collecting Unbiased Preferences from Clickthrough Logs", AAAI 2006).
 *
 * <p>All that is left to chance is decided by the request's id alone, so a request that is answered
 * again is answered in the same order. The hash has nothing to do with those that choose the arm of
 * an experiment or cap clients. A larger share explores the same requests and further ones.
 *
 * @param share of the requests that is explored, 0..1
 * @param belowRank ranks up to this one are never touched, 0 or more
 */
public record Exploration(double share, int belowRank) implements Serializable {

    /** Nothing is explored. */
    public static final Exploration NONE = new Exploration(0, 1);

    private static final String SALT = "exploration\n";

    /** As many bits as the state of {@link Random} has. */
    private static final int SEED_DIGITS = 12;

    /**
     * The order in which results are shown.
     *
     * @param places by rank from the first on, the place (0-based) in the ranking of what is shown
     *     there
     * @param pairs by rank, the upper rank (1-based) of the two at one of which a coin put what is
     *     shown there; 0 where chance had no say
     */
    @SuppressWarnings("ArrayRecordComponent") // handed over once, never compared
    public record Order(int[] places, int[] pairs) {

        /** How many documents are in pairs. */
        public int pairedDocuments() {
            return (int) IntStream.of(pairs).filter(upper -> upper > 0).count();
        }
    }

    /**
     * The order of one request: pairs begin at the first or second rank below {@link #belowRank},
     * by a coin, and each is swapped by a coin.
     *
     * @param results how many results there are
     * @param mayPair whether a place (0-based) and the next one may be swapped; where they may not,
     *     other pairs stay what they are
     * @return null where nothing is left to chance
     */
    public @Nullable Order order(String requestId, int results, IntPredicate mayPair) {
        if (share == 0) {
            return null;
        }
        Random random = new Random(Long.parseLong(Sha256.hex(SALT + requestId, SEED_DIGITS), 16));
        if (random.nextDouble() >= share) {
            return null;
        }
        Order order = new Order(IntStream.range(0, results).toArray(), new int[results]);
        int first = Math.min(belowRank, results) + (random.nextBoolean() ? 1 : 0);
        boolean explored = false;
        for (int upper = first; upper + 1 < results; upper += 2) {
            boolean swapped = random.nextBoolean();
            if (mayPair.test(upper)) {
                explored = true;
                order.pairs[upper] = upper + 1;
                order.pairs[upper + 1] = upper + 1;
                order.places[upper] = swapped ? upper + 1 : upper;
                order.places[upper + 1] = swapped ? upper : upper + 1;
            }
        }
        return explored ? order : null;
    }
}
