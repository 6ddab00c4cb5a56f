package dev.lychee.rerank.operators.postprocess;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.DoubleRange;
import org.junit.jupiter.api.Test;

/** The strategies that add up probabilities along the order, and the one with a fitted cut. */
class TargetThresholdersTest {

    private static final ThresholdOptions OPTIONS = ThresholdOptions.DEFAULTS;

    @Provide
    Arbitrary<TestingSet> scores() {
        return TestingSet.scores();
    }

    @Provide
    Arbitrary<TestingSet> messy() {
        return TestingSet.messy();
    }

    @Provide
    Arbitrary<String> targets() {
        return Arbitraries.of("recall", "precision");
    }

    @Test
    void keepsTheShortestListThatHoldsTheExpectedRelevant() {
        double[] probabilities = {0.1, 0.9, 0.05, 0.8, 0.15};

        ThresholdOutcome decision = recall(0.8, probabilities, probabilities);

        assertThat(decision)
                .returns(2, ThresholdOutcome::kept)
                .returns(0.8, ThresholdOutcome::value)
                .returns(
                        "expected to hold 1.7 of 2.0 relevant, recall 0.85",
                        ThresholdOutcome::reason);
    }

    @Test
    void addsUpProbabilitiesAlongTheOrderOfTheScores() {
        double[] scores = {0.9, 0.8, 0.7};
        double[] probabilities = {0.1, 0.1, 0.8};

        assertThat(recall(0.5, scores, probabilities).kept()).isEqualTo(3);
        assertThat(precision(0.3, scores, probabilities).kept()).isEqualTo(3);
        assertThat(precision(0.5, scores, probabilities).kept()).isZero();
    }

    @Test
    void keepsTheLongestListThatIsPreciseEnough() {
        double[] probabilities = {0.9, 0.7, 0.2, 0.1};

        assertThat(precision(0.8, probabilities, probabilities))
                .returns(2, ThresholdOutcome::kept)
                .returns("expected precision 0.80 of the 0.80 wanted", ThresholdOutcome::reason);
        assertThat(precision(0, probabilities, probabilities).kept()).isEqualTo(4);
    }

    @Test
    void keepsNoneWhereEvenTheFirstIsNotPreciseEnough() {
        double[] probabilities = {0.3, 0.2};

        ThresholdOutcome none = precision(0.5, probabilities, probabilities);
        ThresholdOutcome atLeastOne =
                Thresholders.of("precision", OPTIONS.withKeepBetween(1, 5))
                        .decide(probabilities, new boolean[] {true, true});

        assertThat(none)
                .returns(0, ThresholdOutcome::kept)
                .returns(true, ThresholdOutcome::applied)
                .returns("no list with an expected precision of 0.50", ThresholdOutcome::reason);
        assertThat(none.value()).isGreaterThan(0.3);
        assertThat(atLeastOne.kept()).isEqualTo(1);
    }

    @Test
    void keepsTheFirstWhereNothingRelevantIsExpected() {
        double[] scores = {3, 2, 1};

        assertThat(recall(0.9, scores, new double[3]))
                .returns(1, ThresholdOutcome::kept)
                .returns("no relevant candidate is expected", ThresholdOutcome::reason);
    }

    @Test
    void cutsWhereTheFittedCutSaysAndRepeatsItsPromise() {
        double[] scores = {0.9, 0.2, 0.1};
        ThresholdOptions fitted = OPTIONS.withFittedCut(new GuaranteedCut(0.2, 0.1, 0.9, 1_234));

        assertThat(Thresholders.of("guarantee", fitted).decide(scores, allOf(scores)))
                .returns(2, ThresholdOutcome::kept)
                .returns(0.2, ThresholdOutcome::value)
                .returns(
                        "loses at most 10.0 % of the relevant with 90 % confidence, from 1,234"
                                + " judged requests",
                        ThresholdOutcome::reason);
        assertThat(new GuaranteedCut(0.2, 0.05, null, 40).promise())
                .isEqualTo(
                        "loses at most 5.0 % of the relevant on average, from 40 judged requests");
    }

    @Test
    void keepsAllWithoutAFittedCut() {
        double[] scores = {0.9, 0.2};

        assertThat(Thresholders.of("guarantee").decide(scores, allOf(scores)))
                .returns(2, ThresholdOutcome::kept)
                .returns(false, ThresholdOutcome::applied);
    }

    @Property
    void keepsMoreTheMoreRecallIsWanted(
            @ForAll("scores") TestingSet set,
            @ForAll @DoubleRange(max = 1) double target,
            @ForAll @DoubleRange(max = 1) double other) {
        int few = recall(Math.min(target, other), set.values(), set.values()).kept();
        int many = recall(Math.max(target, other), set.values(), set.values()).kept();

        assertThat(few).isLessThanOrEqualTo(many);
    }

    @Property
    void keepsFewerTheMorePrecisionIsWanted(
            @ForAll("scores") TestingSet set,
            @ForAll @DoubleRange(max = 1) double target,
            @ForAll @DoubleRange(max = 1) double other) {
        int many = precision(Math.min(target, other), set.values(), set.values()).kept();
        int few = precision(Math.max(target, other), set.values(), set.values()).kept();

        assertThat(few).isLessThanOrEqualTo(many);
    }

    @Property
    void reachesItsTargetWithTheFewest(
            @ForAll("scores") TestingSet set, @ForAll @DoubleRange(max = 1) double target) {
        double all = Arrays.stream(set.values()).sum();
        ThresholdOutcome decision = recall(target, set.values(), set.values());
        double[] kept =
                Arrays.stream(set.values()).filter(v -> v >= decision.value()).sorted().toArray();
        double lowest = kept[0];

        assertThat(Arrays.stream(kept).sum()).isGreaterThanOrEqualTo(target * all - 1e-6);
        if (lowest < kept[kept.length - 1]) {
            assertThat(Arrays.stream(kept).filter(v -> v > lowest).sum())
                    .isLessThan(target * all + 1e-6);
        }
    }

    @Property
    void doesNotDependOnTheOrderOfTheInput(
            @ForAll("targets") String strategy,
            @ForAll("messy") TestingSet set,
            @ForAll("messy") TestingSet other,
            @ForAll long seed) {
        double[] probabilities = new double[set.size()];
        for (int i = 0; i < probabilities.length; i++) {
            probabilities[i] = i < other.size() ? other.values()[i] : 0.5;
        }
        int[] order = TestingSet.shuffledOrder(set.size(), seed);
        TestingSet shuffled = set.inOrder(order);
        Thresholder thresholder = Thresholders.of(strategy);

        ThresholdOutcome there =
                thresholder.decide(
                        shuffled.values(),
                        TestingSet.inOrder(probabilities, order),
                        shuffled.usable());

        assertThat(there).isEqualTo(thresholder.decide(set.values(), probabilities, set.usable()));
        assertThat(there.value()).isFinite();
    }

    @Property
    void choosesTheSameWhateverRisingFunctionTheScoresWentThrough(
            @ForAll("targets") String strategy,
            @ForAll("scores") TestingSet set,
            @ForAll @DoubleRange(min = 0.1, max = 20) double factor) {
        double[] bent = Arrays.stream(set.values()).map(v -> Math.expm1(factor * v) - 3).toArray();
        Thresholder thresholder = Thresholders.of(strategy);

        assertThat(thresholder.decide(bent, set.values(), set.usable()).kept())
                .isEqualTo(thresholder.decide(set.values(), set.usable()).kept());
    }

    @Test
    void expectsWhatItSays() {
        assertThat(recall(0.9, new double[] {0.6, 0.5}, new double[] {0.6, 0.5}).value())
                .isCloseTo(0.5, within(1e-12));
    }

    private static ThresholdOutcome recall(double target, double[] scores, double[] probabilities) {
        return Thresholders.of("recall", OPTIONS.withRecallTarget(target))
                .decide(scores, probabilities, allOf(scores));
    }

    private static ThresholdOutcome precision(
            double target, double[] scores, double[] probabilities) {
        return Thresholders.of("precision", OPTIONS.withPrecisionTarget(target))
                .decide(scores, probabilities, allOf(scores));
    }

    private static boolean[] allOf(double[] scores) {
        return TestingSet.of(scores).usable();
    }
}
