package dev.lychee.rerank.deploy.demo;

import dev.lychee.rerank.deploy.terminal.DisplayWidth;
import dev.lychee.rerank.deploy.terminal.Terminal;
import java.util.Locale;
import java.util.Map;

/** Prints what a demo measured. */
public final class SummaryPrinter {

    private final Terminal terminal;

    public SummaryPrinter(Terminal terminal) {
        this.terminal = terminal;
    }

    /**
     * Prints a report for people.
     *
     * @param stopped whether the demo was stopped, so that sets without a result are no fault
     */
    public void print(DemoReport report, boolean stopped) {
        terminal.println("");
        terminal.println(terminal.bold("Summary"));
        line(
                "sets",
                "%d in, %d results out, %d dead letters"
                        .formatted(report.setsIn(), report.resultsOut(), report.deadLetters()));
        if (report.lost() > 0) {
            String lost = "%d without a result".formatted(report.lost());
            line("", stopped ? lost + " when it was stopped" : terminal.red(lost));
        }
        if (report.duplicates() > 0) {
            line("", terminal.red("%d results too many".formatted(report.duplicates())));
        }
        if (report.pairsPerSecond() != null) {
            line(
                    "pairs scored",
                    String.format(
                            Locale.ROOT,
                            "%,d (%.0f per second, pauses included)",
                            report.pairsScored(),
                            report.pairsPerSecond()));
        }
        if (!report.latencyMs().isEmpty()) {
            StringBuilder latency = new StringBuilder();
            for (Map.Entry<String, Double> value : report.latencyMs().entrySet()) {
                latency.append(
                        String.format(
                                Locale.ROOT, "%s %.0f ms  ", value.getKey(), value.getValue()));
            }
            line("latency", latency.toString().strip() + " (set produced to result consumed)");
        }
        if (report.ndcg10Before() != null && report.ndcg10After() != null) {
            line(
                    "NDCG@10",
                    terminal.bold(change(report.ndcg10Before(), report.ndcg10After()))
                            + " (BM25 to reranked; gain 2^grade - 1; the whole order, before the cut)");
            report.ndcg10ByQueryType()
                    .forEach(
                            (type, means) ->
                                    line(
                                            "  " + type,
                                            change(means.before(), means.after())
                                                    + " ("
                                                    + means.queries()
                                                    + " queries)"));
        }
    }

    private void line(String name, String value) {
        terminal.println("  " + DisplayWidth.fit(name, 14) + value);
    }

    private static String change(double before, double after) {
        String gain =
                before > 0
                        ? String.format(Locale.ROOT, ", %+.0f %%", 100 * (after - before) / before)
                        : "";
        return String.format(Locale.ROOT, "%.3f → %.3f%s", before, after, gain);
    }
}
