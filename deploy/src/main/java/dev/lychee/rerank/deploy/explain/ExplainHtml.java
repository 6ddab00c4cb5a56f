package dev.lychee.rerank.deploy.explain;

import dev.lychee.rerank.deploy.explain.ExplainReport.Pair;
import dev.lychee.rerank.deploy.explain.ExplainReport.Text;
import dev.lychee.rerank.deploy.explain.ExplainReport.Word;
import dev.lychee.rerank.deploy.explain.MovedMost.Piece;
import dev.lychee.rerank.deploy.files.HtmlPage;
import dev.lychee.rerank.schemas.RerankedResult;
import dev.lychee.rerank.schemas.ResultItem;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamWriter;
import org.jspecify.annotations.Nullable;

/** An explanation as one HTML file. */
public final class ExplainHtml {

    private static final int SHOWN = 20;
    private static final int BAR_PIXELS = 120;
    private static final List<String> NUMBERS =
            List.of("effect", "log-odds without", "value", "change");

    private static final String STYLE =
            """
            body{font:15px/1.5 system-ui,sans-serif;color:#222;max-width:960px;margin:32px auto;padding:0 24px}
            h1{font-size:24px;margin:0 0 4px} h2{font-size:19px;margin:40px 0 4px;border-bottom:1px solid #ddd;padding-bottom:4px}
            p{margin:4px 0 12px;color:#555} .text{font-size:17px;line-height:2;color:#222;overflow-wrap:anywhere;white-space:pre-wrap}
            .text b{display:block;font-size:13px;line-height:1.4;color:#555;font-weight:600}
            .word{border-radius:4px;padding:2px 1px}
            table{border-collapse:collapse;margin:12px 0 20px} th,td{padding:4px 14px 4px 0;text-align:left;border-bottom:1px solid #eee;vertical-align:top}
            th{font-weight:600;color:#555} th.number,.number{text-align:right;font-variant-numeric:tabular-nums} td.piece{overflow-wrap:anywhere;max-width:380px}
            .up{color:#1a7f37} .down{color:#b3261e} .bars{display:flex;width:242px} .left,.right{width:120px;display:flex;height:22px;align-items:center}
            .left{justify-content:flex-end;border-right:2px solid #bbb} .bar{height:14px;border-radius:2px}
            .bar.up{background:#1a7f37} .bar.down{background:#b3261e}
            """;

    private final XMLStreamWriter out;
    private final ExplainReport report;

    private ExplainHtml(XMLStreamWriter out, ExplainReport report) {
        this.out = out;
        this.report = report;
    }

    /** Writes the page. */
    public static void write(ExplainReport report, Path file) throws IOException {
        HtmlPage.write(
                file,
                "Lychee Rerank explanation",
                STYLE,
                out -> new ExplainHtml(out, report).body());
    }

    private void body() throws XMLStreamException {
        RerankedResult result = report.result();
        element("h1", null, "What moved the score");
        element(
                "p",
                null,
                "Request %s, profile %s%s. The effect of a word is the log-odds of the pair minus its log-odds without that word: green helps, red hurts."
                        .formatted(
                                result.requestId(),
                                result.profile().name(),
                                result.models().isEmpty()
                                        ? ""
                                        : ", model "
                                                + result.models().get(0).name()
                                                + " "
                                                + result.models().get(0).version()));
        for (Pair pair : report.pairs()) {
            pair(pair);
        }
    }

    private void pair(Pair pair) throws XMLStreamException {
        ResultItem item = report.item(pair);
        element("h2", null, "Candidate " + pair.id());
        element("p", null, summary(item));
        double largest = pair.largestEffect();
        text("Query", pair.query(), largest);
        text("Document", pair.document(), largest);
        movedMost(pair);
        steps(item);
    }

    private String summary(ResultItem item) {
        int candidates = report.result().results().size() + report.result().dropped().size();
        String place =
                item.rank() == null
                        ? "Dropped by " + item.reason()
                        : "Rank %d of %d".formatted(item.rank(), candidates);
        return item.scored()
                ? "%s, score %s, band %s."
                        .formatted(
                                place,
                                ScoreSteps.number(ScoreSteps.known(item.score())),
                                item.band())
                : place + ", not scored.";
    }

    private void text(String name, Text text, double largest) throws XMLStreamException {
        if (text.text().isEmpty()) {
            return;
        }
        out.writeStartElement("p");
        out.writeAttribute("class", "text");
        element("b", null, name);
        int end = 0;
        for (Word word : text.words()) {
            characters(text.text().substring(end, word.start()));
            word(word, largest);
            end = word.end();
        }
        characters(text.text().substring(end));
        out.writeEndElement();
        if (text.notTried() > 0) {
            element(
                    "p",
                    null,
                    "The first %,d words were tried, %,d were not."
                            .formatted(text.words().size(), text.notTried()));
        }
    }

    private void word(Word word, double largest) throws XMLStreamException {
        out.writeStartElement("span");
        out.writeAttribute("class", "word");
        Double effect = word.effect();
        if (effect != null && largest > 0) {
            out.writeAttribute("title", "effect " + ScoreSteps.signed(effect));
            out.writeAttribute(
                    "style",
                    String.format(
                            Locale.ROOT,
                            "background:rgba(%s,%.2f)",
                            effect > 0 ? "26,127,55" : "179,38,30",
                            0.7 * Math.abs(effect) / largest));
        }
        characters(word.text());
        out.writeEndElement();
    }

    private void movedMost(Pair pair) throws XMLStreamException {
        List<Piece> pieces = MovedMost.of(pair, SHOWN);
        if (pieces.isEmpty()) {
            element("p", null, MovedMost.nothing(pair));
            return;
        }
        double largest = Math.abs(pieces.get(0).effect());
        header("moved it most", "where", "effect", "", "log-odds without");
        for (Piece piece : pieces) {
            String direction = piece.effect() > 0 ? "up" : "down";
            out.writeStartElement("tr");
            element("td", "piece", piece.text());
            element("td", null, piece.where());
            element("td", "number " + direction, ScoreSteps.signed(piece.effect()));
            out.writeStartElement("td");
            bar(piece.effect(), direction, largest);
            out.writeEndElement();
            element("td", "number", ScoreSteps.signed(piece.logitWithout()));
            out.writeEndElement();
        }
        out.writeEndElement();
    }

    private void bar(double effect, String direction, double largest) throws XMLStreamException {
        out.writeStartElement("div");
        out.writeAttribute("class", "bars");
        for (String side : List.of("left", "right")) {
            out.writeStartElement("div");
            out.writeAttribute("class", side);
            if (side.equals("right") == (effect > 0)) {
                out.writeStartElement("div");
                out.writeAttribute("class", "bar " + direction);
                out.writeAttribute(
                        "style",
                        "width:%dpx"
                                .formatted(Math.round(BAR_PIXELS * Math.abs(effect) / largest)));
                out.writeEndElement();
            }
            out.writeEndElement();
        }
        out.writeEndElement();
    }

    private void steps(ResultItem item) throws XMLStreamException {
        header("step", "value", "change", "why");
        for (ScoreSteps.Line line : ScoreSteps.of(report.result(), item)) {
            out.writeStartElement("tr");
            element("td", null, line.step());
            element("td", "number", line.value());
            element(
                    "td",
                    "number"
                            + (line.change().startsWith("+")
                                    ? " up"
                                    : line.change().startsWith("-") ? " down" : ""),
                    line.change());
            element("td", null, line.reason());
            out.writeEndElement();
        }
        out.writeEndElement();
    }

    /** Opens a table; the caller closes it. */
    private void header(String... names) throws XMLStreamException {
        out.writeStartElement("table");
        out.writeStartElement("tr");
        for (String name : List.of(names)) {
            element("th", NUMBERS.contains(name) ? "number" : null, name);
        }
        out.writeEndElement();
    }

    private void element(String name, @Nullable String style, String text)
            throws XMLStreamException {
        out.writeStartElement(name);
        if (style != null) {
            out.writeAttribute("class", style);
        }
        characters(text);
        out.writeEndElement();
    }

    /** What neither XML nor UTF-8 can hold becomes a replacement character. */
    private void characters(String text) throws XMLStreamException {
        out.writeCharacters(text.replaceAll("[\\p{Cntrl}&&[^\\t\\n]]|\\p{Cs}", "\uFFFD"));
    }
}
