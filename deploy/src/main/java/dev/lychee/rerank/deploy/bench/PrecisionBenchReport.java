package dev.lychee.rerank.deploy.bench;

import dev.lychee.rerank.deploy.terminal.Table;
import dev.lychee.rerank.deploy.terminal.Terminal;
import java.util.Locale;

/**
 * What {@link PrecisionBench} found.
 *
 * @param machine where
 * @param temperature by which logits are divided before the sigmoid
 * @param sets candidate sets
 * @param pairs pairs in them
 * @param meanOverlap mean over the sets of {@code overlap}
 * @param overlap share of the ten best by fp32 that are among the ten best by bf16
 * @param probabilityChange absolute change of a pair's probability
 * @param probabilityChangeP99 99 % change at most by so much
 * @param largest the pair that changes most
 * @param meanKendallTau mean over the sets of {@code kendallTau}
 * @param kendallTau tau-b between both orders of a whole set
 */
public record PrecisionBenchReport(
        Machine machine,
        String model,
        String modelVersion,
        double temperature,
        int sets,
        int pairs,
        double meanOverlap,
        Spread overlap,
        Spread probabilityChange,
        double probabilityChangeP99,
        Change largest,
        double meanKendallTau,
        Spread kendallTau) {

    static final double OVERLAP_AIM = 0.97;
    static final double CHANGE_AIM = 0.01;

    /**
     * A pair whose probability depends on the precision.
     *
     * @param fp32 its probability in fp32
     * @param bf16 its probability in bf16
     */
    public record Change(String query, String document, double fp32, double bf16) {

        /** The absolute change. */
        double probability() {
            return Math.abs(bf16 - fp32);
        }
    }

    /** Prints it for people. */
    public void print(Terminal terminal) {
        terminal.println(
                String.format(
                        Locale.ROOT,
                        "%s %s, fp32 against bf16: %,d sets, %,d pairs, temperature %.2f",
                        model,
                        modelVersion,
                        sets,
                        pairs,
                        temperature));
        Table table = new Table("", "mean", "median (min-max)", "expected");
        table.row(
                "ten best in common",
                String.format(Locale.ROOT, "%.3f", meanOverlap),
                overlap.text("%.2f"),
                expected("mean at least %.2f", OVERLAP_AIM, meanOverlap >= OVERLAP_AIM));
        table.row(
                "change of probability",
                "",
                probabilityChange.text("%.4f"),
                expected("at most %.2f", CHANGE_AIM, probabilityChange.max() <= CHANGE_AIM));
        table.row(
                "Kendall's tau",
                String.format(Locale.ROOT, "%.4f", meanKendallTau),
                kendallTau.text("%.4f"),
                "");
        table.print(terminal);
        terminal.println(
                String.format(
                        Locale.ROOT,
                        "99 %% of the probabilities change by at most %.4f. Most changes, from %.4f to %.4f: \"%s\" with \"%s\".",
                        probabilityChangeP99,
                        largest.fp32(),
                        largest.bf16(),
                        largest.query(),
                        largest.document()));
    }

    private static String expected(String format, double aim, boolean reached) {
        return String.format(Locale.ROOT, format, aim) + (reached ? ": reached" : ": not reached");
    }
}
