package dev.lychee.rerank.operators.experiments;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.lychee.rerank.operators.postprocess.WilsonInterval;
import dev.lychee.rerank.schemas.Estimate;
import dev.lychee.rerank.schemas.flow.Exposure;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Intervals of rates, by hand and by simulation. */
class ClusteredRateTest {

    private static final int RUNS = 600;

    /**
     * Four groups of two: rate 4/8, residuals 1, 0, 0 and -1, variance 2 * 4/3 / 64 = 1/24, so that
     * of 6 independent observations; t of 3 degrees of freedom is 3.18245.
     */
    @Test
    void isWilsonsIntervalOfTheIndependentObservations() {
        Estimate rate = rate(new double[] {2, 1, 1, 0}, new double[] {2, 2, 2, 2});

        WilsonInterval wilson =
                WilsonInterval.of(0.5, 6 * Math.pow(1.959963984540054 / 3.182446305284263, 2));
        assertThat(rate.value()).isEqualTo(0.5);
        assertThat(rate.low()).isCloseTo(wilson.low(), within(1e-9));
        assertThat(rate.high()).isCloseTo(wilson.high(), within(1e-9));
    }

    @Test
    void nothingIsKnownWithoutExposures() {
        assertThat(ClusteredRate.estimate(new double[2], new double[2], 0)).isNull();
    }

    @Test
    void anEventThatNeverHappenedMayStillHappen() {
        Estimate never = rate(new double[] {0, 0, 0}, new double[] {40, 30, 30});
        Estimate always = rate(new double[] {40, 30, 30}, new double[] {40, 30, 30});
        Estimate oneUser = rate(new double[] {30}, new double[] {40});

        assertThat(never.value()).isZero();
        assertThat(never.high()).isCloseTo(WilsonInterval.of(0, 100).high(), within(1e-12));
        assertThat(always.low()).isCloseTo(WilsonInterval.of(1, 100).low(), within(1e-12));
        assertThat(oneUser.high() - oneUser.low()).isGreaterThan(0.7);
    }

    /** 56/70 against 48/80: Newcombe (1998), table II, row (a), method 10. */
    @Test
    void theDifferenceIsNewcombes() {
        Estimate difference = ClusteredRate.difference(wilson(56, 70), wilson(48, 80));

        assertThat(difference).isNotNull();
        assertThat(difference.value()).isCloseTo(0.2, within(1e-12));
        assertThat(difference.low()).isCloseTo(0.0524, within(5e-5));
        assertThat(difference.high()).isCloseTo(0.3339, within(5e-5));
        assertThat(ClusteredRate.difference(null, wilson(1, 2))).isNull();
    }

    @Test
    void ofTwoEqualArmsAboutOneIntervalInTwentyMissesTheTruth() {
        Coverage coverage = simulate(800, 0.15, 7);

        assertThat(coverage.rate).isBetween(0.93, 0.97);
        assertThat(coverage.difference).isBetween(0.93, 0.97);
        // Who takes each exposure for itself is sure of what is chance.
        assertThat(coverage.naive).isLessThan(0.85);
    }

    @Test
    void ofSeldomActionsAndFewUsersTooFewIntervalsMissTheTruthRatherThanTooMany() {
        assertThat(simulate(800, 0.005, 8).difference).isBetween(0.93, 0.99);
        assertThat(simulate(60, 0.15, 9).difference).isBetween(0.92, 0.98);
    }

    @Test
    void theMeanNdcgIsThatOfExposuresWithAnAction() {
        ExposureTable table = new ExposureTable();
        table.add(TestingExposures.of(0, 1, true, 1));
        table.add(TestingExposures.of(0, 2, true, 0.5));
        table.add(TestingExposures.of(0, 3, false));

        Estimate ndcg = Objects.requireNonNull(table.rates().ndcg());
        assertThat(ndcg.value()).isEqualTo(0.75);
        assertThat(ndcg.low()).isLessThan(0.6);
    }

    /** Shares of intervals that hold the truth. */
    private record Coverage(double rate, double difference, double naive) {}

    /**
     * Users differ: each has a click rate of its own, with the mean {@code rate}, most a small and
     * few a large one, and eleven exposures on average.
     */
    private static Coverage simulate(int users, double rate, long seed) {
        Random random = new Random(seed);
        int rates = 0;
        int differences = 0;
        int naive = 0;
        for (int run = 0; run < RUNS; run++) {
            Estimate[] arms = new Estimate[2];
            for (int arm = 0; arm < 2; arm++) {
                ExposureTable table = new ExposureTable();
                long clicks = 0;
                for (int user = 0; user < users; user++) {
                    long unit = random.nextLong();
                    double own = 4 * rate * Math.pow(random.nextDouble(), 3);
                    int exposures = 1 + (int) (-10 * Math.log(1 - random.nextDouble()));
                    Exposure click = TestingExposures.of(arm, unit, true);
                    Exposure none = TestingExposures.of(arm, unit, false);
                    for (int i = 0; i < exposures; i++) {
                        boolean clicked = random.nextDouble() < own;
                        clicks += clicked ? 1 : 0;
                        table.add(clicked ? click : none);
                    }
                }
                arms[arm] = Objects.requireNonNull(table.rates().click());
                if (arm == 0) {
                    WilsonInterval alone =
                            WilsonInterval.of(
                                    (double) clicks / table.exposures(),
                                    (double) table.exposures());
                    naive += alone.low() <= rate && rate <= alone.high() ? 1 : 0;
                }
            }
            rates += arms[0].low() <= rate && rate <= arms[0].high() ? 1 : 0;
            Estimate difference =
                    Objects.requireNonNull(ClusteredRate.difference(arms[1], arms[0]));
            differences += difference.low() <= 0 && 0 <= difference.high() ? 1 : 0;
        }
        return new Coverage(
                (double) rates / RUNS, (double) differences / RUNS, (double) naive / RUNS);
    }

    private static Estimate wilson(double happened, double could) {
        WilsonInterval interval = WilsonInterval.of(happened / could, could);
        return new Estimate(happened / could, interval.low(), interval.high());
    }

    private static Estimate rate(double[] happened, double[] could) {
        long users = 0;
        for (double each : could) {
            users += Math.round(each);
        }
        return Objects.requireNonNull(ClusteredRate.estimate(happened, could, users));
    }
}
