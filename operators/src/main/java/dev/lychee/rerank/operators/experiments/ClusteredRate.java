package dev.lychee.rerank.operators.experiments;

import dev.lychee.rerank.operators.postprocess.WilsonInterval;
import dev.lychee.rerank.schemas.Estimate;
import dev.lychee.rerank.schemas.ExperimentRates;
import org.apache.commons.math3.distribution.TDistribution;
import org.jspecify.annotations.Nullable;

/**
 * Rates of things that come in clusters: one user has many exposures, and they are alike. An
 * interval that takes each for itself is too narrow.
 *
 * <p>The variance is that of a ratio of two sums over users (the delta method: Deng, Knoblich and
 * Lu, "Applying the Delta Method in Metric Analytics", KDD 2018, section 3), with random groups of
 * users in place of users (Wolter, "Introduction to Variance Estimation", 2007, chapter 2), so that
 * a fixed number of sums is enough. The interval is Wilson's with the number of independent
 * observations that has this variance, corrected for the degrees of freedom (Korn and Graubard,
 * "Confidence Intervals for Proportions with Small Expected Number of Positive Counts Estimated
 * from Survey Data", Survey Methodology 24, 1998): it stays within 0 and 1, and is not empty where
 * nothing happened.
 */
public final class ClusteredRate {

    private static final double UPPER = 0.975;
    private static final double Z_95 = 1.959963984540054;

    private ClusteredRate() {}

    /**
     * A rate and its 95 % interval.
     *
     * @param numerators what happened, per group of users, 0 to the denominator
     * @param denominators how often it could have, per group, 0 or more
     * @param users number of users in all groups: so many observations are independent where
     *     everything or nothing happened
     * @return null when it could not have happened
     */
    static @Nullable Estimate estimate(double[] numerators, double[] denominators, long users) {
        double happened = 0;
        double could = 0;
        int groups = 0;
        for (int group = 0; group < denominators.length; group++) {
            happened += numerators[group];
            could += denominators[group];
            groups += denominators[group] > 0 ? 1 : 0;
        }
        if (could == 0) {
            return null;
        }
        double rate = Math.min(1, happened / could);
        WilsonInterval interval =
                WilsonInterval.of(
                        rate, independent(numerators, denominators, rate, could, groups, users));
        return new Estimate(rate, interval.low(), interval.high());
    }

    /** So many independent observations would tell the rate as well. */
    private static double independent(
            double[] numerators,
            double[] denominators,
            double rate,
            double could,
            int groups,
            long users) {
        if (groups < 2) {
            return 1;
        }
        double squares = 0;
        for (int group = 0; group < denominators.length; group++) {
            double residual = numerators[group] - rate * denominators[group];
            squares += residual * residual;
        }
        double variance = squares * groups / (groups - 1.0) / (could * could);
        double observations = rate * (1 - rate) / variance;
        if (!Double.isFinite(observations) || observations <= 0) {
            return Math.min((double) users, could);
        }
        double t = new TDistribution(null, groups - 1.0).inverseCumulativeProbability(UPPER);
        return observations * (Z_95 / t) * (Z_95 / t);
    }

    /** Differences of all rates. */
    public static ExperimentRates differences(ExperimentRates arm, ExperimentRates control) {
        return new ExperimentRates(
                difference(arm.click(), control.click()),
                difference(arm.cart(), control.cart()),
                difference(arm.purchase(), control.purchase()),
                difference(arm.ndcg(), control.ndcg()));
    }

    /**
     * The difference of two rates of different users, from their intervals (Newcombe, "Interval
     * estimation for the difference between independent proportions", Statistics in Medicine 17,
     * 1998, method 10).
     *
     * @return null when one is unknown
     */
    static @Nullable Estimate difference(@Nullable Estimate arm, @Nullable Estimate control) {
        if (arm == null || control == null) {
            return null;
        }
        double difference = arm.value() - control.value();
        return new Estimate(
                difference,
                difference - Math.hypot(arm.value() - arm.low(), control.high() - control.value()),
                difference + Math.hypot(arm.high() - arm.value(), control.value() - control.low()));
    }
}
