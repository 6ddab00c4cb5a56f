package dev.lychee.rerank.deploy.bench;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lychee.rerank.operators.scoring.BatchShape;
import dev.lychee.rerank.operators.scoring.EncodedPair;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class ScorerBenchTest {

    /** A pair that is only long. */
    private record TestingPair(int tokens, boolean truncated) implements EncodedPair {}

    @Test
    void fillsEachBatchUpToTheBudgetWithPairsOfSimilarLength() {
        assertThat(lengths(10, 40, 10, 20, 60, 20))
                .containsExactly(List.of(10, 10), List.of(20, 20), List.of(40), List.of(60));
    }

    @Test
    void putsAPairBeyondTheBudgetIntoABatchOfItsOwn() {
        assertThat(lengths(500, 8)).containsExactly(List.of(8), List.of(500));
    }

    private static List<List<Integer>> lengths(Integer... tokens) {
        List<EncodedPair> pairs =
                Stream.of(tokens)
                        .map(length -> (EncodedPair) new TestingPair(length, false))
                        .toList();
        return ScorerBench.sortedBatches(BatchShape::new, pairs, 40).stream()
                .map(batch -> batch.stream().map(EncodedPair::tokens).toList())
                .toList();
    }
}
