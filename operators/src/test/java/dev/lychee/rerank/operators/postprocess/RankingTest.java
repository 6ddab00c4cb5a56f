package dev.lychee.rerank.operators.postprocess;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lychee.rerank.operators.postprocess.Ranking.Ranked;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class RankingTest {

    @Provide
    Arbitrary<TestingSet> messy() {
        return TestingSet.messy();
    }

    @Provide
    Arbitrary<TestingSet> scores() {
        return TestingSet.scores();
    }

    @Test
    void ordersByScoreThenLogitThenInput() {
        double[] scores = {0.5, 0.9, 0.9, 0.5, 0.9};
        double[] logits = {1, 2, 3, 1, 2};
        boolean[] scored = {true, true, true, true, true};

        assertThat(Ranking.byScore(scores, logits, scored, null)).containsExactly(2, 1, 4, 0, 3);
    }

    @Test
    void putsUnscoredPairsLastInRetrievalOrder() {
        double[] scores = {0, 0.1, 0.9, Double.NaN, 0};
        double[] logits = {0, -2, 3, 0, 0};
        boolean[] scored = {false, true, true, true, false};

        assertThat(Ranking.byScore(scores, logits, scored, null)).containsExactly(2, 1, 0, 3, 4);
        assertThat(Ranking.byScore(scores, logits, scored, new int[] {7, 1, 2, 3, 5}))
                .containsExactly(2, 1, 3, 4, 0);
    }

    @Test
    void takesBothZerosAsOne() {
        boolean[] scored = {true, true};

        assertThat(Ranking.byScore(new double[] {-0.0, 0.0}, new double[] {1, 1}, scored, null))
                .containsExactly(0, 1);
    }

    @Test
    void letsALogitThatIsNotFiniteLoseItsTie() {
        boolean[] scored = {true, true, true};

        assertThat(
                        Ranking.byScore(
                                new double[] {0.5, 0.5, 0.5},
                                new double[] {Double.NaN, Double.POSITIVE_INFINITY, -9},
                                scored,
                                null))
                .containsExactly(2, 0, 1);
    }

    @Test
    void anchorsTieGroupsAtTheirFirst() {
        Ranked ranked = tied(false, 0.920, 0.924, 0.928);

        assertThat(ranked.order()).containsExactly(2, 1, 0);
        assertThat(ranked.tieGroup()).containsExactly(1, 0, 0);
        assertThat(ranked.tied()).containsExactly(false, true, true);
    }

    @Test
    void countsTheToleranceItselfAsATie() {
        assertThat(tied(false, 0.920, 0.915).tied()).containsExactly(true, true);
        assertThat(tied(false, 0.920, 0.9149).tied()).containsExactly(false, false);
    }

    @Test
    void putsATieGroupBackIntoInputOrderOnRequest() {
        Ranked byScore = tied(false, 0.5, 0.921, 0.3, 0.924, 0.920);
        Ranked byInput = tied(true, 0.5, 0.921, 0.3, 0.924, 0.920);

        assertThat(byScore.order()).containsExactly(3, 1, 4, 0, 2);
        assertThat(byInput.order()).containsExactly(1, 3, 4, 0, 2);
        assertThat(byInput.ranks()).containsExactly(4, 1, 5, 2, 3);
        assertThat(byInput.tied()).containsExactly(byScore.tied());
    }

    @Test
    void neverTiesUnscoredPairs() {
        double[] scores = {0.5, 0, 0};
        boolean[] scored = {true, false, false};
        int[] order = Ranking.byScore(scores, scores, scored, new int[] {1, 3, 2});

        Ranked ranked = Ranking.withTies(order, scores, scored, Ranking.TIE_TOLERANCE, true);

        assertThat(ranked.order()).containsExactly(0, 2, 1);
        assertThat(ranked.tied()).containsExactly(false, false, false);
        assertThat(ranked.tieGroup()).containsExactly(0, 2, 1);
    }

    @Test
    void returnsNoMoreThanThereIs() {
        assertThat(Ranking.topN(10, 3)).isEqualTo(3);
        assertThat(Ranking.topN(2, 3)).isEqualTo(2);
        assertThat(Ranking.topN(0, 3)).isZero();
        assertThatThrownBy(() -> Ranking.topN(-1, 3)).isInstanceOf(IllegalArgumentException.class);
    }

    @Property
    void ranksEachCandidateOnceAndNoBetterOneBelow(@ForAll("messy") TestingSet set) {
        int[] order = Ranking.byScore(set.values(), set.values(), set.usable(), null);

        assertThat(order).hasSize(set.size());
        assertThat(order.clone()).containsExactlyInAnyOrder(IndexSort.identity(set.size()));
        for (int i = 1; i < order.length; i++) {
            if (set.takesPart(order[i])) {
                assertThat(set.takesPart(order[i - 1])).isTrue();
                assertThat(set.values()[order[i - 1]])
                        .isGreaterThanOrEqualTo(set.values()[order[i]] + 0.0);
            }
        }
    }

    @Property
    void showsTheSameScoresInTheSameOrderHoweverTheyCome(
            @ForAll("scores") TestingSet set, @ForAll long seed) {
        int[] moves = TestingSet.shuffledOrder(set.size(), seed);
        TestingSet shuffled = set.inOrder(moves);
        int[] here = Ranking.byScore(set.values(), set.values(), set.usable(), null);
        int[] there = Ranking.byScore(shuffled.values(), shuffled.values(), set.usable(), null);

        assertThat(TestingSet.inOrder(shuffled.values(), there))
                .containsExactly(TestingSet.inOrder(set.values(), here));
    }

    @Property
    void keepsEveryTieGroupWithinTheToleranceOfItsFirst(
            @ForAll("scores") TestingSet set, @ForAll boolean keepInputOrder) {
        int[] order = Ranking.byScore(set.values(), set.values(), set.usable(), null);
        Ranked ranked =
                Ranking.withTies(
                        order, set.values(), set.usable(), Ranking.TIE_TOLERANCE, keepInputOrder);

        int anchor = order[0];
        for (int i = 1; i < order.length; i++) {
            int candidate = order[i];
            // On the grid of thousandths, exact in whole numbers.
            long apart =
                    Math.round(set.values()[anchor] * 1000)
                            - Math.round(set.values()[candidate] * 1000);
            if (ranked.tieGroup()[candidate] == ranked.tieGroup()[anchor]) {
                assertThat(apart).isLessThanOrEqualTo(5);
                assertThat(ranked.tied()[anchor]).isTrue();
                assertThat(ranked.tied()[candidate]).isTrue();
            } else {
                assertThat(apart).isGreaterThan(5);
                anchor = candidate;
            }
        }
        for (int i = 1; i < order.length; i++) {
            assertThat(ranked.tieGroup()[ranked.order()[i]])
                    .isGreaterThanOrEqualTo(ranked.tieGroup()[ranked.order()[i - 1]]);
        }
    }

    private static Ranked tied(boolean keepInputOrder, double... scores) {
        boolean[] scored = TestingSet.of(scores).usable();
        int[] order = Ranking.byScore(scores, scores, scored, null);
        return Ranking.withTies(order, scores, scored, Ranking.TIE_TOLERANCE, keepInputOrder);
    }

    /** Scores that differ in their last bits only, that are equal, negative, or not there. */
    @Property(tries = 2_000)
    void ordersAsAStableSortWithTheWholeComparisonDoes(@ForAll @IntRange(max = 1 << 30) int seed) {
        Random random = new Random(seed);
        int size = 1 + random.nextInt(70);
        double[] scores = new double[size];
        double[] logits = new double[size];
        boolean[] scored = new boolean[size];
        int[] retrieved = new int[size];
        for (int i = 0; i < size; i++) {
            double base = (random.nextInt(7) - 3) / 3.0;
            scores[i] =
                    switch (random.nextInt(4)) {
                        case 0 -> base;
                        case 1 -> Math.nextUp(base);
                        case 2 -> -base;
                        default -> random.nextGaussian();
                    };
            logits[i] = random.nextInt(3);
            scored[i] = random.nextInt(8) > 0;
            retrieved[i] = random.nextInt(size);
        }

        List<Integer> expected = new ArrayList<>(IntStream.range(0, size).boxed().toList());
        expected.sort(
                (left, right) -> {
                    if (scored[left] != scored[right]) {
                        return scored[left] ? -1 : 1;
                    }
                    if (!scored[left]) {
                        return Integer.compare(retrieved[left], retrieved[right]);
                    }
                    // 0.0 and -0.0 are one score.
                    int byScore = Double.compare(scores[right] + 0.0, scores[left] + 0.0);
                    return byScore != 0 ? byScore : Double.compare(logits[right], logits[left]);
                });
        assertThat(IntStream.of(Ranking.byScore(scores, logits, scored, retrieved)).boxed())
                .containsExactlyElementsOf(expected);
    }
}
