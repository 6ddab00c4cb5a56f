package dev.lychee.rerank.deploy.eval;

import dev.lychee.rerank.deploy.eval.EvaluationReport.BandReport;
import dev.lychee.rerank.deploy.eval.EvaluationReport.CutReport;
import dev.lychee.rerank.deploy.eval.EvaluationReport.ErrorReport;
import dev.lychee.rerank.deploy.eval.EvaluationReport.MetricReport;
import dev.lychee.rerank.deploy.eval.EvaluationReport.ProbabilityReport;
import dev.lychee.rerank.deploy.eval.EvaluationReport.VariantReport;
import dev.lychee.rerank.deploy.terminal.Table;
import dev.lychee.rerank.deploy.terminal.Terminal;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Prints an evaluation for people. */
public final class EvaluationPrinter {

    private final Terminal terminal;

    public EvaluationPrinter(Terminal terminal) {
        this.terminal = terminal;
    }

    /** Prints each variant, then how they compare. */
    public void print(EvaluationReport report) {
        for (VariantReport variant : report.variants()) {
            print(report, variant);
        }
        if (report.variants().size() > 1) {
            compare(report);
        }
        terminal.println("");
        terminal.println(
                terminal.faint(
                        "* the 95 % interval of the difference leaves out 0 (paired bootstrap over requests)"));
    }

    private void print(EvaluationReport report, VariantReport variant) {
        terminal.println("");
        terminal.println(terminal.bold(variant.name()));
        terminal.println(
                "  %,d requests, %,d with relevant documents%s%s; gain %s, relevant from grade %d"
                        .formatted(
                                variant.requests(),
                                variant.queries().size(),
                                variant.unjudged() > 0
                                        ? ", %,d not judged".formatted(variant.unjudged())
                                        : "",
                                variant.unscored() > 0
                                        ? ", %,d candidates unscored".formatted(variant.unscored())
                                        : "",
                                report.gain(),
                                report.relevantFrom()));
        terminal.println("");
        Table ranking =
                new Table("", "requests", "before", "after", "difference", "95 % interval", "gain");
        variant.metrics().forEach((name, metric) -> row(ranking, title(name, report), metric));
        variant.ndcgByQueryType()
                .forEach(
                        (type, metric) -> row(ranking, title("ndcg", report) + " " + type, metric));
        ranking.print(terminal);
        cut(variant.cut());
        bands(variant.bands());
        probabilities(variant.calibration());
    }

    private static void row(Table table, String name, MetricReport metric) {
        table.row(
                name,
                String.valueOf(metric.requests()),
                number(metric.before()),
                number(metric.after()),
                signed(metric.difference()) + (metric.significant() ? " *" : ""),
                signed(metric.low()) + " to " + signed(metric.high()),
                metric.relativeGain() == null
                        ? ""
                        : String.format(Locale.ROOT, "%+.0f %%", 100 * metric.relativeGain()));
    }

    /** How a metric is written. */
    static String title(String metric, EvaluationReport report) {
        return switch (metric) {
            case "ndcg", "precision", "recall" ->
                    (metric.equals("ndcg") ? "NDCG" : metric) + "@" + report.cutoff();
            default -> metric.toUpperCase(Locale.ROOT);
        };
    }

    private void cut(@Nullable CutReport cut) {
        if (cut == null) {
            return;
        }
        terminal.println("");
        StringBuilder line = new StringBuilder();
        line.append(
                String.format(
                        Locale.ROOT,
                        "  cut: %.1f of %.1f candidates served per request",
                        cut.meanKept(),
                        cut.meanCandidates()));
        if (cut.precision() != null) {
            line.append(", precision ").append(number(cut.precision()));
        }
        if (cut.recall() != null && cut.recallLow() != null && cut.recallHigh() != null) {
            line.append(", recall ")
                    .append(number(cut.recall()))
                    .append(" (")
                    .append(number(cut.recallLow()))
                    .append(" to ")
                    .append(number(cut.recallHigh()))
                    .append(") of the retrieved relevant");
        }
        if (cut.emptyRequests() > 0) {
            line.append("; %,d requests empty".formatted(cut.emptyRequests()));
        }
        terminal.println(line.toString());
    }

    private void bands(Map<String, BandReport> bands) {
        StringBuilder line = new StringBuilder("  bands:");
        boolean any = false;
        for (Map.Entry<String, BandReport> band : bands.entrySet()) {
            Double precision = band.getValue().precision();
            if (precision != null) {
                line.append(any ? "," : "")
                        .append(
                                String.format(
                                        Locale.ROOT,
                                        " %s %.0f %% right (%,d)",
                                        band.getKey(),
                                        100 * precision,
                                        band.getValue().candidates()));
                any = true;
            }
        }
        if (any) {
            terminal.println(line.toString());
        }
    }

    private void probabilities(@Nullable ProbabilityReport report) {
        if (report == null) {
            return;
        }
        terminal.println("");
        Table table =
                new Table(
                        "how far off", "ECE", "equal-mass", "class-balanced", "Brier", "log loss");
        errors(table, "probability", report.before());
        errors(
                table,
                "calibrated (%s)".formatted(String.join(", ", report.methods())),
                report.after());
        table.print(terminal);
    }

    private static void errors(Table table, String name, ErrorReport errors) {
        table.row(
                name,
                number(errors.ece()),
                number(errors.equalMassEce()),
                number(errors.classBalancedEce()),
                number(errors.brier()),
                number(errors.logLoss()));
    }

    private void compare(EvaluationReport report) {
        terminal.println("");
        terminal.println(terminal.bold("Compared with " + report.variants().get(0).name()));
        Table table =
                new Table(
                        "",
                        "NDCG@" + report.cutoff(),
                        "difference",
                        "95 % interval",
                        "served",
                        "recall",
                        "precision");
        for (VariantReport variant : report.variants()) {
            Map<String, MetricReport> compared = variant.comparedWithFirst();
            MetricReport ndcg = variant.metrics().get(Evaluation.NDCG);
            MetricReport change = compared == null ? null : compared.get(Evaluation.NDCG);
            CutReport cut = variant.cut();
            table.row(
                    variant.name(),
                    ndcg == null ? "" : number(ndcg.after()),
                    change == null
                            ? ""
                            : signed(change.difference()) + (change.significant() ? " *" : ""),
                    change == null ? "" : signed(change.low()) + " to " + signed(change.high()),
                    cut == null ? "" : String.format(Locale.ROOT, "%.1f", cut.meanKept()),
                    cut == null || cut.recall() == null ? "" : number(cut.recall()),
                    cut == null || cut.precision() == null ? "" : number(cut.precision()));
        }
        table.print(terminal);
    }

    private static String number(double value) {
        return String.format(Locale.ROOT, "%.3f", value);
    }

    private static String signed(double value) {
        return String.format(Locale.ROOT, "%+.3f", value);
    }
}
