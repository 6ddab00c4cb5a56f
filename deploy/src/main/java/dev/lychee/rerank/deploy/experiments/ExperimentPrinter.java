package dev.lychee.rerank.deploy.experiments;

import dev.lychee.rerank.deploy.terminal.Table;
import dev.lychee.rerank.deploy.terminal.Terminal;
import dev.lychee.rerank.schemas.Estimate;
import dev.lychee.rerank.schemas.ExperimentPeriod;
import dev.lychee.rerank.schemas.ExperimentRates;
import dev.lychee.rerank.schemas.ExperimentResult;
import dev.lychee.rerank.schemas.SampleRatio;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Prints what is known about experiments, a table per segment. */
public final class ExperimentPrinter {

    private static final double PERCENT = 100;

    private final Terminal terminal;

    /** Prints to this terminal. */
    public ExperimentPrinter(Terminal terminal) {
        this.terminal = terminal;
    }

    /** Prints the totals, in the order in which they come. */
    public void print(List<ExperimentResult> results) {
        Map<List<String>, List<ExperimentResult>> bySegment = new LinkedHashMap<>();
        for (ExperimentResult result : results) {
            bySegment
                    .computeIfAbsent(
                            List.of(result.experiment(), result.segment()),
                            key -> new ArrayList<>())
                    .add(result);
        }
        boolean first = true;
        for (List<ExperimentResult> arms : bySegment.values()) {
            if (!first) {
                terminal.println("");
            }
            first = false;
            printSegment(arms);
        }
    }

    private void printSegment(List<ExperimentResult> arms) {
        ExperimentResult any = arms.get(0);
        terminal.println(
                terminal.bold(
                        "%s, segment %s, %s to %s"
                                .formatted(
                                        any.experiment(),
                                        any.segment(),
                                        any.total().start(),
                                        any.total().end())));
        Table counts = new Table("ARM", "RESULTS", "SEEN", "UNITS", "SHARE", "EXPECTED");
        for (ExperimentResult arm : arms) {
            SampleRatio ratio = arm.sampleRatio();
            counts.row(
                    arm.variant(),
                    whole(arm.total().exposures()),
                    whole(arm.total().seen()),
                    whole(arm.total().units()),
                    ratio == null ? "" : percent(ratio.observed()) + " %",
                    ratio == null ? "" : percent(ratio.expected()) + " %");
        }
        counts.print(terminal);
        warn(arms);
        String control = any.control() == null ? "control" : any.control();
        Table rates = new Table("", "ARM", "VALUE", "95 %", "LESS " + control, "95 %", "");
        row(rates, arms, "click, %", PERCENT, ExperimentRates::click);
        row(rates, arms, "cart, %", PERCENT, ExperimentRates::cart);
        row(rates, arms, "purchase, %", PERCENT, ExperimentRates::purchase);
        row(rates, arms, "NDCG", 1, ExperimentRates::ndcg);
        rates.print(terminal);
    }

    private void warn(List<ExperimentResult> arms) {
        SampleRatio ratio = arms.get(0).sampleRatio();
        if (ratio != null && ratio.mismatch()) {
            terminal.println(
                    terminal.yellow(
                            "The arms do not have the units that their shares say (p %s): believe no difference until you know why."
                                    .formatted(pValue(ratio.pValue()))));
        }
    }

    private static void row(
            Table table,
            List<ExperimentResult> arms,
            String name,
            double unit,
            Function<ExperimentRates, @Nullable Estimate> rate) {
        String shown = name;
        for (ExperimentResult arm : arms) {
            ExperimentPeriod total = arm.total();
            Estimate value = rate.apply(total.rates());
            Estimate difference =
                    total.differences() == null ? null : rate.apply(total.differences());
            table.row(
                    shown,
                    arm.variant(),
                    value == null ? "-" : number("%.2f", unit, value.value()),
                    value == null ? "" : interval("%.2f", unit, value),
                    difference == null ? "" : number("%+.2f", unit, difference.value()),
                    difference == null ? "" : interval("%+.2f", unit, difference),
                    difference == null ? "" : word(difference));
            shown = "";
        }
    }

    private static String word(Estimate difference) {
        return difference.low() > 0 ? "better" : difference.high() < 0 ? "worse" : "not known yet";
    }

    private static String interval(String format, double unit, Estimate estimate) {
        return number(format, unit, estimate.low())
                + " to "
                + number(format, unit, estimate.high());
    }

    /** NDCG needs a digit more than a percentage. */
    private static String number(String format, double unit, double value) {
        String digits = unit == 1 ? format.replace(".2f", ".3f") : format;
        return String.format(Locale.ROOT, digits, unit * value);
    }

    private static String percent(double share) {
        return String.format(Locale.ROOT, "%.1f", PERCENT * share);
    }

    private static String pValue(double p) {
        return p < 1e-6 ? "< 0.000001" : String.format(Locale.ROOT, "= %.6f", p);
    }

    private static String whole(long number) {
        return String.format(Locale.ROOT, "%,d", number);
    }
}
