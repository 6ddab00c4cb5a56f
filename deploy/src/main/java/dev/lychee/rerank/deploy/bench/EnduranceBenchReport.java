package dev.lychee.rerank.deploy.bench;

import dev.lychee.rerank.deploy.terminal.Table;
import dev.lychee.rerank.deploy.terminal.Terminal;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * What {@link EnduranceBench} measured.
 *
 * @param machine where
 * @param model name and version of the model, or of its stand-in
 * @param setSize pairs in a set
 * @param outstanding sets that were open at once
 * @param cacheBytes most heap for scores that are kept
 * @param seconds length of the run
 * @param settleSeconds from here on the slope is taken
 * @param residentSlopePercent growth of resident memory per minute, by least squares, over its mean
 * @param anonymousSlopePercent the same of what is no file's
 * @param threadGrowth threads at the end less those at {@code settleSeconds}
 * @param pairsPerSecond of each minute, in its order
 * @param samples from the start on
 */
public record EnduranceBenchReport(
        Machine machine,
        String model,
        int setSize,
        int outstanding,
        long cacheBytes,
        double seconds,
        double settleSeconds,
        double residentSlopePercent,
        double anonymousSlopePercent,
        int threadGrowth,
        List<Double> pairsPerSecond,
        List<ProcessSample> samples) {

    private static final double KIB_PER_MIB = 1024;

    /** Prints it for people. */
    public void print(Terminal terminal) {
        terminal.println(
                "%s, sets of %d that do not repeat, %d open, score cache of %,d KiB"
                        .formatted(model, setSize, outstanding, cacheBytes >> 10));
        Table table =
                new Table(
                        "minute", "pairs/s", "resident MiB", "of it no file's", "heap", "threads");
        for (ProcessSample sample : minutes()) {
            int minute = (int) (sample.seconds() / 60);
            table.row(
                    String.valueOf(minute),
                    minute < pairsPerSecond.size()
                            ? String.format(Locale.ROOT, "%,.0f", pairsPerSecond.get(minute))
                            : "",
                    mib(sample.residentKib()),
                    mib(sample.anonymousKib()),
                    mib(sample.heapCommittedKib()),
                    String.valueOf(sample.threads()));
        }
        table.print(terminal);
        terminal.println(
                String.format(
                        Locale.ROOT,
                        "After %.0f s: resident memory %+.2f %% a minute (%+.2f %% of what is no file's), threads %+d.",
                        settleSeconds,
                        residentSlopePercent,
                        anonymousSlopePercent,
                        threadGrowth));
    }

    /** The first sample of each minute, and the last of all. */
    private List<ProcessSample> minutes() {
        List<ProcessSample> minutes = new ArrayList<>();
        int next = 0;
        for (ProcessSample sample : samples) {
            if (sample.seconds() >= 60.0 * next) {
                minutes.add(sample);
                next = (int) (sample.seconds() / 60) + 1;
            }
        }
        ProcessSample last = samples.get(samples.size() - 1);
        if (!minutes.contains(last)) {
            minutes.add(last);
        }
        return minutes;
    }

    private static String mib(long kib) {
        return String.format(Locale.ROOT, "%,.0f", kib / KIB_PER_MIB);
    }
}
