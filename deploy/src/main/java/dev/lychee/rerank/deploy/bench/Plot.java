package dev.lychee.rerank.deploy.bench;

import com.fasterxml.jackson.databind.JsonNode;
import dev.lychee.rerank.deploy.bench.PipelineBenchReport.Load;
import dev.lychee.rerank.deploy.bench.ScaleBenchReport.Step;
import dev.lychee.rerank.deploy.bench.ScorerBenchReport.Variant;
import dev.lychee.rerank.schemas.Json;
import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;
import org.knowm.xchart.BitmapEncoder;
import org.knowm.xchart.BitmapEncoder.BitmapFormat;
import org.knowm.xchart.CategoryChart;
import org.knowm.xchart.CategoryChartBuilder;
import org.knowm.xchart.CategorySeries;
import org.knowm.xchart.CategorySeries.CategorySeriesRenderStyle;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.internal.chartpart.Chart;
import org.knowm.xchart.style.AxesChartStyler;
import org.knowm.xchart.style.Styler.LegendLayout;
import org.knowm.xchart.style.Styler.LegendPosition;
import org.knowm.xchart.style.XYStyler;
import org.knowm.xchart.style.markers.SeriesMarkers;

/** A picture of what a measurement's report says. */
public final class Plot {

    private static final int WIDTH = 900;
    private static final int HEIGHT = 480;
    private static final int LABEL_DEGREES = 20;
    private static final double LEAST_MILLIS = 1;
    private static final double KIB_PER_MIB = 1024;

    private static final Color BLUE = new Color(0x33, 0x66, 0xAA);
    private static final Color GREEN = new Color(0x22, 0x88, 0x55);
    private static final Color ORANGE = new Color(0xDD, 0x88, 0x22);
    private static final Color RED = new Color(0xBB, 0x33, 0x33);
    private static final Color GREY = new Color(0x88, 0x88, 0x88);

    private static final BasicStroke PLAIN = new BasicStroke(2);
    private static final BasicStroke WIDE = new BasicStroke(5);
    private static final BasicStroke DASHED =
            new BasicStroke(
                    2, BasicStroke.CAP_BUTT, BasicStroke.JOIN_ROUND, 1, new float[] {6, 4}, 0);

    private Plot() {}

    /**
     * Draws the report of a measurement as PNG.
     *
     * @param report what {@code --json} wrote
     * @return null if it is no report that there is a picture of
     */
    public static byte @Nullable [] png(JsonNode report) throws IOException {
        Chart<?, ?> chart = chart(report);
        return chart == null ? null : BitmapEncoder.getBitmapBytes(chart, BitmapFormat.PNG);
    }

    /** Reports are told apart by the field that only they have. */
    private static @Nullable Chart<?, ?> chart(JsonNode report) throws IOException {
        if (report.has("variants")) {
            return scorer(read(report, ScorerBenchReport.class));
        }
        if (report.has("loads")) {
            return pipeline(read(report, PipelineBenchReport.class));
        }
        if (report.has("stand_in")) {
            return scale(read(report, ScaleBenchReport.class));
        }
        if (report.has("fall_seconds")) {
            return overload(read(report, OverloadBenchReport.class));
        }
        if (report.has("samples")) {
            return endurance(read(report, EnduranceBenchReport.class));
        }
        return null;
    }

    private static <T> T read(JsonNode report, Class<T> type) throws IOException {
        return Json.mapper().treeToValue(report, type);
    }

    private static Chart<?, ?> scorer(ScorerBenchReport report) {
        CategoryChart chart =
                categories(
                        "%s %s (%s), %d rounds"
                                .formatted(
                                        report.model(),
                                        report.modelVersion(),
                                        report.precision(),
                                        report.rounds()),
                        "",
                        "pairs/s");
        List<String> names = report.variants().stream().map(Variant::name).toList();
        chart.getStyler().setOverlapped(true);
        bars(chart, "median", names, report.variants(), each -> each.pairsPerSecond().median())
                .setFillColor(BLUE);
        points(
                chart,
                "least",
                names,
                report.variants(),
                each -> each.pairsPerSecond().min(),
                ORANGE);
        points(chart, "most", names, report.variants(), each -> each.pairsPerSecond().max(), GREEN);
        return chart;
    }

    private static Chart<?, ?> pipeline(PipelineBenchReport report) {
        CategoryChart chart =
                categories(
                        "%s, sets of %d".formatted(report.model(), report.setSize()),
                        "",
                        "ms from due to result");
        chart.getStyler().setXAxisLabelRotation(0);
        chart.getStyler().setYAxisLogarithmic(true);
        chart.getStyler().setYAxisMin(LEAST_MILLIS);
        // The closed loop stands first in the report; here loads rise.
        List<Load> loads = new ArrayList<>(report.loads().subList(1, report.loads().size()));
        loads.add(report.loads().get(0));
        List<String> names =
                loads.stream()
                        .map(
                                load ->
                                        load.offeredPairsPerSecond() > 0
                                                ? load.name()
                                                : String.format(
                                                        Locale.ROOT,
                                                        "%s (%,.0f pairs/s)",
                                                        load.name(),
                                                        load.pairsPerSecond().median()))
                        .toList();
        bars(chart, "p50", names, loads, load -> drawn(load.latencyMs().p50())).setFillColor(GREEN);
        bars(chart, "p95", names, loads, load -> drawn(load.latencyMs().p95()))
                .setFillColor(ORANGE);
        bars(chart, "p99", names, loads, load -> drawn(load.latencyMs().p99())).setFillColor(RED);
        bars(
                        chart,
                        "p99 without model and device",
                        names,
                        loads,
                        load -> drawn(load.overheadMs().p99()))
                .setFillColor(GREY);
        return chart;
    }

    /** A logarithmic axis has no room for less than some time. */
    private static double drawn(double millis) {
        return Math.max(LEAST_MILLIS, millis);
    }

    private static Chart<?, ?> scale(ScaleBenchReport report) {
        CategoryChart chart =
                categories(
                        "Stand-in of %s in each TaskManager".formatted(report.standIn()),
                        "TaskManagers",
                        "pairs/s");
        chart.getStyler().setXAxisLabelRotation(0);
        List<String> counts =
                report.steps().stream().map(step -> String.valueOf(step.taskManagers())).toList();
        Step first = report.steps().get(0);
        double each = first.pairsPerSecond().median() / first.taskManagers();
        bars(
                        chart,
                        "measured (median)",
                        counts,
                        report.steps(),
                        step -> step.pairsPerSecond().median())
                .setFillColor(BLUE);
        bars(
                        chart,
                        "as many times the first",
                        counts,
                        report.steps(),
                        step -> each * step.taskManagers())
                .setFillColor(GREY);
        return chart;
    }

    private static Chart<?, ?> overload(OverloadBenchReport report) {
        XYChart chart =
                lines(
                        String.format(
                                Locale.ROOT,
                                "%s: %.1f x its capacity of %,.0f pairs/s, then %.1f x; deadline %,d ms",
                                report.model(),
                                report.overload().load(),
                                report.capacityPairsPerSecond(),
                                report.relief().load(),
                                report.deadlineMillis()),
                        "s, when sets were sent",
                        "% of the sets");
        List<OverloadBenchReport.Second> seconds =
                report.seconds().stream().filter(second -> second.sent() > 0).toList();
        double[] at = values(seconds, OverloadBenchReport.Second::second);
        // Lines often lie on each other: wide ones below narrow ones.
        line(
                chart,
                "answered in time",
                at,
                values(seconds, second -> 100.0 * second.inTime() / second.sent()),
                GREEN,
                WIDE);
        line(
                chart,
                "degraded",
                at,
                values(seconds, second -> 100.0 * second.degraded() / second.sent()),
                ORANGE,
                PLAIN);
        line(
                chart,
                "complete",
                at,
                values(seconds, second -> 100.0 * second.complete() / second.sent()),
                BLUE,
                DASHED);
        line(
                chart,
                "the load falls",
                new double[] {report.fallSeconds(), report.fallSeconds()},
                new double[] {0, 100},
                GREY,
                DASHED);
        chart.getStyler().setYAxisMin(0.0);
        chart.getStyler().setYAxisMax(105.0);
        return chart;
    }

    private static Chart<?, ?> endurance(EnduranceBenchReport report) {
        XYChart chart =
                lines(
                        String.format(
                                Locale.ROOT,
                                "%s under full load: %+.2f %% a minute after %.0f s",
                                report.model(),
                                report.residentSlopePercent(),
                                report.settleSeconds()),
                        "min",
                        "MiB");
        double[] at = values(report.samples(), sample -> sample.seconds() / 60);
        line(
                chart,
                "resident",
                at,
                values(report.samples(), sample -> sample.residentKib() / KIB_PER_MIB),
                BLUE,
                WIDE);
        line(
                chart,
                "no file's",
                at,
                values(report.samples(), sample -> sample.anonymousKib() / KIB_PER_MIB),
                GREEN,
                PLAIN);
        line(
                chart,
                "Java heap",
                at,
                values(report.samples(), sample -> sample.heapCommittedKib() / KIB_PER_MIB),
                ORANGE,
                PLAIN);
        chart.getStyler().setYAxisMin(0.0);
        return chart;
    }

    private static CategoryChart categories(String title, String x, String y) {
        CategoryChart chart =
                new CategoryChartBuilder()
                        .width(WIDTH)
                        .height(HEIGHT)
                        .title(title)
                        .xAxisTitle(x)
                        .yAxisTitle(y)
                        .build();
        style(chart.getStyler());
        chart.getStyler().setXAxisLabelRotation(LABEL_DEGREES);
        chart.getStyler().setAvailableSpaceFill(0.7);
        return chart;
    }

    private static XYChart lines(String title, String x, String y) {
        XYChart chart =
                new XYChartBuilder()
                        .width(WIDTH)
                        .height(HEIGHT)
                        .title(title)
                        .xAxisTitle(x)
                        .yAxisTitle(y)
                        .build();
        XYStyler styler = chart.getStyler();
        style(styler);
        return chart;
    }

    private static void style(AxesChartStyler styler) {
        styler.setChartBackgroundColor(Color.WHITE);
        styler.setPlotBorderVisible(false);
        styler.setPlotGridVerticalLinesVisible(false);
        styler.setLegendPosition(LegendPosition.OutsideS);
        styler.setLegendLayout(LegendLayout.Horizontal);
        styler.setLegendBorderColor(Color.WHITE);
        styler.setChartTitleFont(new Font(Font.SANS_SERIF, Font.BOLD, 15));
        styler.setYAxisDecimalPattern("#,##0");
        styler.setLocale(Locale.ROOT);
    }

    private static <T> CategorySeries bars(
            CategoryChart chart,
            String name,
            List<String> names,
            List<T> rows,
            ToDoubleFunction<T> value) {
        return chart.addSeries(name, names, boxed(rows, value));
    }

    private static <T> void points(
            CategoryChart chart,
            String name,
            List<String> names,
            List<T> rows,
            ToDoubleFunction<T> value,
            Color color) {
        chart.addSeries(name, names, boxed(rows, value))
                .setChartCategorySeriesRenderStyle(CategorySeriesRenderStyle.Scatter)
                .setMarker(SeriesMarkers.DIAMOND)
                .setMarkerColor(color);
    }

    private static void line(
            XYChart chart, String name, double[] x, double[] y, Color color, BasicStroke stroke) {
        XYSeries series = chart.addSeries(name, x, y);
        series.setLineColor(color);
        series.setLineStyle(stroke);
        series.setMarker(SeriesMarkers.NONE);
    }

    private static <T> double[] values(List<T> rows, ToDoubleFunction<T> value) {
        return rows.stream().mapToDouble(value).toArray();
    }

    private static <T> List<Double> boxed(List<T> rows, ToDoubleFunction<T> value) {
        return rows.stream().map(value::applyAsDouble).toList();
    }
}
