package dev.lychee.rerank.deploy.bench.peers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.lychee.rerank.deploy.UserMistakeException;
import dev.lychee.rerank.deploy.bench.peers.OnnxPeer.Threads;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OnnxPeerTest {

    /** Written by "lychee bench peers", which takes Python with PyTorch. */
    private static final Path MODEL = Path.of("target/bench/minilm-shape");

    private static final int MAX_TOKENS = 512;

    private static final List<TextPair> PAIRS =
            List.of(
                    new TextPair("red dress", "red silk dress for summer, soft and light"),
                    new TextPair("red dress", "blue coat"),
                    new TextPair("running shoes", "white running shoes for men"));

    @TempDir private Path folder;

    @Test
    void agreesWithDjlOnTheSameWeightsInAnyOrderAndBatch() {
        assumeTrue(PeerFiles.areIn(MODEL), MODEL + " is not written: lychee bench peers does it");
        try (DjlPeer djl = DjlPeer.load(MODEL, MAX_TOKENS);
                OnnxPeer onnx = OnnxPeer.load(MODEL, MAX_TOKENS, Threads.CORES)) {
            float[] expected = djl.score(PAIRS).logits();

            for (PeerPass pass :
                    List.of(
                            onnx.score(PAIRS, 1, false),
                            onnx.score(PAIRS, 2, false),
                            onnx.score(PAIRS, 2, true),
                            onnx.score(PAIRS, 64, true))) {
                assertThat(pass.logits()).containsExactly(expected, within(1e-3f));
            }
        }
    }

    @Test
    void namesTheTokenizerThatIsMissing() {
        assertThatThrownBy(() -> OnnxPeer.load(folder, MAX_TOKENS, Threads.DEFAULT))
                .isInstanceOf(UserMistakeException.class)
                .hasMessageContaining("tokenizer.json cannot be read as a tokenizer");
    }
}
