package dev.lychee.rerank.operators.clicks;

import java.io.Serializable;

/**
 * What is known beforehand about clicks of users who looked: how often they click on what is
 * relevant, and how often on what is not because they trust its place.
 *
 * @param positive chance of a click on something relevant that was looked at, above 0, to 1
 * @param negative chance of a click on something not relevant that was looked at, by rank from the
 *     first on, each 0..{@code positive}; the last one holds for all further ranks
 * @param estimated whether those from the second rank on are only where the estimation starts; the
 *     first one is never estimated, since no click can tell it from relevance
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
public record TrustBias(double positive, double[] negative, boolean estimated)
        implements Serializable {

    /** Users click on what they looked at when, and only when, it is relevant. */
    public static final TrustBias NONE = new TrustBias(1, new double[] {0}, false);

    /** A checked one. */
    public TrustBias {
        if (!(positive > 0 && positive <= 1) || negative.length == 0) {
            throw new IllegalArgumentException(
                    "the chance of a click on something relevant must be above 0 and at most 1");
        }
        for (double each : negative) {
            if (!(each >= 0 && each < positive)) {
                throw new IllegalArgumentException(
                        "chances of a click on something not relevant must be 0 or more, and below that of something relevant");
            }
        }
    }

    /** The chance at a rank, 1-based. */
    double negative(int rank) {
        return negative[Math.min(rank, negative.length) - 1];
    }
}
