package dev.lychee.rerank.operators.postprocess;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.DoubleRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ProbabilityTest {

    @Provide
    Arbitrary<TestingSet> messy() {
        return TestingSet.messy();
    }

    @Provide
    Arbitrary<Double> temperatures() {
        return Arbitraries.of(Double.MIN_VALUE, 0.3, 1.0, 2.0, Double.MAX_VALUE);
    }

    @Test
    void isTheSoftmaxOverYesAndNo() {
        double yes = 2.25;
        double no = -0.5;
        double softmax = Math.exp(yes) / (Math.exp(yes) + Math.exp(no));

        assertThat(Probability.sigmoid(yes - no)).isCloseTo(softmax, within(1e-15));
    }

    @Test
    void keepsTheTailsApartFromZero() {
        assertThat(Probability.sigmoid(-700)).isCloseTo(Math.exp(-700), within(1e-318));
        assertThat(Probability.sigmoid(-700)).isPositive();
    }

    @Test
    void answersForEveryNumber() {
        assertThat(Probability.sigmoid(Double.POSITIVE_INFINITY)).isEqualTo(1);
        assertThat(Probability.sigmoid(Double.NEGATIVE_INFINITY)).isEqualTo(0);
        assertThat(Probability.sigmoid(Double.NaN)).isEqualTo(0);
        assertThat(Probability.logit(Double.NaN)).isEqualTo(Probability.logit(0));
        assertThat(Probability.logit(1)).isCloseTo(27.63, within(0.01));
        assertThat(Probability.logit(0)).isCloseTo(-27.63, within(0.01));
    }

    @Test
    void sharpensBelowTemperatureOneAndFlattensAbove() {
        double[] logits = {2};
        boolean[] usable = {true};

        assertThat(Probability.ofLogits(logits, usable, 0.5)[0]).isEqualTo(Probability.sigmoid(4));
        assertThat(Probability.ofLogits(logits, usable, 2)[0]).isEqualTo(Probability.sigmoid(1));
    }

    @ParameterizedTest
    @ValueSource(doubles = {0, -1, Double.NaN, Double.POSITIVE_INFINITY})
    void refusesATemperatureThatIsNotPositive(double temperature) {
        assertThatThrownBy(
                        () ->
                                Probability.ofLogits(
                                        new double[] {1}, new boolean[] {true}, temperature))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("Temperature");
    }

    @Property
    void findsTheLogitBack(@ForAll @DoubleRange(min = -20, max = 20) double logit) {
        assertThat(Probability.logit(Probability.sigmoid(logit))).isCloseTo(logit, within(1e-6));
    }

    @Property
    void isSymmetric(@ForAll double logit) {
        assertThat(Probability.sigmoid(logit) + Probability.sigmoid(-logit))
                .isCloseTo(1, within(1e-15));
    }

    @Property
    void staysWithinZeroAndOne(
            @ForAll("messy") TestingSet set, @ForAll("temperatures") double temperature) {
        double[] probabilities = Probability.ofLogits(set.values(), set.usable(), temperature);

        for (int i = 0; i < set.size(); i++) {
            assertThat(probabilities[i]).isBetween(0.0, set.takesPart(i) ? 1.0 : 0.0);
        }
    }
}
