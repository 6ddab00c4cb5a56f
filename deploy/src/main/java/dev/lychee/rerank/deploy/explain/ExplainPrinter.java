package dev.lychee.rerank.deploy.explain;

import dev.lychee.rerank.deploy.explain.ExplainReport.Pair;
import dev.lychee.rerank.deploy.explain.ExplainReport.Text;
import dev.lychee.rerank.deploy.explain.ExplainReport.Word;
import dev.lychee.rerank.deploy.explain.MovedMost.Piece;
import dev.lychee.rerank.deploy.terminal.DisplayWidth;
import dev.lychee.rerank.deploy.terminal.Table;
import dev.lychee.rerank.deploy.terminal.Terminal;
import dev.lychee.rerank.schemas.RerankedResult;
import java.util.List;

/** Prints an explanation for people: words in colours, what moved most, the steps. */
public final class ExplainPrinter {

    private static final int SHOWN = 10;
    private static final int COLUMNS = 48;

    /** Share of the largest effect from which a word is coloured, and from which it is bold. */
    private static final double COLOURED = 0.1;

    private static final double BOLD = 0.5;

    private final Terminal terminal;

    public ExplainPrinter(Terminal terminal) {
        this.terminal = terminal;
    }

    /** Prints each pair. */
    public void print(ExplainReport report) {
        RerankedResult result = report.result();
        for (Pair pair : report.pairs()) {
            terminal.println("");
            terminal.println(
                    terminal.bold("Candidate " + pair.id())
                            + "  request %s, profile %s%s"
                                    .formatted(
                                            result.requestId(),
                                            result.profile().name(),
                                            result.models().isEmpty()
                                                    ? ""
                                                    : ", model " + result.models().get(0).name()));
            terminal.println("");
            double largest = pair.largestEffect();
            text("query", pair.query(), largest);
            text("document", pair.document(), largest);
            terminal.println("");
            movedMost(pair);
            terminal.println("");
            Table steps = new Table("step", "value", "change", "why");
            ScoreSteps.of(result, report.item(pair))
                    .forEach(
                            line ->
                                    steps.row(
                                            line.step(),
                                            line.value(),
                                            line.change(),
                                            line.reason()));
            steps.print(terminal);
        }
        terminal.println("");
        terminal.println(
                terminal.faint(
                        "effect: log-odds of the pair minus log-odds without the word; above 0 it helps"));
    }

    private void text(String name, Text text, double largest) {
        if (text.text().isEmpty()) {
            return;
        }
        StringBuilder line = new StringBuilder();
        int from = 0;
        for (Word word : text.words()) {
            line.append(text.text(), from, word.start()).append(coloured(word, largest));
            from = word.end();
        }
        line.append(text.text().substring(from));
        terminal.println("  " + DisplayWidth.fit(name, 10) + flat(line.toString()));
        if (text.notTried() > 0) {
            terminal.println(
                    terminal.faint(
                            "            its first %,d words were tried, %,d were not; --max-words sets how many"
                                    .formatted(text.words().size(), text.notTried())));
        }
    }

    private String coloured(Word word, double largest) {
        Double effect = word.effect();
        if (effect == null || Math.abs(effect) < COLOURED * largest || largest == 0) {
            return word.text();
        }
        String text = effect > 0 ? terminal.green(word.text()) : terminal.red(word.text());
        return Math.abs(effect) >= BOLD * largest ? terminal.bold(text) : text;
    }

    private void movedMost(Pair pair) {
        List<Piece> pieces = MovedMost.of(pair, SHOWN);
        if (pieces.isEmpty()) {
            terminal.println("  " + MovedMost.nothing(pair));
            return;
        }
        Table table = new Table("moved it most", "where", "effect", "log-odds without");
        for (Piece piece : pieces) {
            table.row(
                    DisplayWidth.shorten(flat(piece.text()), COLUMNS),
                    piece.where(),
                    ScoreSteps.signed(piece.effect()),
                    ScoreSteps.signed(piece.logitWithout()));
        }
        table.print(terminal);
    }

    /** On one line, and without what a terminal would take for commands, but for our colours. */
    private static String flat(String text) {
        return text.replaceAll("[\\p{Cntrl}&&[^\u001b]]+", " ");
    }
}
