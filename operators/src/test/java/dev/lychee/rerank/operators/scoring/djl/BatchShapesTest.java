package dev.lychee.rerank.operators.scoring.djl;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lychee.rerank.operators.scoring.BatchShape;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class BatchShapesTest {

    @Property
    void padsLittleAndNeverBeyondTheModel(
            @ForAll @IntRange(min = 1, max = 512) int longest,
            @ForAll @IntRange(min = 1, max = 2_000) int pairs,
            @ForAll @IntRange(min = 512, max = 8_192) int maxTokens) {
        BatchShape shape = new BatchShapes(maxTokens).of(pairs, longest);

        assertThat(shape.length()).isBetween(longest, maxTokens);
        assertThat(shape.length() - longest)
                .isLessThanOrEqualTo(pairs * longest < 512 ? longest / 8 : longest / 32);
        assertThat(shape.pairs()).isBetween(pairs, pairs + pairs / 4);
    }

    @Property
    void isAShapeOfItsOwn(
            @ForAll @IntRange(min = 1, max = 512) int longest,
            @ForAll @IntRange(min = 512, max = 2_000) int pairs) {
        BatchShapes shapes = new BatchShapes(512);
        BatchShape shape = shapes.of(pairs, longest);

        assertThat(shapes.of(shape.pairs(), shape.length())).isEqualTo(shape);
    }

    @Test
    void leavesFewShapes() {
        BatchShapes shapes = new BatchShapes(512);

        assertThat(IntStream.rangeClosed(1, 512).map(i -> shapes.of(512, i).length()).distinct())
                .hasSize(160);
        assertThat(IntStream.rangeClosed(1, 128).map(i -> shapes.of(i, 9).pairs()).distinct())
                .hasSize(24);
    }

    @Test
    void keepsTheModelsLongestPairAsItIs() {
        assertThat(new BatchShapes(131).of(64, 131)).isEqualTo(new BatchShape(64, 131));
    }
}
