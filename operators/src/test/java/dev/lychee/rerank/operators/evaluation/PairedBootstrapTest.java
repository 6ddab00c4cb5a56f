package dev.lychee.rerank.operators.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import dev.lychee.rerank.operators.evaluation.PairedBootstrap.Difference;
import dev.lychee.rerank.operators.postprocess.GoldenNumbers;
import java.util.Random;
import org.junit.jupiter.api.Test;

class PairedBootstrapTest {

    private static final double[] BEFORE = {0.2, 0.4, 0.6, 0.8};
    private static final double[] AFTER = {0.3, 0.5, 0.5, 0.9};

    @Test
    void findsTheIntervalThatScipyFinds() {
        JsonNode golden = GoldenNumbers.section("bootstrap");

        Difference difference =
                compare(
                        GoldenNumbers.numbers(golden, "before"),
                        GoldenNumbers.numbers(golden, "after"),
                        50_000,
                        1);

        double monteCarlo = 0.05 * golden.get("standardError").asDouble();
        assertThat(difference.mean()).isCloseTo(golden.get("mean").asDouble(), within(1e-12));
        assertThat(difference.low()).isCloseTo(golden.get("low").asDouble(), within(monteCarlo));
        assertThat(difference.high()).isCloseTo(golden.get("high").asDouble(), within(monteCarlo));
    }

    @Test
    void coversTheTrueDifferenceNineteenTimesInTwenty() {
        Random random = new Random(5);
        int experiments = 1000;
        int covered = 0;
        for (int experiment = 0; experiment < experiments; experiment++) {
            double[] before = new double[60];
            double[] after = new double[60];
            for (int i = 0; i < before.length; i++) {
                before[i] = random.nextDouble();
                after[i] = before[i] + 0.05 + 0.2 * random.nextGaussian();
            }
            Difference difference = compare(before, after, 500, experiment);
            covered += difference.low() <= 0.05 && difference.high() >= 0.05 ? 1 : 0;
        }

        assertThat(covered).isBetween(920, 970);
    }

    @Test
    void repeatsItselfForTheSameSeed() {
        JsonNode golden = GoldenNumbers.section("bootstrap");
        double[] before = GoldenNumbers.numbers(golden, "before");
        double[] after = GoldenNumbers.numbers(golden, "after");

        assertThat(compare(before, after, 200, 7)).isEqualTo(compare(before, after, 200, 7));
        assertThat(compare(before, after, 200, 7)).isNotEqualTo(compare(before, after, 200, 8));
    }

    @Test
    void saysHowMuchBetterItIs() {
        Difference difference = compare(BEFORE, AFTER, 1000, 7);

        assertThat(difference.mean()).isCloseTo(0.05, within(1e-12));
        assertThat(difference.relativeGain()).isCloseTo(0.1, within(1e-12));
        assertThat(difference.queries()).isEqualTo(4);
        assertThat(difference.significant()).isFalse();
    }

    @Test
    void isSureWhereEveryQueryGains() {
        Difference better = compare(BEFORE, new double[] {0.3, 0.6, 0.7, 0.9}, 1000, 7);
        Difference worse = compare(new double[] {0.3, 0.6, 0.7, 0.9}, BEFORE, 1000, 7);

        assertThat(better.significant()).isTrue();
        assertThat(better.low()).isGreaterThanOrEqualTo(0.1 - 1e-12);
        assertThat(worse.significant()).isTrue();
    }

    @Test
    void leavesOutQueriesWithoutBothNumbers() {
        Difference difference =
                compare(
                        new double[] {0, Double.NaN, 0.5, 0},
                        new double[] {0.1, 0.5, Double.POSITIVE_INFINITY, 0.3},
                        100,
                        1);

        assertThat(difference.queries()).isEqualTo(2);
        assertThat(difference.mean()).isCloseTo(0.2, within(1e-12));
        assertThat(difference.relativeGain()).isNull();
    }

    @Test
    void hasNothingToSayWithoutQueries() {
        assertThat(PairedBootstrap.compare(new double[0], new double[0], 100, 1)).isNull();
        assertThat(PairedBootstrap.compare(new double[] {Double.NaN}, new double[] {1}, 100, 1))
                .isNull();
    }

    @Test
    void refusesRunsOverDifferentQueries() {
        assertThatThrownBy(() -> PairedBootstrap.compare(new double[1], new double[2], 100, 1))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> PairedBootstrap.compare(new double[1], new double[1], 0, 1))
                .isInstanceOf(IllegalArgumentException.class);
    }

    private static Difference compare(double[] before, double[] after, int resamples, long seed) {
        Difference difference = PairedBootstrap.compare(before, after, resamples, seed);
        if (difference == null) {
            throw new AssertionError("queries with both numbers have a difference");
        }
        return difference;
    }
}
