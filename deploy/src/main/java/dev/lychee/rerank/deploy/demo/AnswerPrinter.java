package dev.lychee.rerank.deploy.demo;

import dev.lychee.rerank.deploy.demo.DemoLedger.Answer;
import dev.lychee.rerank.deploy.terminal.DisplayWidth;
import dev.lychee.rerank.deploy.terminal.Terminal;
import dev.lychee.rerank.schemas.Candidate;
import dev.lychee.rerank.schemas.DeadLetter;
import dev.lychee.rerank.schemas.RerankedResult;
import dev.lychee.rerank.schemas.ResultItem;
import dev.lychee.rerank.schemas.Status;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Prints answers for people: the query, the first places with where they came from, and where the
 * set was cut.
 */
public final class AnswerPrinter {

    private static final int RANK_COLUMNS = 17;

    private final Terminal terminal;
    private final int places;

    /**
     * A printer.
     *
     * @param terminal where to print
     * @param places how many of the first results to show
     */
    public AnswerPrinter(Terminal terminal, int places) {
        this.terminal = terminal;
        this.places = places;
    }

    /** Prints one answer in a few lines. */
    public void print(Answer answer) {
        RerankedResult result = answer.result();
        Map<String, Candidate> byId =
                answer.candidates().stream()
                        .collect(
                                Collectors.toMap(
                                        Candidate::id, candidate -> candidate, (a, b) -> a));
        terminal.println("");
        terminal.println(headline(answer));
        for (ResultItem item :
                result.results().subList(0, Math.min(places, result.results().size()))) {
            terminal.println(place(item, byId.get(item.id()), result.scale()));
        }
        terminal.println(
                "   " + terminal.faint(DisplayWidth.shorten(cut(result), terminal.width() - 3)));
    }

    /** Prints a dead letter in one line. */
    public void print(DeadLetter letter) {
        terminal.println("");
        terminal.println(
                terminal.red("Refused")
                        + " "
                        + (letter.requestId() == null ? "a record" : letter.requestId())
                        + " at "
                        + letter.stage()
                        + ": "
                        + letter.message());
    }

    private String headline(Answer answer) {
        String number = String.format(Locale.ROOT, "%3d", answer.number());
        String measured = String.format(Locale.ROOT, "%.0f ms", answer.latencyMillis());
        String quality = quality(answer.ndcgBefore(), answer.ndcgAfter());
        String status =
                answer.result().status() == Status.COMPLETE
                        ? ""
                        : "  " + answer.result().status().wireName();
        int rest =
                terminal.width()
                        - number.length()
                        - 2
                        - measured.length()
                        - 2
                        - quality.length()
                        - 2
                        - status.length();
        String text =
                answer.query().text()
                        + (answer.query().queryType() == null
                                ? ""
                                : "  [" + answer.query().queryType() + "]");
        return terminal.faint(number)
                + "  "
                + terminal.bold(DisplayWidth.fit(text, Math.max(12, rest)))
                + "  "
                + coloured(quality, answer.ndcgBefore(), answer.ndcgAfter())
                + "  "
                + measured
                + terminal.yellow(status);
    }

    private static String quality(@Nullable Double before, @Nullable Double after) {
        return before == null || after == null
                ? "not judged"
                : String.format(Locale.ROOT, "NDCG@10 %.3f → %.3f", before, after);
    }

    private String coloured(String quality, @Nullable Double before, @Nullable Double after) {
        if (before == null || after == null || after.equals(before)) {
            return quality;
        }
        return after > before ? terminal.green(quality) : terminal.red(quality);
    }

    private String place(ResultItem item, @Nullable Candidate candidate, double scale) {
        int rank = item.rank() == null ? 0 : item.rank();
        String from = String.format(Locale.ROOT, "%6d ← %-3d", rank, item.retrievalRank());
        Double shown = item.display() == null ? item.score() : item.display();
        String score =
                shown == null
                        ? "   -  "
                        : String.format(Locale.ROOT, scale > 1 ? "%5.1f " : "%.3f ", shown);
        String title = "";
        if (candidate != null) {
            title =
                    candidate.title() != null
                            ? candidate.title()
                            : String.valueOf(candidate.text());
        }
        int moved = item.retrievalRank() - rank;
        String arrow = moved > 0 ? terminal.green(from) : moved < 0 ? terminal.yellow(from) : from;
        String band = item.band() == null ? "" : item.band();
        return arrow
                + "  "
                + score
                + " "
                + terminal.faint(DisplayWidth.fit(band, 7))
                + DisplayWidth.shorten(title, terminal.width() - RANK_COLUMNS - 12);
    }

    private static String cut(RerankedResult result) {
        int kept = result.results().size();
        int all = kept + result.dropped().size();
        StringBuilder line = new StringBuilder();
        line.append("kept ").append(kept).append(" of ").append(all);
        if (result.threshold().value() != null) {
            line.append(
                    String.format(
                            Locale.ROOT,
                            ", cut at %s >= %.3f",
                            result.threshold().on(),
                            result.threshold().value()));
        }
        line.append(" (").append(result.threshold().strategy());
        if (!result.threshold().reason().isEmpty()) {
            line.append(": ").append(result.threshold().reason());
        }
        line.append(')');
        Map<String, Long> reasons =
                result.dropped().stream()
                        .map(ResultItem::reason)
                        .filter(reason -> reason != null)
                        .collect(Collectors.groupingBy(reason -> reason, Collectors.counting()));
        if (!reasons.isEmpty()) {
            List<String> counts =
                    reasons.entrySet().stream()
                            .map(entry -> entry.getValue() + " by " + entry.getKey())
                            .sorted()
                            .toList();
            line.append("; dropped ").append(String.join(", ", counts));
        }
        return line.toString();
    }
}
