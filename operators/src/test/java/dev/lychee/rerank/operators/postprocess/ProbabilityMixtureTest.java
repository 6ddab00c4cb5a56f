package dev.lychee.rerank.operators.postprocess;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.DoubleRange;
import org.junit.jupiter.api.Test;

class ProbabilityMixtureTest {

    /** Judgements of one pair and what they weigh. */
    record Parts(double[] logOdds, double[] weights) {}

    @Provide
    Arbitrary<Parts> parts() {
        return Arbitraries.integers()
                .between(1, 6)
                .flatMap(
                        size ->
                                Combinators.combine(
                                                Arbitraries.doubles()
                                                        .between(-500, 500)
                                                        .array(double[].class)
                                                        .ofSize(size),
                                                Arbitraries.doubles()
                                                        .between(0.001, 1_000)
                                                        .ofScale(3)
                                                        .array(double[].class)
                                                        .ofSize(size))
                                        .as(Parts::new));
    }

    @Property
    void liesBetweenTheSmallestAndTheLargest(@ForAll("parts") Parts parts) {
        double least = Arrays.stream(parts.logOdds()).min().orElseThrow();
        double most = Arrays.stream(parts.logOdds()).max().orElseThrow();

        assertThat(ProbabilityMixture.logOdds(parts.logOdds(), parts.weights()))
                .isBetween(least - 1e-9, most + 1e-9);
    }

    @Property
    void isTheLogOddsOfTheMeanProbability(@ForAll("parts") Parts parts) {
        double total = Arrays.stream(parts.weights()).sum();
        double mean = 0;
        for (int i = 0; i < parts.weights().length; i++) {
            mean += parts.weights()[i] / total / (1 + Math.exp(-parts.logOdds()[i]));
        }

        double logOdds = ProbabilityMixture.logOdds(parts.logOdds(), parts.weights());

        assertThat(Probability.sigmoid(logOdds)).isCloseTo(mean, within(1e-12));
    }

    @Property
    void oneJudgementStaysAsItIs(
            @ForAll @DoubleRange(min = -1e5, max = 1e5) double logOdds,
            @ForAll @DoubleRange(min = 0.01, max = 1_000) double weight) {
        assertThat(ProbabilityMixture.logOdds(new double[] {logOdds}, new double[] {weight}))
                .isCloseTo(logOdds, within(1e-9));
    }

    @Property
    void onlyTheProportionsOfWeightsCount(
            @ForAll("parts") Parts parts,
            @ForAll @DoubleRange(min = 0.01, max = 1_000) double factor) {
        double[] scaled = Arrays.stream(parts.weights()).map(each -> each * factor).toArray();

        assertThat(ProbabilityMixture.logOdds(parts.logOdds(), scaled))
                .isCloseTo(
                        ProbabilityMixture.logOdds(parts.logOdds(), parts.weights()), within(1e-9));
    }

    @Property
    void growsWithEachOfItsParts(
            @ForAll("parts") Parts parts, @ForAll @DoubleRange(min = 0, max = 50) double more) {
        double[] raised = parts.logOdds().clone();
        raised[raised.length - 1] += more;

        assertThat(ProbabilityMixture.logOdds(raised, parts.weights()))
                .isGreaterThanOrEqualTo(
                        ProbabilityMixture.logOdds(parts.logOdds(), parts.weights()) - 1e-9);
    }

    @Test
    void isANumberWhateverTheModelsSay() {
        double[] extremes = {
            Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY, 1e300, -1e300, 0, -0.0, 800, -800
        };
        for (double first : extremes) {
            for (double second : extremes) {
                assertThat(
                                ProbabilityMixture.logOdds(
                                        new double[] {first, second}, new double[] {1, 1e-9}))
                        .as(first + " and " + second)
                        .isFinite();
            }
        }
    }

    @Test
    void tellsMeansApartThatRoundToOne() {
        double[] weights = {1, 1};

        assertThat(ProbabilityMixture.logOdds(new double[] {60, 50}, weights))
                .isGreaterThan(ProbabilityMixture.logOdds(new double[] {50, 50}, weights));
    }

    @Test
    void hasNoMeanOfNothingAndNoneOfWeightsBelowZero() {
        assertThatThrownBy(() -> ProbabilityMixture.logOdds(new double[0], new double[0]))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("0 probabilities");
        assertThatThrownBy(
                        () -> ProbabilityMixture.logOdds(new double[] {1, 2}, new double[] {1, -1}))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("got -1.0");
    }
}
