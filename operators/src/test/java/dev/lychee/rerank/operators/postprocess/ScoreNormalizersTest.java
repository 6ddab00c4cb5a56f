package dev.lychee.rerank.operators.postprocess;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import dev.lychee.rerank.operators.postprocess.ScoreNormalizer.Normalized;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.DoubleRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ScoreNormalizersTest {

    @Provide
    Arbitrary<TestingSet> messy() {
        return TestingSet.messy();
    }

    @Provide
    Arbitrary<TestingSet> scores() {
        return TestingSet.scores();
    }

    @Provide
    Arbitrary<String> strategies() {
        return Arbitraries.of(ScoreNormalizers.STRATEGIES);
    }

    @Provide
    Arbitrary<String> scaleFreeStrategies() {
        return Arbitraries.of("min-max", "z-score", "robust", "rank");
    }

    @ParameterizedTest
    @ValueSource(strings = {"min-max", "z-score", "robust", "rank"})
    void agreesWithNumpyAndScikitLearn(String strategy) {
        for (JsonNode golden : GoldenNumbers.section("normalize")) {
            Normalized normalized =
                    normalize(strategy, TestingSet.of(GoldenNumbers.numbers(golden, "values")));

            assertThat(normalized.degenerate()).as(golden.get("name").asText()).isFalse();
            assertThat(
                            GoldenNumbers.largestDifference(
                                    normalized.values(),
                                    GoldenNumbers.numbers(golden.get("expected"), strategy)))
                    .as(golden.get("name").asText())
                    .isLessThan(1e-9);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"min-max", "z-score", "robust", "rank"})
    void givesOneHalfWhereThereIsNoSpread(String strategy) {
        Normalized one = normalize(strategy, TestingSet.of(7.5));
        Normalized equal = normalize(strategy, TestingSet.of(0.1, 0.1, 0.1));
        Normalized noise = normalize(strategy, TestingSet.of(0.3, 0.1 + 0.2, 0.3));
        Normalized zeros = normalize(strategy, TestingSet.of(0.0, -0.0));

        assertThat(one).returns(true, Normalized::degenerate);
        assertThat(one.values()).containsExactly(0.5);
        assertThat(equal).returns(true, Normalized::degenerate);
        assertThat(equal.values()).containsExactly(0.5, 0.5, 0.5);
        assertThat(noise).returns(true, Normalized::degenerate);
        assertThat(noise.values()).containsExactly(0.5, 0.5, 0.5);
        assertThat(zeros).returns(true, Normalized::degenerate);
        assertThat(zeros.values()).containsExactly(0.5, 0.5);
    }

    @ParameterizedTest
    @ValueSource(strings = {"min-max", "z-score", "robust", "rank"})
    void callsASetWithoutScoresDegenerate(String strategy) {
        Normalized normalized =
                normalize(
                        strategy,
                        new TestingSet(
                                new double[] {1, Double.NaN, Double.POSITIVE_INFINITY},
                                new boolean[] {false, true, true}));

        assertThat(normalized.degenerate()).isTrue();
        assertThat(normalized.values()).containsExactly(0, 0, 0);
    }

    @Test
    void leavesProbabilitiesAloneWithoutStrategy() {
        Normalized normalized = normalize("none", TestingSet.of(0.2, 0.2, -0.5, 3));

        assertThat(normalized.values()).containsExactly(0.2, 0.2, 0, 1);
        assertThat(normalized.degenerate()).isFalse();
    }

    @Test
    void mapsLogitsThroughTheSigmoidOnRequest() {
        TestingSet logits = TestingSet.of(-2, 0, 6);
        double low = 1 / (1 + Math.exp(2));
        double high = 1 / (1 + Math.exp(-6));

        Normalized none =
                ScoreNormalizers.of("none", true).normalize(logits.values(), logits.usable());
        Normalized minMax =
                ScoreNormalizers.of("min-max", true).normalize(logits.values(), logits.usable());

        assertThat(none.values()).containsExactly(new double[] {low, 0.5, high}, within(1e-15));
        assertThat(minMax.values())
                .containsExactly(new double[] {0, (0.5 - low) / (high - low), 1}, within(1e-15));
    }

    @Test
    void leavesInfinitiesOutAlsoAfterTheSigmoid() {
        double[] logits = {Double.POSITIVE_INFINITY, 1, -1};

        Normalized minMax =
                ScoreNormalizers.of("min-max", true)
                        .normalize(logits, new boolean[] {true, true, true});

        assertThat(minMax.values()).containsExactly(0, 1, 0);
    }

    @Test
    void standardizesByTheDeviationWhereTheQuartilesAreEqual() {
        Normalized robust = normalize("robust", TestingSet.of(1, 1, 1, 1, 3));
        double deviation = Math.sqrt((4 * 0.16 + 2.56) / 5);

        assertThat(robust.values()[0]).isEqualTo(0.5);
        assertThat(robust.values()[4]).isCloseTo(1 / (1 + Math.exp(-2 / deviation)), within(1e-15));
    }

    @ParameterizedTest
    @ValueSource(strings = {"min-max", "z-score", "robust", "rank"})
    void doesNotOverflowAtTheEndsOfTheNumberRange(String strategy) {
        Normalized normalized =
                normalize(strategy, TestingSet.of(-Double.MAX_VALUE, 0, Double.MAX_VALUE));

        assertThat(normalized.values()[0]).isBetween(0.0, 0.4);
        assertThat(normalized.values()[1]).isEqualTo(0.5);
        assertThat(normalized.values()[2]).isBetween(0.6, 1.0);
    }

    @Test
    void namesTheKnownStrategies() {
        assertThatThrownBy(() -> ScoreNormalizers.of("minmax"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("minmax")
                .hasMessageContaining("min-max");
    }

    @Test
    void refusesArraysOfDifferentLengths() {
        for (String strategy : ScoreNormalizers.STRATEGIES) {
            assertThatThrownBy(
                            () ->
                                    ScoreNormalizers.of(strategy)
                                            .normalize(new double[2], new boolean[3]))
                    .as(strategy)
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Property
    void staysWithinZeroAndOne(
            @ForAll("strategies") String strategy,
            @ForAll boolean sigmoid,
            @ForAll("messy") TestingSet set) {
        double[] normalized =
                ScoreNormalizers.of(strategy, sigmoid)
                        .normalize(set.values(), set.usable())
                        .values();

        for (int i = 0; i < set.size(); i++) {
            assertThat(normalized[i]).isBetween(0.0, set.takesPart(i) ? 1.0 : 0.0);
        }
    }

    @Property
    void neverReversesTwoCandidates(
            @ForAll("strategies") String strategy,
            @ForAll boolean sigmoid,
            @ForAll("messy") TestingSet set) {
        double[] normalized =
                ScoreNormalizers.of(strategy, sigmoid)
                        .normalize(set.values(), set.usable())
                        .values();

        for (int i = 0; i < set.size(); i++) {
            for (int j = 0; j < set.size(); j++) {
                if (set.takesPart(i) && set.takesPart(j) && set.values()[i] >= set.values()[j]) {
                    assertThat(normalized[i]).isGreaterThanOrEqualTo(normalized[j]);
                }
            }
        }
    }

    @Property
    void tellsDifferentScoresApart(
            @ForAll("strategies") String strategy, @ForAll("scores") TestingSet set) {
        double[] normalized = normalize(strategy, set).values();

        for (int i = 0; i < set.size(); i++) {
            for (int j = 0; j < set.size(); j++) {
                if (set.values()[i] > set.values()[j]) {
                    assertThat(normalized[i]).isGreaterThan(normalized[j]);
                }
            }
        }
    }

    @Property
    void doesNotDependOnTheOrderOfTheInput(
            @ForAll("strategies") String strategy,
            @ForAll("messy") TestingSet set,
            @ForAll long seed) {
        int[] order = TestingSet.shuffledOrder(set.size(), seed);

        double[] shuffledAfter = TestingSet.inOrder(normalize(strategy, set).values(), order);
        double[] shuffledBefore = normalize(strategy, set.inOrder(order)).values();

        assertThat(shuffledBefore).containsExactly(shuffledAfter);
    }

    @Property
    void ignoresWhatWasNotScored(
            @ForAll("strategies") String strategy, @ForAll("messy") TestingSet set) {
        double[] cleaned = normalize(strategy, set.cleaned()).values();
        double[] normalized = normalize(strategy, set).values();

        int next = 0;
        for (int i = 0; i < set.size(); i++) {
            if (set.takesPart(i)) {
                assertThat(normalized[i]).isEqualTo(cleaned[next++]);
            }
        }
    }

    @Property
    void doesNotDependOnScaleAndShift(
            @ForAll("scaleFreeStrategies") String strategy,
            @ForAll("scores") TestingSet set,
            @ForAll @DoubleRange(min = 0.01, max = 100) double factor,
            @ForAll @DoubleRange(min = -100, max = 100) double shift) {
        double[] here = normalize(strategy, set).values();
        double[] there = normalize(strategy, set.times(factor, shift)).values();

        assertThat(there).containsExactly(here, within(1e-7));
    }

    @Property
    void doesNotTouchItsInput(
            @ForAll("strategies") String strategy, @ForAll("messy") TestingSet set) {
        double[] values = set.values().clone();
        boolean[] usable = set.usable().clone();

        normalize(strategy, set);

        assertThat(set.values()).containsExactly(values);
        assertThat(set.usable()).containsExactly(usable);
    }

    private static Normalized normalize(String strategy, TestingSet set) {
        return ScoreNormalizers.of(strategy).normalize(set.values(), set.usable());
    }
}
