package dev.lychee.rerank.deploy.explain;

import dev.lychee.rerank.schemas.CalibrationReference;
import dev.lychee.rerank.schemas.RerankedResult;
import dev.lychee.rerank.schemas.ResultItem;
import dev.lychee.rerank.schemas.ScoreChange;
import dev.lychee.rerank.schemas.ThresholdDecision;
import dev.lychee.rerank.schemas.TraceStep;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The steps of the job, as one candidate of a result saw them. */
final class ScoreSteps {

    private ScoreSteps() {}

    /**
     * One line.
     *
     * @param step the step, or empty where it has further lines
     * @param value what it gave, as text
     * @param change what it added, as text; empty where nothing is added
     * @param reason how it came to that
     */
    record Line(String step, String value, String change, String reason) {}

    static List<Line> of(RerankedResult result, ResultItem item) {
        List<Line> lines = new ArrayList<>();
        if (item.scored()) {
            scored(result, item, lines);
        } else {
            lines.add(new Line("score", "none", "", String.valueOf(item.error())));
        }
        lines.add(threshold(result.threshold(), item));
        lines.add(rank(result, item));
        return lines;
    }

    /** A value that every scored item has. */
    static double known(@Nullable Double value) {
        return Objects.requireNonNull(value, "a scored item has all values");
    }

    private static void scored(RerankedResult result, ResultItem item, List<Line> lines) {
        lines.add(
                new Line(
                        "score",
                        signed(known(item.logit())),
                        "",
                        "log-odds of the model"
                                + (item.truncated() ? "; the text was shortened to fit" : "")));
        lines.add(
                new Line(
                        "",
                        number(known(item.probability())),
                        "",
                        "its sigmoid, over the temperature"));
        TraceStep normalize = trace(result, "normalize");
        lines.add(
                new Line(
                        "normalize",
                        number(known(item.normalized())),
                        "",
                        normalize.strategy()
                                + ", comparable inside this set only"
                                + (normalize.note() == null ? "" : " (" + normalize.note() + ")")));
        boolean identity = result.calibration().equals(CalibrationReference.IDENTITY);
        lines.add(
                new Line(
                        "calibrate",
                        number(known(item.calibrated())),
                        identity
                                ? ""
                                : signed(known(item.calibrated()) - known(item.probability())),
                        identity
                                ? "identity: no map is used"
                                : calibration(result.calibration(), item)));
        String step = "adjust";
        for (ScoreChange change : item.explanation()) {
            boolean base = change.step().equals("base");
            lines.add(
                    new Line(
                            step,
                            number(change.score()),
                            base ? "" : signed(change.change()),
                            reason(change, item)));
            step = "";
        }
    }

    private static String calibration(CalibrationReference calibration, ResultItem item) {
        String band =
                item.calibratedLow() == null || item.calibratedHigh() == null
                        ? ""
                        : ", 95 %% band %s to %s"
                                .formatted(
                                        number(item.calibratedLow()),
                                        number(item.calibratedHigh()));
        return "%s, segment %s, version %d%s"
                .formatted(
                        calibration.method(), calibration.segment(), calibration.version(), band);
    }

    private static String reason(ScoreChange change, ResultItem item) {
        return switch (change.step()) {
            case "base" -> "starts from " + change.name();
            case "signal" ->
                    String.format(
                            Locale.ROOT,
                            "signal %s: %.3f%s, weight %.2f",
                            change.name(),
                            change.value(),
                            item.signalsMissing().contains(change.name())
                                    ? " (field is missing)"
                                    : "",
                            change.weight());
            case "own-step" -> "own step " + change.name();
            case "price-range" -> "outside the price range";
            case "in-stock-first" -> "sold out: after what is in stock";
            case "limit" -> "brought to 0..1";
            default -> change.step() + " " + change.name();
        };
    }

    private static Line threshold(ThresholdDecision threshold, ResultItem item) {
        if (threshold.strategy().equals("none")) {
            return new Line("threshold", "-", "", threshold.reason());
        }
        return new Line(
                "threshold",
                threshold.value() == null ? "-" : number(threshold.value()),
                "",
                "%s by %s on %s: %s"
                        .formatted(
                                "threshold".equals(item.reason()) ? "cut off" : "kept",
                                threshold.strategy(),
                                threshold.on(),
                                threshold.reason()));
    }

    private static Line rank(RerankedResult result, ResultItem item) {
        int size = result.results().size() + result.dropped().size();
        String before =
                "of %d, %d in retrieval order%s"
                        .formatted(
                                size,
                                item.retrievalRank(),
                                item.tied() ? ", tied with a neighbour" : "");
        return item.rank() == null
                ? new Line("rank", "-", "", "dropped by %s; %s".formatted(item.reason(), before))
                : new Line("rank", String.valueOf(item.rank()), "", before);
    }

    private static TraceStep trace(RerankedResult result, String step) {
        return result.trace().stream()
                .filter(each -> each.step().equals(step))
                .findFirst()
                .orElseThrow();
    }

    static String number(double value) {
        return String.format(Locale.ROOT, "%.3f", value);
    }

    static String signed(double value) {
        // A rounded nothing has no sign.
        return Math.abs(value) < 0.0005 ? "0.000" : String.format(Locale.ROOT, "%+.3f", value);
    }
}
