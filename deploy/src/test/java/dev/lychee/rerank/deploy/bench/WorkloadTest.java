package dev.lychee.rerank.deploy.bench;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lychee.rerank.deploy.bench.Workload.Query;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class WorkloadTest {

    private static final int MODEL_TOKENS = 256;

    @Test
    void isTheSameForTheSameSeed() {
        String once = Workload.draw(500, MODEL_TOKENS, 1).sha256();

        assertThat(Workload.draw(500, MODEL_TOKENS, 1).sha256()).isEqualTo(once);
        assertThat(Workload.draw(500, MODEL_TOKENS, 2).sha256()).isNotEqualTo(once);
    }

    @Test
    void hasPairsOfTheLengthsThatItPromises() {
        List<Integer> words =
                Workload.draw(10_000, MODEL_TOKENS, 1).queries().stream()
                        .flatMap(query -> query.documents().stream())
                        .map(document -> document.split(" ").length)
                        .sorted()
                        .toList();

        // Three words of the query and three control tokens belong to a pair, too.
        assertThat(words.get(0) + 6).isEqualTo(8);
        assertThat(words.get(5_000) + 6).isBetween(35, 37);
        assertThat(words.get(9_999) + 6).isEqualTo(256);
    }

    @Test
    void keepsToTheModelsLimit() {
        assertThat(Workload.draw(1_000, 20, 1).queries().get(0).documents())
                .allSatisfy(document -> assertThat(document.split(" ").length + 6 <= 20).isTrue());
    }

    @Test
    void takesItsOwnLimitWhereTheModelReadsMore() {
        assertThat(Workload.draw(1_000, 512, 1).sha256())
                .isEqualTo(Workload.draw(1_000, MODEL_TOKENS, 1).sha256());
    }

    @Test
    void cutsTheSamePairsIntoSetsOfAnySize() {
        Workload workload = Workload.draw(2_050, MODEL_TOKENS, 1);

        assertThat(workload.sets(20)).hasSize(50 + 50 + 3);
        assertThat(texts(workload.sets(20))).isEqualTo(texts(workload.sets(1_000)));
    }

    @Test
    void drawsSetsThatDoNotRepeat() {
        Supplier<Query> fresh = Workload.fresh(20, 50, 1);
        List<Query> sets = Stream.generate(fresh).limit(500).toList();

        assertThat(texts(sets)).hasSizeGreaterThan(500 * 20).doesNotHaveDuplicates();
        assertThat(sets.stream().map(set -> set.documents().size()).distinct().sorted())
                .startsWith(20)
                .endsWith(50)
                .hasSize(31);
    }

    @Test
    void givesTheSameSetsOverAndOver() {
        List<Query> sets = Workload.draw(60, MODEL_TOKENS, 1).sets(20);

        assertThat(Stream.generate(Workload.repeating(sets)).limit(6))
                .containsExactly(
                        sets.get(0),
                        sets.get(1),
                        sets.get(2),
                        sets.get(0),
                        sets.get(1),
                        sets.get(2));
    }

    private static List<String> texts(List<Query> sets) {
        return sets.stream()
                .flatMap(set -> set.documents().stream().map(text -> set.text() + "/" + text))
                .toList();
    }
}
