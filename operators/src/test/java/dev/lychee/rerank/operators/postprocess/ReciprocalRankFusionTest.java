package dev.lychee.rerank.operators.postprocess;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.lychee.rerank.operators.postprocess.ReciprocalRankFusion.Fused;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class ReciprocalRankFusionTest {

    @Test
    void addsReciprocalRanks() {
        Fused fused = ReciprocalRankFusion.fuse(new int[][] {{1, 2, 3, 0}, {3, 1, 0, 0}}, 4);

        assertThat(fused.scores())
                .containsExactly(
                        new double[] {1.0 / 61 + 1.0 / 63, 1.0 / 62 + 1.0 / 61, 1.0 / 63, 0},
                        within(1e-15));
        assertThat(fused.order()).containsExactly(1, 0, 2, 3);
        assertThat(fused.ranks()).containsExactly(2, 1, 3, 4);
    }

    @Test
    void breaksTiesByInputOrder() {
        assertThat(ReciprocalRankFusion.fuse(new int[][] {{2, 1, 0}, {1, 2, 0}}, 3).order())
                .containsExactly(0, 1, 2);
        assertThat(ReciprocalRankFusion.fuse(new int[0][], 3).order()).containsExactly(0, 1, 2);
    }

    @Test
    void takesTheLargestRank() {
        Fused fused = ReciprocalRankFusion.fuse(new int[][] {{Integer.MAX_VALUE, -1}}, 2);

        assertThat(fused.scores()[0]).isPositive();
        assertThat(fused.order()).containsExactly(0, 1);
    }

    @Test
    void refusesRanksOfAnotherSet() {
        assertThatThrownBy(() -> ReciprocalRankFusion.fuse(new int[][] {{1, 2}}, 3))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Property
    void keepsTheOrderOfASingleRetriever(@ForAll @IntRange(max = 200) int size, @ForAll long seed) {
        int[] order = TestingSet.shuffledOrder(size, seed);
        int[] ranks = new int[size];
        for (int i = 0; i < size; i++) {
            ranks[order[i]] = i + 1;
        }

        assertThat(ReciprocalRankFusion.fuse(new int[][] {ranks}, size).order())
                .containsExactly(order);
    }

    @Property
    void doesNotDependOnTheOrderOfTheRetrievers(
            @ForAll @IntRange(min = 2, max = 6) int retrievers,
            @ForAll @IntRange(min = 1, max = 50) int size,
            @ForAll long seed) {
        Random random = new Random(seed);
        int[][] ranks = new int[retrievers][size];
        for (int[] row : ranks) {
            for (int i = 0; i < size; i++) {
                row[i] = random.nextInt(size + 1);
            }
        }
        int[][] shuffled = new int[retrievers][];
        int[] order = TestingSet.shuffledOrder(retrievers, seed);
        for (int i = 0; i < retrievers; i++) {
            shuffled[i] = ranks[order[i]];
        }

        Fused here = ReciprocalRankFusion.fuse(ranks, size);
        Fused there = ReciprocalRankFusion.fuse(shuffled, size);

        assertThat(there.scores()).containsExactly(here.scores());
        assertThat(there.order()).containsExactly(here.order());
    }
}
