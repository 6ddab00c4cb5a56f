package dev.lychee.rerank.deploy.bench;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lychee.rerank.deploy.bench.PeersBenchReport.Aim;
import dev.lychee.rerank.deploy.bench.PeersBenchReport.MatrixShare;
import dev.lychee.rerank.deploy.bench.PeersBenchReport.Variant;
import dev.lychee.rerank.deploy.terminal.Terminal;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class PeersBenchReportTest {

    @Test
    void saysOfEachPeerHowMuchFasterOursIsAndWhetherThatIsEnough() {
        String text =
                printed(
                        List.of(
                                new MatrixShare("bf16", even(400), even(320), even(0.8)),
                                new MatrixShare("fp32", even(200), null, null)));

        assertThat(text)
                .containsPattern(
                        "ONNX, batches of 8 +fp32 +inside +100 \\(100-100\\) +1.70 \\(1.70-1.70\\)")
                .containsPattern("raw +bf16 +before +200")
                .contains(
                        "ours over ONNX, batches of 8: 1.70 (1.70-1.70), expected at least 1.6: reached")
                .contains("ours over one: 2.90 (2.90-2.90), expected at least 3.0: not reached")
                .contains(
                        "Matrix products in bf16: 400 (400-400) GFLOP/s alone, 320 (320-320) in raw passes: a share of 0.80")
                .contains("Matrix products in fp32: 200 (200-200) GFLOP/s alone\n");
    }

    @Test
    void saysWhyTheShareOfTheProductsIsMissing() {
        assertThat(printed(List.of())).contains("The package has no shape.json");
    }

    private static String printed(List<MatrixShare> shares) {
        PeersBenchReport report =
                new PeersBenchReport(
                        new Machine(2, "amd64", true, 1_024L, "17", 0.5),
                        "minilm-shape",
                        "1",
                        "bf16",
                        1_000,
                        3,
                        1,
                        "abc",
                        new Spread(36, 8, 256),
                        94,
                        1_024,
                        5,
                        "one per core",
                        1e-6,
                        "ONNX, batches of 8",
                        List.of(
                                variant("ONNX, batches of 8", "fp32", true, 100, 1.7),
                                variant("raw", "bf16", false, 200, 0.85)),
                        List.of(
                                new Aim("ours", "ONNX, batches of 8", even(1.7), 1.6),
                                new Aim("ours", "one", even(2.9), 3)),
                        shares);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        report.print(
                new Terminal(
                        new PrintStream(out, true, StandardCharsets.UTF_8), 120, false, false));
        return out.toString(StandardCharsets.UTF_8);
    }

    private static Variant variant(
            String name, String precision, boolean tokenizes, double rate, double slower) {
        return new Variant(
                name,
                "engine",
                precision,
                tokenizes,
                even(rate),
                even(slower),
                even(5_000),
                0.05,
                8);
    }

    private static Spread even(double value) {
        return new Spread(value, value, value);
    }
}
