package dev.lychee.rerank.deploy.bench;

import dev.lychee.rerank.deploy.terminal.Table;
import dev.lychee.rerank.deploy.terminal.Terminal;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What {@link OverloadBench} measured.
 *
 * @param machine where
 * @param model name of the model, or of its stand-in
 * @param minSetSize fewest pairs in a set
 * @param maxSetSize most pairs in a set
 * @param deadlineMillis of each set, from its record's timestamp
 * @param capacityPairsPerSecond what the job gave when there was always work, without deadlines
 * @param notWholeAtCapacity results of that which were not complete, or degraded
 * @param overload sets that were sent while there was too much load
 * @param relief sets that were sent afterwards
 * @param recoverySeconds from the fall of the load to the first of {@value
 *     OverloadBench#RECOVERED_RESULTS} whole results in a row; null when there were none
 * @param fallSeconds when the load fell
 * @param seconds by the second in which sets were sent
 */
public record OverloadBenchReport(
        Machine machine,
        String model,
        int minSetSize,
        int maxSetSize,
        long deadlineMillis,
        double capacityPairsPerSecond,
        int notWholeAtCapacity,
        Part overload,
        Part relief,
        @Nullable Double recoverySeconds,
        double fallSeconds,
        List<Second> seconds) {

    /**
     * Sets that were sent at one load.
     *
     * @param name which
     * @param load over capacity, as wanted
     * @param pairsPerSecond that were sent and answered
     * @param sent sets
     * @param lost sets without a result
     * @param inTime share of the sets whose result was received by the deadline
     * @param whole share of the sets whose result was complete and undegraded
     * @param ageP50Ms from a set's record to its result
     * @param ageP99Ms the same, 99 % do not exceed it
     * @param statuses results by status
     * @param degraded results by what was left out; one may count several times
     */
    public record Part(
            String name,
            double load,
            double pairsPerSecond,
            int sent,
            int lost,
            double inTime,
            double whole,
            double ageP50Ms,
            double ageP99Ms,
            Map<String, Integer> statuses,
            Map<String, Integer> degraded) {}

    /**
     * Sets that were sent in one second.
     *
     * @param second from the start of the overload
     * @param sent sets
     * @param inTime answered by the deadline
     * @param complete of status complete
     * @param degraded with something left out
     */
    public record Second(int second, int sent, int inTime, int complete, int degraded) {}

    /** Prints it for people. */
    public void print(Terminal terminal) {
        terminal.println(
                String.format(
                        Locale.ROOT,
                        "%s, sets of %d to %d that do not repeat, deadline %,d ms; capacity %,.0f pairs/s",
                        model,
                        minSetSize,
                        maxSetSize,
                        deadlineMillis,
                        capacityPairsPerSecond));
        if (notWholeAtCapacity > 0) {
            terminal.println(
                    "%,d results were not whole while the capacity was measured."
                            .formatted(notWholeAtCapacity));
        }
        Table table =
                new Table(
                        "load",
                        "pairs/s",
                        "sets",
                        "lost",
                        "in time",
                        "whole",
                        "ms p50/p99",
                        "statuses",
                        "degraded");
        for (Part part : List.of(overload, relief)) {
            table.row(
                    String.format(Locale.ROOT, "%.1f x", part.load()),
                    String.format(Locale.ROOT, "%,.0f", part.pairsPerSecond()),
                    String.format(Locale.ROOT, "%,d", part.sent()),
                    String.valueOf(part.lost()),
                    String.format(Locale.ROOT, "%.1f %%", 100 * part.inTime()),
                    String.format(Locale.ROOT, "%.1f %%", 100 * part.whole()),
                    String.format(Locale.ROOT, "%,.0f / %,.0f", part.ageP50Ms(), part.ageP99Ms()),
                    counts(part.statuses()),
                    counts(part.degraded()));
        }
        table.print(terminal);
        terminal.println(
                recoverySeconds == null
                        ? "Results were not whole again: no %d in a row."
                                .formatted(OverloadBench.RECOVERED_RESULTS)
                        : String.format(
                                Locale.ROOT,
                                "Whole again %.1f s after the load fell (%d results in a row).",
                                recoverySeconds,
                                OverloadBench.RECOVERED_RESULTS));
    }

    private static String counts(Map<String, Integer> counts) {
        return counts.isEmpty()
                ? "-"
                : counts.entrySet().stream()
                        .map(count -> count.getKey() + " " + count.getValue())
                        .collect(Collectors.joining(", "));
    }
}
