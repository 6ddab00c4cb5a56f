package dev.lychee.rerank.deploy.eval;

import dev.lychee.rerank.deploy.eval.EvaluationReport.HistogramReport;
import dev.lychee.rerank.operators.evaluation.CalibrationMetrics.ReliabilityBin;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamWriter;

/** Plots as inline SVG, all of one size. */
final class EvaluationPlots {

    private static final int WIDTH = 480;
    private static final int HEIGHT = 300;
    private static final int LEFT = 40;
    private static final int RIGHT = 12;
    private static final int TOP = 12;
    private static final int BOTTOM = 32;
    private static final int TICKS = 5;

    private static final String INK = "#3b5bdb";
    private static final String GOOD = "#2b8a3e";
    private static final String BAD = "#c92a2a";
    private static final String QUIET = "#ced4da";

    private final XMLStreamWriter out;

    EvaluationPlots(XMLStreamWriter out) {
        this.out = out;
    }

    /**
     * A bar of {@link #changes}.
     *
     * @param name shown when the mouse rests on the bar
     * @param value -1..1
     */
    record Change(String name, double value) {}

    /** One bar per request, the largest gain first. */
    void changes(List<Change> changes) throws XMLStreamException {
        List<Change> sorted =
                changes.stream()
                        .sorted(Comparator.comparingDouble(Change::value).reversed())
                        .toList();
        start();
        frame(-1, 1);
        double step = (double) (WIDTH - LEFT - RIGHT) / Math.max(1, sorted.size());
        for (int i = 0; i < sorted.size(); i++) {
            double value = sorted.get(i).value();
            double top = y((Math.max(value, 0) + 1) / 2);
            double bottom = y((Math.min(value, 0) + 1) / 2);
            bar(
                    LEFT + i * step + step * 0.1,
                    top,
                    step * 0.8,
                    Math.max(0.5, bottom - top),
                    value < 0 ? BAD : GOOD,
                    String.format(Locale.ROOT, "%s: %+.3f", sorted.get(i).name(), value));
        }
        line(LEFT, y(0.5), WIDTH - RIGHT, y(0.5), "#868e96", "");
        end();
    }

    /** Mean label over mean probability, with intervals, and how many pairs each bin has. */
    void reliability(List<ReliabilityBin> bins) throws XMLStreamException {
        start();
        int most = bins.stream().mapToInt(ReliabilityBin::samples).max().orElse(1);
        for (ReliabilityBin bin : bins) {
            double height = 0.35 * Math.sqrt((double) bin.samples() / most);
            bar(
                    x(bin.low()),
                    y(height),
                    x(bin.high()) - x(bin.low()),
                    y(0) - y(height),
                    "#f1f3f5",
                    "%,d pairs".formatted(bin.samples()));
        }
        frame(0, 1);
        ticksBelow("predicted probability");
        line(x(0), y(0), x(1), y(1), "#adb5bd", "4 4");
        for (ReliabilityBin bin : bins) {
            double at = x(bin.meanProbability());
            line(
                    at,
                    y(bin.meanLabelInterval().low()),
                    at,
                    y(bin.meanLabelInterval().high()),
                    INK,
                    "");
            out.writeStartElement("circle");
            attribute("cx", at);
            attribute("cy", y(bin.meanLabel()));
            attribute("r", 4);
            out.writeAttribute("fill", INK);
            title(
                    String.format(
                            Locale.ROOT,
                            "predicted %.3f, relevant %.3f of %,d pairs",
                            bin.meanProbability(),
                            bin.meanLabel(),
                            bin.samples()));
            out.writeEndElement();
        }
        end();
    }

    /** Relevant candidates upon others, by score. */
    void histogram(HistogramReport histogram) throws XMLStreamException {
        int bins = histogram.relevant().size();
        int most = 1;
        for (int i = 0; i < bins; i++) {
            most = Math.max(most, histogram.relevant().get(i) + histogram.other().get(i));
        }
        start();
        List<Double> cuts = histogram.thresholds();
        if (!cuts.isEmpty()) {
            double low = within(cuts.get(cuts.size() / 10));
            double high = within(cuts.get(Math.min(cuts.size() - 1, cuts.size() * 9 / 10)));
            bar(x(low), y(1), Math.max(1, x(high) - x(low)), y(0) - y(1), "#e7f5ff", "cuts");
        }
        for (int i = 0; i < bins; i++) {
            int relevant = histogram.relevant().get(i);
            int other = histogram.other().get(i);
            double all = Math.sqrt((double) (relevant + other) / most);
            double share = relevant + other == 0 ? 0 : (double) relevant / (relevant + other);
            double left = x((double) i / bins) + 1;
            double width = x(1.0 / bins) - x(0) - 2;
            String name = "%,d relevant, %,d others".formatted(relevant, other);
            bar(left, y(all), width, y(all * share) - y(all), QUIET, name);
            bar(left, y(all * share), width, y(0) - y(all * share), GOOD, name);
        }
        axes();
        ticksBelow(histogram.field());
        text(LEFT - 6, y(1) + 4, "end", String.valueOf(most));
        text(LEFT - 6, y(0) + 4, "end", "0");
        if (!cuts.isEmpty()) {
            double median = within(cuts.get(cuts.size() / 2));
            line(x(median), y(0), x(median), y(1), INK, "");
        }
        end();
    }

    private static double within(double value) {
        return Math.max(0, Math.min(1, value));
    }

    private static double x(double share) {
        return LEFT + share * (WIDTH - LEFT - RIGHT);
    }

    private static double y(double share) {
        return HEIGHT - BOTTOM - share * (HEIGHT - TOP - BOTTOM);
    }

    private void start() throws XMLStreamException {
        out.writeStartElement("svg");
        out.writeAttribute("width", String.valueOf(WIDTH));
        out.writeAttribute("height", String.valueOf(HEIGHT));
        out.writeAttribute("viewBox", "0 0 %d %d".formatted(WIDTH, HEIGHT));
        out.writeAttribute("role", "img");
    }

    private void end() throws XMLStreamException {
        out.writeEndElement();
    }

    /** Axes, and numbers at the left. */
    private void frame(double low, double high) throws XMLStreamException {
        axes();
        for (int i = 0; i < TICKS; i++) {
            double share = (double) i / (TICKS - 1);
            text(
                    LEFT - 6,
                    y(share) + 4,
                    "end",
                    String.format(Locale.ROOT, "%.2f", low + share * (high - low)));
        }
    }

    private void axes() throws XMLStreamException {
        line(LEFT, y(0), WIDTH - RIGHT, y(0), "#868e96", "");
        line(LEFT, y(0), LEFT, y(1), "#868e96", "");
    }

    private void ticksBelow(String name) throws XMLStreamException {
        for (int i = 0; i < TICKS; i++) {
            double share = (double) i / (TICKS - 1);
            text(x(share), y(0) + 14, "middle", String.format(Locale.ROOT, "%.2f", share));
        }
        text(x(0.5), HEIGHT - 4, "middle", name);
    }

    private void bar(
            double left, double top, double width, double height, String colour, String name)
            throws XMLStreamException {
        out.writeStartElement("rect");
        attribute("x", left);
        attribute("y", top);
        attribute("width", width);
        attribute("height", Math.max(0, height));
        out.writeAttribute("fill", colour);
        title(name);
        out.writeEndElement();
    }

    private void line(
            double fromX, double fromY, double toX, double toY, String colour, String dashes)
            throws XMLStreamException {
        out.writeEmptyElement("line");
        attribute("x1", fromX);
        attribute("y1", fromY);
        attribute("x2", toX);
        attribute("y2", toY);
        out.writeAttribute("stroke", colour);
        out.writeAttribute("stroke-width", "1.5");
        if (!dashes.isEmpty()) {
            out.writeAttribute("stroke-dasharray", dashes);
        }
    }

    private void text(double atX, double atY, String anchor, String text)
            throws XMLStreamException {
        out.writeStartElement("text");
        attribute("x", atX);
        attribute("y", atY);
        out.writeAttribute("text-anchor", anchor);
        out.writeCharacters(text);
        out.writeEndElement();
    }

    private void title(String text) throws XMLStreamException {
        out.writeStartElement("title");
        out.writeCharacters(text);
        out.writeEndElement();
    }

    private void attribute(String name, double value) throws XMLStreamException {
        out.writeAttribute(name, String.format(Locale.ROOT, "%.1f", value));
    }
}
