package dev.lychee.rerank.deploy.bench.peers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.lychee.rerank.deploy.UserMistakeException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LinearLayersTest {

    @TempDir private Path folder;

    @Test
    void countsTwoOperationsPerWeightAndToken() {
        // 6 layers of 4 x 384 x 384 and 2 x 384 x 1536 weights: 10.6 million.
        assertThat(new LinearLayers(384, 1536, 6, false).flops(1_000))
                .isCloseTo(2.0 * 10_616_832 * 1_000, within(1.0));
    }

    @Test
    void countsOnlyKeysAndValuesOfALastLayerThatNeedsOnlyTheFirstToken() {
        assertThat(new LinearLayers(384, 1536, 6, true).flops(1))
                .isEqualTo(2.0 * (5 * 1_769_472 + 2 * 384 * 384));
    }

    @Test
    void readsTheShapeBesideTheWeights() throws IOException {
        Files.writeString(
                folder.resolve(LinearLayers.FILE),
                "{\"width\":8,\"inner\":16,\"layers\":2,\"first_token_only\":true}");

        assertThat(LinearLayers.read(folder)).isEqualTo(new LinearLayers(8, 16, 2, true));
    }

    @Test
    void knowsNoShapeWhereNobodyWroteIt() throws IOException {
        assertThat(LinearLayers.read(folder)).isNull();
    }

    @Test
    void namesTheShapeThatCannotBeRead() throws IOException {
        Files.writeString(folder.resolve(LinearLayers.FILE), "{\"width\":\"wide\"}");

        assertThatThrownBy(() -> LinearLayers.read(folder))
                .isInstanceOf(UserMistakeException.class)
                .hasMessageContaining("shape.json cannot be read");
    }
}
