package dev.lychee.rerank.deploy.bench;

import dev.lychee.rerank.deploy.terminal.Table;
import dev.lychee.rerank.deploy.terminal.Terminal;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What {@link ScorerBench} measured.
 *
 * @param machine where
 * @param threads threads of one forward pass; 0 for one per core
 * @param pairs pairs in a round
 * @param pictures what pictures the pairs have; null for pairs of texts
 * @param rounds measured rounds
 * @param seed of the workload
 * @param workloadSha256 of the workload's texts and pictures
 * @param pairTokens lengths of the pairs, in tokens
 * @param pairTokensP95 95 % are at most so long
 * @param batchTokens the scheduler's {@code max-batch-tokens}
 * @param batchDelayMillis the scheduler's {@code max-batch-delay}
 * @param bestRaw the fastest of the raw variants
 * @param variants each way to score
 */
public record ScorerBenchReport(
        Machine machine,
        String model,
        String modelVersion,
        String precision,
        int threads,
        int pairs,
        @Nullable Pictures pictures,
        int rounds,
        long seed,
        String workloadSha256,
        Spread pairTokens,
        double pairTokensP95,
        int batchTokens,
        long batchDelayMillis,
        String bestRaw,
        List<Variant> variants) {

    /**
     * The pictures of the pairs.
     *
     * @param pixels width and height of each
     * @param onQueries whether queries have one, as documents do
     * @param decodeMillis to decode and resize one on one thread
     */
    public record Pictures(int pixels, boolean onQueries, Spread decodeMillis) {}

    /**
     * One way to score all pairs.
     *
     * @param pairsPerSecond over the rounds
     * @param toBestRaw speed over that of the fastest raw variant in the same round
     * @param toScheduler speed over that of the scheduler with sets of 20 in the same round
     * @param cpuMicrosPerPair processor time of the whole process per pair, in microseconds; other
     *     work on the machine changes it less than the speed
     * @param padding median share of the computed tokens that was padding, 0..1
     * @param batchPairs median of the mean pairs in a batch
     * @param batchPaddedTokens median of the mean tokens in a batch, padding included
     * @param outsideForward median share of the time in which no forward pass ran, 0..1
     */
    public record Variant(
            String name,
            Spread pairsPerSecond,
            Spread toBestRaw,
            Spread toScheduler,
            Spread cpuMicrosPerPair,
            double padding,
            double batchPairs,
            double batchPaddedTokens,
            double outsideForward) {}

    /** Prints it for people. */
    public void print(Terminal terminal) {
        terminal.println(
                String.format(
                        Locale.ROOT,
                        "%s %s (%s), %,d pairs of %.0f tokens (median; %.0f-%.0f, 95 %% <= %.0f), %d rounds",
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
        if (pictures != null) {
            terminal.println(
                    String.format(
                            Locale.ROOT,
                            "Documents%s are pictures of %d x %d pixels (JPEG); decoding and resizing one takes %s ms of one"
                                    + " thread, and is part of all variants but raw",
                            pictures.onQueries() ? " and queries" : "",
                            pictures.pixels(),
                            pictures.pixels(),
                            pictures.decodeMillis().text("%.2f")));
        }
        Table table =
                new Table(
                        "variant",
                        "pairs/s (min-max)",
                        "to best raw",
                        "to scheduler",
                        "CPU µs/pair",
                        "padding",
                        "pairs/batch",
                        "tokens/batch",
                        "outside");
        for (Variant variant : variants) {
            table.row(
                    variant.name(),
                    variant.pairsPerSecond().text("%,.0f"),
                    variant.toBestRaw().text("%.2f"),
                    variant.toScheduler().text("%.2f"),
                    String.format(Locale.ROOT, "%,.0f", variant.cpuMicrosPerPair().median()),
                    percent(variant.padding()),
                    String.format(Locale.ROOT, "%.1f", variant.batchPairs()),
                    String.format(Locale.ROOT, "%.0f", variant.batchPaddedTokens()),
                    percent(variant.outsideForward()));
        }
        table.print(terminal);
        terminal.println(
                "Best raw: %s. The scheduler's budget is %d tokens; raw gets pairs that are tokenized, with pixels."
                        .formatted(bestRaw, batchTokens));
    }

    private static String percent(double share) {
        return String.format(Locale.ROOT, "%.1f %%", 100 * share);
    }
}
