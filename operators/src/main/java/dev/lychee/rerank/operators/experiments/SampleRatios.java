package dev.lychee.rerank.operators.experiments;

import dev.lychee.rerank.schemas.SampleRatio;
import java.util.List;
import java.util.Map;
import org.apache.commons.math3.distribution.ChiSquaredDistribution;
import org.jspecify.annotations.Nullable;

/**
 * Whether the arms have as many units as their shares say (Fabijan et al., "Diagnosing Sample Ratio
 * Mismatch in Online Controlled Experiments", KDD 2019): Pearson's chi-squared test on different
 * units, since only those are assigned independently. Where samples of units are kept, it counts
 * those that all samples would have kept.
 */
public final class SampleRatios {

    /** Seldom enough to be worth stopping an experiment for. */
    private static final double ALARM = 0.001;

    /** Below it the chi-squared distribution is too coarse. */
    private static final double LEAST_EXPECTED = 5;

    private SampleRatios() {}

    /**
     * The test, as one arm sees it.
     *
     * @param shares share of each arm, 0..1, in their order
     * @param tables exposures of the arms that have some
     * @param arm the arm
     * @return null for a single arm, and while there are too few units
     */
    public static @Nullable SampleRatio of(
            List<Double> shares, Map<Integer, ExposureTable> tables, int arm) {
        int level = tables.values().stream().mapToInt(t -> t.unitSample().level()).max().orElse(0);
        long[] observed = new long[shares.size()];
        long all = 0;
        for (Map.Entry<Integer, ExposureTable> each : tables.entrySet()) {
            observed[each.getKey()] = each.getValue().unitSample().countAt(level);
            all += observed[each.getKey()];
        }
        double sum = shares.stream().mapToDouble(Double::doubleValue).sum();
        double statistic = 0;
        int arms = 0;
        for (int i = 0; i < observed.length; i++) {
            double expected = all * shares.get(i) / sum;
            if (shares.get(i) == 0) {
                continue;
            }
            if (expected < LEAST_EXPECTED) {
                return null;
            }
            arms++;
            statistic += (observed[i] - expected) * (observed[i] - expected) / expected;
        }
        if (arms < 2) {
            return null;
        }
        double p =
                1 - new ChiSquaredDistribution(null, arms - 1.0).cumulativeProbability(statistic);
        return new SampleRatio(shares.get(arm) / sum, (double) observed[arm] / all, p, p < ALARM);
    }
}
