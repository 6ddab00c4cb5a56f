package dev.lychee.rerank.operators.postprocess;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Arrays;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ThresholdersTest {

    private static final ThresholdOptions OPTIONS = ThresholdOptions.DEFAULTS;

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
        return Arbitraries.of(Thresholders.STRATEGIES);
    }

    @Provide
    Arbitrary<String> scaleFreeStrategies() {
        return Arbitraries.of("none", "percentile", "otsu", "knee");
    }

    @Test
    void keepsScoresAtTheFixedThreshold() {
        ThresholdOutcome decision = decide("fixed", OPTIONS, 0.9, 0.5, 0.4999, 0.1);

        assertThat(decision)
                .returns(0.5, ThresholdOutcome::value)
                .returns(2, ThresholdOutcome::kept)
                .returns(true, ThresholdOutcome::applied)
                .returns(null, ThresholdOutcome::separation)
                .returns("fixed threshold 0.500", ThresholdOutcome::reason);
    }

    @Test
    void keepsAllWithoutStrategy() {
        ThresholdOutcome decision = decide("none", OPTIONS, 0.9, -3, 0.1);

        assertThat(decision)
                .returns(3, ThresholdOutcome::kept)
                .returns(-3.0, ThresholdOutcome::value)
                .returns(false, ThresholdOutcome::applied);
    }

    @Test
    void takesTheQuantileThatNumpyTakes() {
        for (JsonNode golden : GoldenNumbers.section("normalize")) {
            double[] values = GoldenNumbers.numbers(golden, "values");
            for (double keep : new double[] {0.0, 0.1, 0.3, 0.5, 0.77, 1.0}) {
                double expected = golden.get("topShare").get(Double.toString(keep)).asDouble();

                ThresholdOutcome decision =
                        decide("percentile", OPTIONS.withKeepShare(keep), values);

                assertThat(decision.value())
                        .as("%s, top %s", golden.get("name").asText(), keep)
                        .isCloseTo(expected, within(1e-9));
            }
        }
    }

    @ParameterizedTest
    @CsvSource({
        "1, 1",
        "2, 1",
        "3, 1",
        "4, 1",
        "10, 3",
        "11, 4",
        "100, 30",
        "101, 31",
        "1000, 300"
    })
    void keepsTheTopThirtyPercentByDefault(int size, int kept) {
        double[] scores = new double[size];
        for (int i = 0; i < size; i++) {
            scores[i] = (i + 1) / 1000.0;
        }

        assertThat(decide("percentile", OPTIONS, scores).kept()).isEqualTo(kept);
    }

    @Test
    void cutsInTheMiddleOfTheLargestGap() {
        ThresholdOutcome decision = decide("gap", OPTIONS, 0.2, 0.95, 0.9, 0.3, 0.86);

        assertThat(decision)
                .returns(3, ThresholdOutcome::kept)
                .returns(true, ThresholdOutcome::applied)
                .returns("largest gap 0.560 after rank 3", ThresholdOutcome::reason);
        assertThat(decision.value()).isCloseTo(0.58, within(1e-12));
    }

    @Test
    void looksForGapsOnlyWhereTheBoundsAllow() {
        double[] scores = {0.99, 0.5, 0.45, 0.3, 0.28, 0.01};

        assertThat(decide("gap", OPTIONS, scores).kept()).isEqualTo(1);
        assertThat(decide("gap", OPTIONS.withKeepBetween(2, 4), scores))
                .returns(3, ThresholdOutcome::kept)
                .returns("largest gap 0.150 after rank 3", ThresholdOutcome::reason);
    }

    @Test
    void keepsMoreOfTwoEqualGaps() {
        assertThat(decide("gap", OPTIONS, 1.0, 0.75, 0.5, 0.25).kept()).isEqualTo(3);
    }

    @Test
    void keepsAllWhereNoGapIsLargeEnough() {
        ThresholdOutcome small = decide("gap", OPTIONS, 0.5, 0.45, 0.4);
        ThresholdOutcome equal = decide("gap", OPTIONS.withMinGap(0), 0.5, 0.5, 0.5);

        assertThat(small)
                .returns(3, ThresholdOutcome::kept)
                .returns(false, ThresholdOutcome::applied)
                .returns("largest gap 0.050 is below 0.100, kept all", ThresholdOutcome::reason);
        assertThat(equal)
                .returns(3, ThresholdOutcome::kept)
                .returns(false, ThresholdOutcome::applied)
                .returns("no gap to cut at, kept all", ThresholdOutcome::reason);
    }

    @Test
    void findsTheClassesThatScikitImageFinds() {
        for (JsonNode golden : GoldenNumbers.section("otsu")) {
            double[] values = GoldenNumbers.numbers(golden, "values");
            double expected = golden.get("separation").asDouble();

            ThresholdOutcome decision = decide("otsu", OPTIONS.withMinSeparation(0), values);

            assertThat(decision)
                    .as(golden.get("name").asText())
                    .returns(true, ThresholdOutcome::applied)
                    .returns(golden.get("kept").asInt(), ThresholdOutcome::kept);
            assertThat(smallestKept(values, decision.value()))
                    .isEqualTo(golden.get("smallestKept").asDouble());
            assertThat(decision.separation()).isCloseTo(expected, within(1e-12));
        }
    }

    @Test
    void cutsTwoClassesAndSaysHowFarTheyAreApart() {
        ThresholdOutcome decision =
                decide("otsu", OPTIONS, 0.95, 0.08, 0.93, 0.05, 0.9, 0.1, 0.02, 0.91, 0.07, 0.04);

        assertThat(decision)
                .returns(4, ThresholdOutcome::kept)
                .returns(true, ThresholdOutcome::applied)
                .returns("two classes, separation 1.00", ThresholdOutcome::reason);
        assertThat(decision.value()).isCloseTo(0.5, within(1e-12));
    }

    @Test
    void cutsLogitsOfAnyRangeTheSame() {
        double[] scores = {0.95, 0.08, 0.93, 0.05, 0.9, 0.1, 0.02, 0.91, 0.07, 0.04};
        TestingSet logits = TestingSet.of(scores).times(40, -1000);

        assertThat(decide("otsu", OPTIONS, logits.values()).kept()).isEqualTo(4);
    }

    @Test
    void keepsAllEqualScores() {
        ThresholdOutcome decision = decide("otsu", OPTIONS, 0.4, 0.4, 0.4, 0.4, 0.4);

        assertThat(decision)
                .returns(5, ThresholdOutcome::kept)
                .returns(false, ThresholdOutcome::applied)
                .returns(null, ThresholdOutcome::separation)
                .returns("all scores equal, kept all", ThresholdOutcome::reason);
    }

    @Test
    void takesRoundingNoiseForEqualScores() {
        double noisy = 0.1 + 0.2;

        assertThat(decide("otsu", OPTIONS, 0.3, 0.3, 0.3, noisy, noisy, noisy).reason())
                .isEqualTo("all scores equal, kept all");
    }

    @Test
    void doesNotTellClassesInThreeScores() {
        assertThat(decide("otsu", OPTIONS, 0.9, 0.1, 0.1))
                .returns(3, ThresholdOutcome::kept)
                .returns("too few scores to tell two classes, kept all", ThresholdOutcome::reason);
    }

    @Test
    void neverSplitsOneClass() {
        Random random = new Random(42);
        int sets = 20_000;
        int uniformCuts = 0;
        int gaussianCuts = 0;
        for (int i = 0; i < sets; i++) {
            int size = 8 + random.nextInt(200);
            double[] uniform = random.doubles(size).toArray();
            double[] gaussian = new double[size];
            for (int j = 0; j < size; j++) {
                gaussian[j] = random.nextGaussian();
            }
            uniformCuts += decide("otsu", OPTIONS, uniform).applied() ? 1 : 0;
            gaussianCuts += decide("otsu", OPTIONS, gaussian).applied() ? 1 : 0;
        }

        assertThat(gaussianCuts).isLessThanOrEqualTo(2);
        assertThat(uniformCuts).isLessThanOrEqualTo(sets / 1000);
        assertThat(decide("otsu", OPTIONS, random.doubles(1000).toArray()).reason())
                .startsWith("no clean separation (0.7")
                .endsWith(", kept all");
    }

    @Test
    void findsTwoClassesThatAreThere() {
        Random random = new Random(43);
        for (int set = 0; set < 1000; set++) {
            double[] scores = new double[20 + random.nextInt(100)];
            int relevant = scores.length / 4 + random.nextInt(scores.length / 2);
            for (int i = 0; i < scores.length; i++) {
                scores[i] = (i < relevant ? 0.85 : 0.15) + 0.04 * random.nextGaussian();
            }

            ThresholdOutcome decision = decide("otsu", OPTIONS, scores);

            assertThat(decision.applied()).as(decision.reason()).isTrue();
            assertThat(decision.kept()).isEqualTo(relevant);
        }
    }

    @Test
    void keepsAtLeastTheFewestAndSaysSo() {
        ThresholdOutcome decision =
                decide("fixed", OPTIONS.withFixedValue(0.95).withKeepBetween(2, 9), 0.9, 0.8, 0.1);

        assertThat(decision)
                .returns(2, ThresholdOutcome::kept)
                .returns(0.8, ThresholdOutcome::value)
                .returns(
                        "fixed threshold 0.950, lowered to keep at least 2",
                        ThresholdOutcome::reason);
    }

    @Test
    void keepsAtMostTheMostAndSaysSo() {
        ThresholdOutcome decision =
                decide("fixed", OPTIONS.withKeepBetween(0, 2), 0.9, 0.8, 0.7, 0.1);

        assertThat(decision)
                .returns(2, ThresholdOutcome::kept)
                .returns(0.8, ThresholdOutcome::value)
                .returns(
                        "fixed threshold 0.500, raised to keep at most 2",
                        ThresholdOutcome::reason);
        assertThat(decide("none", OPTIONS.withKeepBetween(0, 0), 0.9, 0.8))
                .returns(0, ThresholdOutcome::kept)
                .returns(Math.nextUp(0.9), ThresholdOutcome::value);
    }

    @Test
    void keepsAtMostTheMostAlsoWhenLoweredOntoEqualScores() {
        ThresholdOutcome decision =
                decide(
                        "fixed",
                        OPTIONS.withFixedValue(0.95).withKeepBetween(2, 2),
                        0.9,
                        0.8,
                        0.8,
                        0.1);

        assertThat(decision)
                .returns(2, ThresholdOutcome::kept)
                .returns(0.8, ThresholdOutcome::value);
    }

    @Test
    void keepsNoneAtTheEndOfTheNumberRange() {
        assertThat(decide("none", OPTIONS.withKeepBetween(0, 0), Double.MAX_VALUE))
                .returns(0, ThresholdOutcome::kept)
                .returns(Double.MAX_VALUE, ThresholdOutcome::value);
    }

    @Test
    void cutsThroughEqualScoresInTheOrderOfTheRanking() {
        double[] scores = {0.7, 0.7, 0.9, 0.7};
        double[] logits = {1.0, 1.2, 3.0, 1.1};
        boolean[] scored = {true, true, true, true};

        ThresholdOutcome decision = decide("fixed", OPTIONS.withKeepBetween(0, 2), scores);

        assertThat(decision.marks(Ranking.byScore(scores, logits, scored, null)))
                .containsExactly(false, true, true, false);
    }

    @Test
    void saysSoWhenNothingWasScored() {
        for (String strategy : Thresholders.STRATEGIES) {
            ThresholdOutcome decision =
                    Thresholders.of(strategy, OPTIONS.withKeepBetween(3, 5))
                            .decide(
                                    new double[] {1, Double.NaN, Double.NEGATIVE_INFINITY},
                                    new boolean[] {false, true, true});

            assertThat(decision)
                    .as(strategy)
                    .returns(0, ThresholdOutcome::kept)
                    .returns(0.0, ThresholdOutcome::value)
                    .returns("no scored candidates", ThresholdOutcome::reason);
        }
    }

    @Test
    void separatesNeighbouringNumbers() {
        double low = 0.5;
        double high = Math.nextUp(low);

        ThresholdOutcome decision = decide("gap", OPTIONS.withMinGap(0), low, high);

        assertThat(decision).returns(1, ThresholdOutcome::kept);
        assertThat(decision.value()).isEqualTo(high);
    }

    @Test
    void refusesOptionsOutsideTheirRange() {
        assertThatThrownBy(() -> OPTIONS.withFixedValue(Double.NaN))
                .hasMessageContaining("fixed threshold");
        assertThatThrownBy(() -> OPTIONS.withKeepShare(1.1)).hasMessageContaining("share");
        assertThatThrownBy(() -> OPTIONS.withMinGap(-0.1)).hasMessageContaining("gap");
        assertThatThrownBy(() -> OPTIONS.withMinSeparation(Double.NaN))
                .hasMessageContaining("separation");
        assertThatThrownBy(() -> OPTIONS.withSensitivity(-1)).hasMessageContaining("sensitivity");
        assertThatThrownBy(() -> OPTIONS.withRecallTarget(1.1)).hasMessageContaining("recall");
        assertThatThrownBy(() -> OPTIONS.withPrecisionTarget(-0.1))
                .hasMessageContaining("precision");
        assertThatThrownBy(() -> OPTIONS.withFittedCut(new GuaranteedCut(Double.NaN, 0.1, null, 1)))
                .hasMessageContaining("guaranteed");
        assertThatThrownBy(() -> OPTIONS.withKeepBetween(-1, 3)).hasMessageContaining("min_keep");
        assertThatThrownBy(() -> OPTIONS.withKeepBetween(4, 3)).hasMessageContaining("max_keep");
        assertThatThrownBy(() -> Thresholders.of("median")).hasMessageContaining("otsu");
    }

    @Property
    void keepsExactlyTheScoresAtOrAboveTheThreshold(
            @ForAll("strategies") String strategy, @ForAll("messy") TestingSet set) {
        ThresholdOutcome decision = Thresholders.of(strategy).decide(set.values(), set.usable());

        assertThat(decision.value()).isFinite();
        assertThat(decision.kept()).isEqualTo(countAtLeast(set, decision.value()));
        if (!decision.applied()) {
            assertThat(decision.kept()).isEqualTo(set.cleaned().size());
        }
        if (decision.separation() != null) {
            assertThat(decision.separation()).isBetween(0.0, 1.0);
        }
    }

    @Property
    void neverSplitsASetOfEqualScores(
            @ForAll("strategies") String strategy,
            @ForAll @DoubleRange(min = -50, max = 50) double score,
            @ForAll @IntRange(min = 1, max = 60) int size) {
        double[] scores = new double[size];
        Arrays.fill(scores, score);

        assertThat(decide(strategy, OPTIONS, scores).kept()).isIn(0, size);
    }

    @Property
    void movesWithTheScores(
            @ForAll("scores") TestingSet set,
            @ForAll @IntRange(min = -6, max = 6) int exponent,
            @ForAll @IntRange(min = -64, max = 64) int shift) {
        // On a grid of 1/1024 so that neither shift nor scale rounds.
        TestingSet grid =
                TestingSet.of(
                        Arrays.stream(set.values()).map(v -> Math.rint(v * 1024) / 1024).toArray());
        double factor = Math.scalb(1.0, exponent);
        TestingSet moved = grid.times(factor, shift);
        double minGap = 16 / 1024.0;

        ThresholdOutcome here = decide("gap", OPTIONS.withMinGap(minGap), grid.values());
        ThresholdOutcome there = decide("gap", OPTIONS.withMinGap(minGap * factor), moved.values());

        assertThat(there.kept()).isEqualTo(here.kept());
        assertThat(there.value()).isEqualTo(here.value() * factor + shift);
    }

    @Property
    void keepsWithinItsBounds(
            @ForAll("strategies") String strategy,
            @ForAll("messy") TestingSet set,
            @ForAll @IntRange(max = 20) int min,
            @ForAll @IntRange(max = 20) int more) {
        int scored = set.cleaned().size();

        ThresholdOutcome decision =
                Thresholders.of(strategy, OPTIONS.withKeepBetween(min, min + more))
                        .decide(set.values(), set.usable());

        assertThat(decision.kept()).isBetween(Math.min(min, scored), Math.min(min + more, scored));
        assertThat(decision.value()).isFinite();
    }

    @Property
    void doesNotDependOnTheOrderOfTheInput(
            @ForAll("strategies") String strategy,
            @ForAll("messy") TestingSet set,
            @ForAll long seed) {
        TestingSet shuffled = set.inOrder(TestingSet.shuffledOrder(set.size(), seed));
        Thresholder thresholder = Thresholders.of(strategy);

        assertThat(thresholder.decide(shuffled.values(), shuffled.usable()))
                .isEqualTo(thresholder.decide(set.values(), set.usable()));
    }

    @Property
    void keepsTheSameCandidatesOnAnyScale(
            @ForAll("scaleFreeStrategies") String strategy,
            @ForAll("scores") TestingSet set,
            @ForAll @IntRange(min = -8, max = 8) int exponent) {
        // Powers of two scale without rounding, so that exact ties of the criterion stay ties.
        TestingSet scaled = set.times(Math.scalb(1.0, exponent), 0);
        Thresholder thresholder = Thresholders.of(strategy);

        assertThat(thresholder.decide(scaled.values(), scaled.usable()).kept())
                .isEqualTo(thresholder.decide(set.values(), set.usable()).kept());
    }

    @Property
    void separatesTheSameWhereverTheScoresLie(
            @ForAll("scores") TestingSet set,
            @ForAll @DoubleRange(min = 0.1, max = 100) double factor,
            @ForAll @DoubleRange(min = -100, max = 100) double shift) {
        TestingSet moved = set.times(factor, shift);
        Double here = Thresholders.of("otsu").decide(set.values(), set.usable()).separation();
        Double there = Thresholders.of("otsu").decide(moved.values(), moved.usable()).separation();

        if (here == null || there == null) {
            assertThat(there).isEqualTo(here);
        } else {
            assertThat(there).isCloseTo(here, within(1e-7));
        }
    }

    @Property
    void leavesTheLeastVarianceInsideTheTwoClasses(@ForAll("scores") TestingSet set) {
        Double separation = Thresholders.of("otsu").decide(set.values(), set.usable()).separation();

        if (separation != null) {
            assertThat(separation).isCloseTo(bestOfAllCuts(set.values()), within(1e-9));
        }
    }

    private static ThresholdOutcome decide(
            String strategy, ThresholdOptions options, double... scores) {
        return Thresholders.of(strategy, options).decide(scores, TestingSet.of(scores).usable());
    }

    private static int countAtLeast(TestingSet set, double threshold) {
        int count = 0;
        for (int i = 0; i < set.size(); i++) {
            if (set.takesPart(i) && set.values()[i] >= threshold) {
                count++;
            }
        }
        return count;
    }

    private static double smallestKept(double[] scores, double threshold) {
        return Arrays.stream(scores).filter(score -> score >= threshold).min().orElseThrow();
    }

    private static double bestOfAllCuts(double[] scores) {
        double[] ascending = scores.clone();
        Arrays.sort(ascending);
        double total = squares(ascending);
        double best = 0;
        for (int cut = 1; cut < ascending.length; cut++) {
            double within =
                    squares(Arrays.copyOf(ascending, cut))
                            + squares(Arrays.copyOfRange(ascending, cut, ascending.length));
            best = Math.max(best, 1 - within / total);
        }
        return best;
    }

    private static double squares(double[] values) {
        double mean = Arrays.stream(values).average().orElseThrow();
        return Arrays.stream(values).map(value -> (value - mean) * (value - mean)).sum();
    }
}
