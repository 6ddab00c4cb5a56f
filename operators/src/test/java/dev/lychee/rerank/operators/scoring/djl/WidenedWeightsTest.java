package dev.lychee.rerank.operators.scoring.djl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.lychee.rerank.operators.scoring.EncodedPair;
import dev.lychee.rerank.operators.scoring.InvalidModelPackageException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WidenedWeightsTest {

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path folder;

    @Test
    void computesInFp32WithTheSameNumbers() throws Exception {
        Path oneFile = withWeights("{fp32: model-bf16.pt, bf16: model-bf16.pt}");
        // Of the rounded weights, so that the checkpoint's own logits need a wider tolerance.
        Files.writeString(
                oneFile.resolve("model.yaml"),
                Files.readString(oneFile.resolve("model.yaml"))
                        .replace("fp32: 0.001", "fp32: 0.05"));
        try (DjlScorer wide = TestPackages.load(oneFile, "fp32");
                DjlScorer narrow = TestPackages.load(oneFile, "bf16")) {
            float inFp32 = score(wide);

            assertThat(wide.description().precision()).isEqualTo("fp32");
            assertThat(score(narrow)).isCloseTo(inFp32, within(0.15f)).isNotEqualTo(inFp32);
        }
    }

    @Test
    void leavesNoFileBehind() throws Exception {
        Path file;
        try (WidenedWeights widened =
                WidenedWeights.of(TestPackages.folder("cls-one").resolve("model-bf16.pt"))) {
            file = widened.file();

            assertThat(file).isRegularFile();
        }
        assertThat(file).doesNotExist();
    }

    @Test
    void refusesWeightsThatAreNotBf16() throws Exception {
        Path oneFile = withWeights("{fp32: model.pt, bf16: model.pt}");

        assertThatThrownBy(() -> TestPackages.load(oneFile, "fp32"))
                .isInstanceOf(InvalidModelPackageException.class)
                .hasMessageContaining("model.pt has weights of type Float, so it cannot be both")
                .hasMessageContaining("weights.fp32");
    }

    @Test
    void refusesAFileThatIsNoZip() throws Exception {
        Path oneFile = withWeights("{fp32: model.pt, bf16: model.pt}");
        Files.writeString(oneFile.resolve("model.pt"), "no weights");

        assertThatThrownBy(() -> TestPackages.load(oneFile, "fp32"))
                .isInstanceOf(InvalidModelPackageException.class)
                .hasMessageContaining("model.pt is not TorchScript");
    }

    private Path withWeights(String weights) throws Exception {
        return TestPackages.changed(
                "cls-one",
                folder,
                "model.yaml",
                text -> text.replace("{fp32: model.pt, bf16: model-bf16.pt}", weights));
    }

    private static float score(DjlScorer scorer) {
        EncodedPair pair =
                scorer.encodePair(scorer.encodeQuery(null, "red cotton dress"), "a red dress");
        return scorer.score(List.of(pair))[0];
    }
}
