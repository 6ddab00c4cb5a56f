package dev.lychee.rerank.deploy.eval;

import dev.lychee.rerank.deploy.eval.EvaluationReport.BandReport;
import dev.lychee.rerank.deploy.eval.EvaluationReport.CutReport;
import dev.lychee.rerank.deploy.eval.EvaluationReport.ErrorReport;
import dev.lychee.rerank.deploy.eval.EvaluationReport.MetricReport;
import dev.lychee.rerank.deploy.eval.EvaluationReport.ProbabilityReport;
import dev.lychee.rerank.deploy.eval.EvaluationReport.VariantReport;
import dev.lychee.rerank.deploy.files.HtmlPage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamWriter;

/** An evaluation as one HTML file. */
public final class EvaluationHtml {

    private static final String STYLE =
            """
            body{font:15px/1.5 system-ui,sans-serif;color:#222;max-width:1080px;margin:32px auto;padding:0 24px}
            h1{font-size:24px;margin:0 0 4px} h2{font-size:19px;margin:40px 0 4px;border-bottom:1px solid #ddd;padding-bottom:4px}
            h3{font-size:15px;margin:16px 0 4px} p{margin:4px 0 12px;color:#555}
            table{border-collapse:collapse;margin:8px 0 16px} th,td{padding:4px 12px;text-align:right;border-bottom:1px solid #eee}
            th{font-weight:600;color:#555} th:first-child,td:first-child{text-align:left;padding-left:0}
            .sure{font-weight:600} .up{color:#1a7f37} .down{color:#b3261e}
            .plots{display:flex;flex-wrap:wrap;gap:24px} figure{margin:0} figcaption{color:#555;font-size:13px;max-width:460px}
            svg text{font:11px system-ui,sans-serif;fill:#555}
            """;

    private final XMLStreamWriter out;
    private final EvaluationReport report;

    private EvaluationHtml(XMLStreamWriter out, EvaluationReport report) {
        this.out = out;
        this.report = report;
    }

    /** Writes the page. */
    public static void write(EvaluationReport report, Path file) throws IOException {
        HtmlPage.write(
                file,
                "Lychee Rerank evaluation",
                STYLE,
                out -> new EvaluationHtml(out, report).body());
    }

    private void body() throws XMLStreamException {
        element("h1", "Evaluation");
        element(
                "p",
                "NDCG@%d with %s gain; relevant from grade %d. Before is the retrieval order. Intervals are 95 %%, by paired bootstrap over requests."
                        .formatted(report.cutoff(), report.gain(), report.relevantFrom()));
        if (report.variants().size() > 1) {
            comparison();
        }
        for (VariantReport variant : report.variants()) {
            variant(variant);
        }
    }

    private void comparison() throws XMLStreamException {
        element("h2", "Compared with " + report.variants().get(0).name());
        header(
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
            out.writeStartElement("tr");
            element("td", variant.name());
            element("td", ndcg == null ? "" : number(ndcg.after()));
            if (change == null) {
                element("td", "");
                element("td", "");
            } else {
                difference(change);
            }
            element("td", cut == null ? "" : String.format(Locale.ROOT, "%.1f", cut.meanKept()));
            element("td", cut == null || cut.recall() == null ? "" : number(cut.recall()));
            element("td", cut == null || cut.precision() == null ? "" : number(cut.precision()));
            out.writeEndElement();
        }
        out.writeEndElement();
    }

    private void variant(VariantReport variant) throws XMLStreamException {
        element("h2", variant.name());
        element(
                "p",
                "%,d requests, %,d with relevant documents, %,d not judged, %,d candidates unscored."
                        .formatted(
                                variant.requests(),
                                variant.queries().size(),
                                variant.unjudged(),
                                variant.unscored()));
        header("", "requests", "before", "after", "difference", "95 % interval", "gain");
        for (Map.Entry<String, MetricReport> metric : variant.metrics().entrySet()) {
            row(EvaluationPrinter.title(metric.getKey(), report), metric.getValue());
        }
        for (Map.Entry<String, MetricReport> type : variant.ndcgByQueryType().entrySet()) {
            row("NDCG@" + report.cutoff() + ", " + type.getKey(), type.getValue());
        }
        out.writeEndElement();
        CutReport cut = variant.cut();
        if (cut != null) {
            element(
                    "p",
                    "The cut serves %s of %s candidates per request, with precision %s and recall %s of the retrieved relevant ones."
                            .formatted(
                                    String.format(Locale.ROOT, "%.1f", cut.meanKept()),
                                    String.format(Locale.ROOT, "%.1f", cut.meanCandidates()),
                                    cut.precision() == null ? "-" : number(cut.precision()),
                                    cut.recall() == null ? "-" : number(cut.recall())));
        }
        out.writeStartElement("div");
        out.writeAttribute("class", "plots");
        figure(
                "Change of NDCG@%d per request, best first.".formatted(report.cutoff()),
                () ->
                        new EvaluationPlots(out)
                                .changes(
                                        variant.queries().stream()
                                                .map(
                                                        query ->
                                                                new EvaluationPlots.Change(
                                                                        query.query() == null
                                                                                ? query.requestId()
                                                                                : query.query(),
                                                                        query.ndcgAfter()
                                                                                - query
                                                                                        .ndcgBefore()))
                                                .toList()));
        ProbabilityReport calibration = variant.calibration();
        if (calibration != null) {
            figure(
                    "Reliability of calibrated (%s). On the diagonal, a probability means what it says; bars are 95 %% intervals, the grey area shows how many pairs there are. ECE %s, before calibration %s."
                            .formatted(
                                    String.join(", ", calibration.methods()),
                                    number(calibration.after().ece()),
                                    number(calibration.before().ece())),
                    () -> new EvaluationPlots(out).reliability(calibration.reliability()));
            figure(
                    "Candidates by %s: relevant ones in green, others in grey, on a square-root scale. The line is the median cut, the band the middle 80 %% of all cuts."
                            .formatted(calibration.histogram().field()),
                    () -> new EvaluationPlots(out).histogram(calibration.histogram()));
        }
        out.writeEndElement();
        if (calibration != null) {
            errors(calibration);
            bands(variant.bands());
        }
    }

    private void errors(ProbabilityReport calibration) throws XMLStreamException {
        header("how far off", "ECE", "equal-mass ECE", "class-balanced ECE", "Brier", "log loss");
        error("probability", calibration.before());
        error(
                "calibrated (%s)".formatted(String.join(", ", calibration.methods())),
                calibration.after());
        out.writeEndElement();
    }

    private void error(String name, ErrorReport errors) throws XMLStreamException {
        out.writeStartElement("tr");
        element("td", name);
        element("td", number(errors.ece()));
        element("td", number(errors.equalMassEce()));
        element("td", number(errors.classBalancedEce()));
        element("td", number(errors.brier()));
        element("td", number(errors.logLoss()));
        out.writeEndElement();
    }

    private void bands(Map<String, BandReport> bands) throws XMLStreamException {
        header("band", "candidates", "relevant", "95 % interval");
        for (Map.Entry<String, BandReport> band : bands.entrySet()) {
            BandReport found = band.getValue();
            out.writeStartElement("tr");
            element("td", band.getKey());
            element("td", "%,d".formatted(found.candidates()));
            element("td", found.precision() == null ? "" : percent(found.precision()));
            element(
                    "td",
                    found.low() == null || found.high() == null
                            ? ""
                            : percent(found.low()) + " to " + percent(found.high()));
            out.writeEndElement();
        }
        out.writeEndElement();
    }

    /** Opens a table; the caller closes it. */
    private void header(String... names) throws XMLStreamException {
        out.writeStartElement("table");
        out.writeStartElement("tr");
        for (String name : List.of(names)) {
            element("th", name);
        }
        out.writeEndElement();
    }

    private void row(String name, MetricReport metric) throws XMLStreamException {
        out.writeStartElement("tr");
        element("td", name);
        element("td", String.valueOf(metric.requests()));
        element("td", number(metric.before()));
        element("td", number(metric.after()));
        difference(metric);
        element(
                "td",
                metric.relativeGain() == null
                        ? ""
                        : String.format(Locale.ROOT, "%+.0f %%", 100 * metric.relativeGain()));
        out.writeEndElement();
    }

    private void difference(MetricReport metric) throws XMLStreamException {
        out.writeStartElement("td");
        if (metric.significant()) {
            out.writeAttribute("class", metric.difference() > 0 ? "sure up" : "sure down");
        }
        out.writeCharacters(signed(metric.difference()));
        out.writeEndElement();
        element("td", signed(metric.low()) + " to " + signed(metric.high()));
    }

    @FunctionalInterface
    private interface Plot {
        void draw() throws XMLStreamException;
    }

    private void figure(String caption, Plot plot) throws XMLStreamException {
        out.writeStartElement("figure");
        plot.draw();
        element("figcaption", caption);
        out.writeEndElement();
    }

    private void element(String name, String text) throws XMLStreamException {
        out.writeStartElement(name);
        out.writeCharacters(text);
        out.writeEndElement();
    }

    private static String number(double value) {
        return String.format(Locale.ROOT, "%.3f", value);
    }

    private static String signed(double value) {
        return String.format(Locale.ROOT, "%+.3f", value);
    }

    private static String percent(double share) {
        return String.format(Locale.ROOT, "%.0f %%", 100 * share);
    }
}
