package dev.lychee.rerank.deploy.bench;

import dev.lychee.rerank.deploy.terminal.Table;
import dev.lychee.rerank.deploy.terminal.Terminal;
import java.util.List;
import java.util.Locale;

/**
 * What {@link PipelineBench} measured.
 *
 * @param machine where
 * @param model name and version of the model, or of its stand-in
 * @param precision of the model
 * @param setSize pairs in a set
 * @param outstanding sets that were open at once in the closed loop
 * @param workloadSha256 of the workload's texts
 * @param schedulerPairsPerSecond of the scheduler alone, sets of the same size, in turns with the
 *     closed loop
 * @param closedLoopToScheduler pairs per second of the closed loop over those of the scheduler just
 *     before
 * @param waitsFrom the field of results' timings that {@code overheadMs} leaves out as waiting:
 *     {@code busy_ms}, for the device alone, or {@code queue_ms} where results do not have that
 * @param loads the closed loop, then each rate
 */
public record PipelineBenchReport(
        Machine machine,
        String model,
        String precision,
        int setSize,
        int outstanding,
        String workloadSha256,
        Spread schedulerPairsPerSecond,
        Spread closedLoopToScheduler,
        String waitsFrom,
        List<Load> loads) {

    /**
     * One load.
     *
     * @param name what was offered
     * @param offeredPairsPerSecond pairs that were to be sent per second; 0 for the closed loop
     * @param pairsPerSecond pairs of the results that came, over the windows
     * @param results results that the percentiles are made of
     * @param latencyMs from the moment when a set was due to be sent to its result
     * @param insideMs from the set's record to the finished result, as the result says
     * @param outsideModelMs the same without waiting for a batch and forward passes
     * @param overheadMs the same without forward passes and without the wait that {@code waitsFrom}
     *     names: what the job adds to the model
     */
    public record Load(
            String name,
            double offeredPairsPerSecond,
            Spread pairsPerSecond,
            int results,
            Percentiles latencyMs,
            Percentiles insideMs,
            Percentiles outsideModelMs,
            Percentiles overheadMs) {}

    /** Milliseconds that half, 95 % and 99 % do not exceed. */
    public record Percentiles(double p50, double p95, double p99) {

        private String text() {
            return String.format(Locale.ROOT, "%,.0f / %,.0f / %,.0f", p50, p95, p99);
        }
    }

    /** Prints it for people. */
    public void print(Terminal terminal) {
        terminal.println("Workload %s in sets of %d".formatted(workloadSha256, setSize));
        terminal.println(
                "Scheduler alone: "
                        + schedulerPairsPerSecond.text("%,.0f")
                        + " pairs/s; closed loop over it: "
                        + closedLoopToScheduler.text("%.2f"));
        Table table =
                new Table(
                        "load",
                        "pairs/s (min-max)",
                        "results",
                        "latency ms p50/p95/p99",
                        "inside the job",
                        "of it outside queue and model",
                        "overhead p99");
        for (Load load : loads) {
            table.row(
                    load.name(),
                    load.pairsPerSecond().text("%,.0f"),
                    String.valueOf(load.results()),
                    load.latencyMs().text(),
                    load.insideMs().text(),
                    load.outsideModelMs().text(),
                    String.format(Locale.ROOT, "%,.1f", load.overheadMs().p99()));
        }
        table.print(terminal);
        terminal.println(
                waitsFrom.equals("busy_ms")
                        ? "Overhead: total without forward passes and without waiting for a busy device."
                        : "Overhead: total without forward passes and queue_ms, since results have no busy_ms.");
        terminal.println("Broker, cluster, producer and consumer share this machine's cores.");
    }
}
