package dev.lychee.rerank.deploy.eval;

import dev.lychee.rerank.deploy.eval.EvaluationReport.ErrorReport;
import dev.lychee.rerank.deploy.terminal.Table;
import dev.lychee.rerank.deploy.terminal.Terminal;
import dev.lychee.rerank.operators.evaluation.CalibrationMetrics.ReliabilityBin;
import dev.lychee.rerank.schemas.CalibrationMap;
import dev.lychee.rerank.schemas.LossGuarantee;
import java.util.List;
import java.util.Locale;
import java.util.Objects;

/** Prints fitted maps for people. */
public final class CalibrationPrinter {

    private static final int PLOT_WIDTH = 61;

    private final Terminal terminal;

    public CalibrationPrinter(Terminal terminal) {
        this.terminal = terminal;
    }

    /** Prints one map: errors before and after, the reliability of both, the guaranteed cuts. */
    public void print(CalibrationReport report) {
        CalibrationMap map = report.map();
        terminal.println("");
        terminal.println(
                terminal.bold(
                        "Segment %s, fingerprint %s".formatted(map.segment(), map.fingerprint())));
        terminal.println(
                String.format(
                        Locale.ROOT,
                        "  %,d pairs of %,d requests, %.1f %% relevant%s; %d folds by request",
                        report.pairs(),
                        report.requests(),
                        100 * report.relevant(),
                        report.unscored() > 0
                                ? String.format(
                                        Locale.ROOT, ", %,d without a score", report.unscored())
                                : "",
                        report.folds()));
        terminal.println("");
        Table table =
                new Table(
                        "on held-out requests",
                        "ECE",
                        "equal-mass",
                        "class-balanced",
                        "Brier",
                        "log loss",
                        "");
        row(table, "before, sigmoid(logit)", report.before(), "");
        report.heldOut()
                .forEach(
                        (method, errors) ->
                                row(
                                        table,
                                        method,
                                        errors,
                                        method.equals(map.method()) ? "<- this map" : ""));
        table.print(terminal);
        plot("Reliability before", report.reliabilityBefore());
        plot("Reliability of " + map.method() + ", held out", report.reliabilityHeldOut());
        guarantees(map);
    }

    private static void row(Table table, String name, ErrorReport errors, String note) {
        table.row(
                name,
                number(errors.ece()),
                number(errors.equalMassEce()),
                number(errors.classBalancedEce()),
                number(errors.brier()),
                number(errors.logLoss()),
                note);
    }

    private void plot(String title, List<ReliabilityBin> bins) {
        terminal.println("");
        terminal.println(
                "  " + title + terminal.faint("   ● relevant, ─ 95 % interval, | predicted"));
        List<String> lines = CalibrationReport.plot(bins, PLOT_WIDTH);
        for (int i = 0; i < lines.size(); i++) {
            ReliabilityBin bin = bins.get(i);
            terminal.println(
                    String.format(
                            Locale.ROOT,
                            "  %.1f-%.1f %s %,7d pairs",
                            bin.low(),
                            bin.high(),
                            lines.get(i),
                            bin.samples()));
        }
        terminal.println("          0" + " ".repeat(PLOT_WIDTH - 2) + "1");
    }

    private void guarantees(CalibrationMap map) {
        List<LossGuarantee> guarantees = Objects.requireNonNullElse(map.guarantees(), List.of());
        terminal.println("");
        if (guarantees.isEmpty()) {
            terminal.println("  No guaranteed cut: the judged requests are too few for one.");
        }
        for (LossGuarantee cut : guarantees) {
            terminal.println(
                    String.format(
                            Locale.ROOT,
                            "  guarantee: logit >= %.3f loses at most %.0f %% of the relevant %s",
                            cut.logit(),
                            100 * cut.maxLoss(),
                            cut.confidence() == null
                                    ? "on average"
                                    : String.format(
                                            Locale.ROOT,
                                            "with %.0f %% confidence",
                                            100 * cut.confidence())));
        }
    }

    private static String number(double value) {
        return String.format(Locale.ROOT, "%.4f", value);
    }
}
