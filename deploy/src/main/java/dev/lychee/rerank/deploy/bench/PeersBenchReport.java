package dev.lychee.rerank.deploy.bench;

import dev.lychee.rerank.deploy.terminal.Table;
import dev.lychee.rerank.deploy.terminal.Terminal;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What {@link PeersBench} measured.
 *
 * @param machine where
 * @param precision of ours
 * @param pairs pairs in a round
 * @param rounds measured rounds
 * @param seed of the workload
 * @param workloadSha256 of the workload's texts
 * @param pairTokens lengths of the pairs, in tokens
 * @param pairTokensP95 95 % are at most so long
 * @param batchTokens the scheduler's {@code max-batch-tokens}
 * @param batchDelayMillis the scheduler's {@code max-batch-delay}
 * @param onnxThreads which of ONNX Runtime's thread settings was the fastest, and was measured
 * @param onnxLogitGap largest difference of a logit between ONNX Runtime and DJL, both in fp32
 * @param bestOnnx the fastest of ONNX Runtime's variants
 * @param variants each way to score
 * @param aims what ours should reach over its peers
 * @param matrixShares matrix products per second, alone and inside raw passes; empty where the
 *     model's shapes are not known
 */
public record PeersBenchReport(
        Machine machine,
        String model,
        String modelVersion,
        String precision,
        int pairs,
        int rounds,
        long seed,
        String workloadSha256,
        Spread pairTokens,
        double pairTokensP95,
        int batchTokens,
        long batchDelayMillis,
        String onnxThreads,
        double onnxLogitGap,
        String bestOnnx,
        List<Variant> variants,
        List<Aim> aims,
        List<MatrixShare> matrixShares) {

    /** What the linear layers of raw passes should reach of the products alone. */
    static final double SHARE_AIM = 0.75;

    /**
     * One way to score all pairs.
     *
     * @param engine that computes
     * @param tokenizes whether it gets texts, so that tokenizing is in its time
     * @param pairsPerSecond over the rounds
     * @param oursFaster speed of ours with sets of 20 over this one's in the same round
     * @param cpuMicrosPerPair processor time of the whole process per pair, in microseconds; other
     *     work on the machine changes it less than the speed
     * @param padding median share of the computed tokens that was padding, 0..1
     * @param batchPairs median of the mean pairs in a forward pass
     */
    public record Variant(
            String name,
            String engine,
            String precision,
            boolean tokenizes,
            Spread pairsPerSecond,
            Spread oursFaster,
            Spread cpuMicrosPerPair,
            double padding,
            double batchPairs) {}

    /**
     * What ours should reach.
     *
     * @param ours name of our variant
     * @param peer name of the other one
     * @param ratio speed of ours over the other's in the same round
     * @param atLeast what the median should be
     */
    public record Aim(String ours, String peer, Spread ratio, double atLeast) {

        /** Whether the median reaches it. */
        public boolean reached() {
            return ratio.median() >= atLeast;
        }
    }

    /**
     * Matrix products in one precision.
     *
     * @param gflopsAlone of the model's own shapes at 1,024 tokens, nothing between them, in 10^9
     *     operations per second
     * @param gflopsInPasses of the linear layers per second of raw forward passes at 1,024 tokens;
     *     null in a precision that no raw pass has
     * @param share the latter over the former in the same round; null likewise
     */
    public record MatrixShare(
            String precision,
            Spread gflopsAlone,
            @Nullable Spread gflopsInPasses,
            @Nullable Spread share) {}

    /** Prints it for people. */
    public void print(Terminal terminal) {
        terminal.println(
                String.format(
                        Locale.ROOT,
                        "%s %s, ours in %s, %,d pairs of %.0f tokens (median; %.0f-%.0f, 95 %% <= %.0f), %d rounds",
                        model,
                        modelVersion,
                        precision,
                        pairs,
                        pairTokens.median(),
                        pairTokens.min(),
                        pairTokens.max(),
                        pairTokensP95,
                        rounds));
        terminal.println("Workload " + workloadSha256);
        Table table =
                new Table(
                        "variant",
                        "precision",
                        "tokenizing",
                        "pairs/s (min-max)",
                        "ours is faster by",
                        "CPU µs/pair",
                        "padding",
                        "pairs/pass");
        for (Variant variant : variants) {
            table.row(
                    variant.name(),
                    variant.precision(),
                    variant.tokenizes() ? "inside" : "before",
                    variant.pairsPerSecond().text("%,.0f"),
                    variant.oursFaster().text("%.2f"),
                    String.format(Locale.ROOT, "%,.0f", variant.cpuMicrosPerPair().median()),
                    String.format(Locale.ROOT, "%.1f %%", 100 * variant.padding()),
                    String.format(Locale.ROOT, "%.1f", variant.batchPairs()));
        }
        table.print(terminal);
        terminal.println(
                String.format(
                        Locale.ROOT,
                        "Ours has %d tokens per pass. ONNX Runtime's threads: %s. Its logits and DJL's differ by %.1e at most.",
                        batchTokens,
                        onnxThreads,
                        onnxLogitGap));
        for (Aim aim : aims) {
            terminal.println(
                    String.format(
                            Locale.ROOT,
                            "%s over %s: %s, expected at least %.1f: %s",
                            aim.ours(),
                            aim.peer(),
                            aim.ratio().text("%.2f"),
                            aim.atLeast(),
                            aim.reached() ? "reached" : "not reached"));
        }
        for (MatrixShare products : matrixShares) {
            terminal.println(line(products));
        }
        if (matrixShares.isEmpty()) {
            terminal.println(
                    "The package has no shape.json, so the share of the machine's matrix products is not known.");
        }
    }

    private static String line(MatrixShare products) {
        String alone =
                String.format(
                        Locale.ROOT,
                        "Matrix products in %s: %s GFLOP/s alone",
                        products.precision(),
                        products.gflopsAlone().text("%,.0f"));
        Spread inPasses = products.gflopsInPasses();
        Spread share = products.share();
        if (inPasses == null || share == null) {
            return alone;
        }
        return alone
                + String.format(
                        Locale.ROOT,
                        ", %s in raw passes: a share of %s, expected at least %.2f: %s",
                        inPasses.text("%,.0f"),
                        share.text("%.2f"),
                        SHARE_AIM,
                        share.median() >= SHARE_AIM ? "reached" : "not reached");
    }
}
