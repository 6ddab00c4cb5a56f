package dev.lychee.rerank.operators.scoring.djl;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class BatchShapesTest {

    @Property
    void padsLittleAndNeverBeyondTheModel(
            @ForAll @IntRange(min = 1, max = 512) int longest,
            @ForAll @IntRange(min = 512, max = 8_192) int maxTokens) {
        int padded = new BatchShapes(maxTokens).applyAsInt(longest);

        assertThat(padded).isBetween(longest, maxTokens);
        assertThat(padded - longest).isLessThanOrEqualTo(longest / 32);
    }

    @Test
    void leavesFewLengths() {
        BatchShapes shapes = new BatchShapes(512);

        assertThat(IntStream.rangeClosed(1, 512).map(shapes).distinct().count()).isEqualTo(160);
        assertThat(IntStream.rangeClosed(1, 512).map(shapes).map(shapes).toArray())
                .isEqualTo(IntStream.rangeClosed(1, 512).map(shapes).toArray());
    }

    @Test
    void keepsTheModelsLongestPairAsItIs() {
        assertThat(new BatchShapes(131).applyAsInt(131)).isEqualTo(131);
    }
}
