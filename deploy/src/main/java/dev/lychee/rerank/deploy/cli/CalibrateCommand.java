package dev.lychee.rerank.deploy.cli;

import dev.lychee.rerank.deploy.UserMistakeException;
import dev.lychee.rerank.deploy.calibration.MapTopic;
import dev.lychee.rerank.deploy.eval.CalibrationPrinter;
import dev.lychee.rerank.deploy.eval.CalibrationReport;
import dev.lychee.rerank.deploy.eval.JudgedPairs;
import dev.lychee.rerank.deploy.eval.Qrels;
import dev.lychee.rerank.deploy.terminal.Terminal;
import dev.lychee.rerank.operators.calibration.CalibrationFit;
import dev.lychee.rerank.operators.calibration.JudgedPair;
import dev.lychee.rerank.schemas.CalibrationMap;
import dev.lychee.rerank.schemas.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code lychee calibrate}: maps from logit to probability, fitted to judgements. */
@Command(
        name = "calibrate",
        description = {
            "Fits maps from logit to probability of relevance to judged pairs, for each fingerprint and"
                    + " segment, and measures them on requests they have not seen.",
            "Judgements come as JSON lines (request_id, id, logit, label; segment and fingerprint by"
                    + " wish), or as TREC qrels together with --results."
        },
        mixinStandardHelpOptions = true,
        versionProvider = LycheeCommand.Version.class)
final class CalibrateCommand extends TerminalCommand {

    @Option(
            names = "--judgements",
            paramLabel = "FILE",
            required = true,
            description = "Judged pairs as JSON lines; with --results, TREC qrels.")
    @SuppressWarnings("NullAway.Init") // required
    private Path judgements;

    @Option(
            names = "--results",
            paramLabel = "FILE",
            description =
                    "Reranked results, one JSON object per line, as lychee rerank writes them.")
    private @Nullable Path results;

    @Option(
            names = "--output",
            paramLabel = "FILE",
            description = "Where to write the maps, for calibration.file.")
    private @Nullable Path output;

    @Option(
            names = "--method",
            paramLabel = "NAME",
            defaultValue = "isotonic",
            description =
                    "isotonic, platt or temperature; all three are measured. Default: ${DEFAULT-VALUE}.")
    @SuppressWarnings("NullAway.Init") // has a default
    private String method;

    @Option(
            names = "--folds",
            paramLabel = "COUNT",
            defaultValue = "5",
            description = "Parts of the cross-validation, by request. Default: ${DEFAULT-VALUE}.")
    private int folds;

    @Option(
            names = "--min-pairs",
            paramLabel = "COUNT",
            defaultValue = "100",
            description =
                    "Segments with fewer pairs get no map and use their parent's. Default: ${DEFAULT-VALUE}.")
    private int minPairs;

    @Option(
            names = "--max-loss",
            paramLabel = "SHARE",
            split = ",",
            defaultValue = "0.05,0.1,0.2",
            description =
                    "Shares of the relevant candidates that the threshold \"guarantee\" may lose."
                            + " Default: ${DEFAULT-VALUE}.")
    private List<Double> maxLosses = List.of();

    @Option(
            names = "--confidence",
            paramLabel = "SHARE",
            defaultValue = "0.9",
            description =
                    "How sure that must be; 0 for on average only. Default: ${DEFAULT-VALUE}.")
    private double confidence;

    @Option(
            names = "--relevant-from",
            paramLabel = "GRADE",
            defaultValue = "1",
            description = "Qrels: lowest grade that counts as relevant. Default: ${DEFAULT-VALUE}.")
    private int relevantFrom;

    @Option(
            names = "--unjudged",
            paramLabel = "WAY",
            defaultValue = "irrelevant",
            description =
                    "Qrels: candidates that nobody judged count as \"irrelevant\", or \"skip\" leaves"
                            + " them out. Default: ${DEFAULT-VALUE}.")
    @SuppressWarnings("NullAway.Init") // has a default
    private String unjudged;

    @Option(
            names = "--fingerprint",
            paramLabel = "TEXT",
            description =
                    "What the logits were made with: the fingerprint in results. For lines that say"
                            + " none; with --results, only those.")
    private @Nullable String fingerprint;

    @Option(
            names = "--map-version",
            paramLabel = "NUMBER",
            description =
                    "Version of the maps; of several the highest counts. Default: milliseconds since 1970.")
    private @Nullable Long version;

    @Option(names = "--publish", description = "Send the maps to Kafka too.")
    private boolean publish;

    @Mixin private KafkaArguments kafka = new KafkaArguments();

    @Option(
            names = "--topic",
            paramLabel = "NAME",
            defaultValue = "calibration-maps",
            description = "Topic, for --publish. Default: ${DEFAULT-VALUE}.")
    @SuppressWarnings("NullAway.Init") // has a default
    private String topic;

    @Option(
            names = "--json",
            paramLabel = "FILE",
            description = "Write what was measured to FILE, as JSON.")
    private @Nullable Path json;

    CalibrateCommand(Terminal terminal) {
        super(terminal);
    }

    @Override
    public Integer call() throws Exception {
        check();
        JudgedPairs pairs =
                results == null
                        ? JudgedPairs.readLines(judgements, fingerprint)
                        : JudgedPairs.join(
                                results,
                                Qrels.read(judgements),
                                relevantFrom,
                                unjudged.equals("irrelevant"),
                                fingerprint);
        List<CalibrationReport> reports = fit(pairs);
        CalibrationPrinter printer = new CalibrationPrinter(terminal());
        reports.forEach(printer::print);
        if (pairs.unjudged() > 0) {
            terminal()
                    .println(
                            "%,d candidates were not judged: %s."
                                    .formatted(
                                            pairs.unjudged(),
                                            unjudged.equals("irrelevant")
                                                    ? "counted as not relevant (--unjudged skip leaves them out)"
                                                    : "left out"));
        }
        List<CalibrationMap> maps = reports.stream().map(CalibrationReport::map).toList();
        if (json != null) {
            ReportFile.write(json, reports);
        }
        if (output != null) {
            write(maps, output);
        }
        if (publish) {
            new MapTopic(kafka.topics(), topic).publish(maps);
            terminal().println("%s sent to %s.".formatted(count(maps), topic));
        }
        return ExitCodes.OK;
    }

    private List<CalibrationReport> fit(JudgedPairs pairs) {
        CalibrationReport.Plan plan =
                new CalibrationReport.Plan(
                        method,
                        folds,
                        maxLosses,
                        confidence == 0 ? null : (Double) confidence,
                        version == null ? System.currentTimeMillis() : version);
        List<CalibrationReport> reports = new ArrayList<>();
        for (Map.Entry<String, Map<String, List<JudgedPair>>> made :
                pairs.byFingerprintAndSegment().entrySet()) {
            for (Map.Entry<String, List<JudgedPair>> segment : made.getValue().entrySet()) {
                boolean all = segment.getKey().equals(CalibrationMap.DEFAULT_SEGMENT);
                if (all || segment.getValue().size() >= minPairs) {
                    reports.add(
                            CalibrationReport.fit(
                                    made.getKey(), segment.getKey(), segment.getValue(), plan));
                } else {
                    terminal()
                            .println(
                                    "Segment %s has %,d pairs, fewer than --min-pairs: it uses its parent's map."
                                            .formatted(
                                                    segment.getKey(), segment.getValue().size()));
                }
            }
        }
        if (reports.isEmpty()) {
            throw new UserMistakeException(
                    results == null
                            ? judgements + " is empty: it needs one judged pair per line."
                            : "No result in %s belongs to the judgements in %s: compare request ids%s."
                                    .formatted(
                                            results,
                                            judgements,
                                            fingerprint == null ? "" : " and the fingerprint"));
        }
        return reports;
    }

    private void write(List<CalibrationMap> maps, Path file) throws IOException {
        StringBuilder lines = new StringBuilder();
        for (CalibrationMap map : maps) {
            lines.append(Json.mapper().writeValueAsString(map)).append('\n');
        }
        Files.writeString(file, lines);
        terminal()
                .println(
                        "%s in %s, to be used with -D calibration.file=%s"
                                .formatted(count(maps), file, file));
    }

    private static String count(List<CalibrationMap> maps) {
        return maps.size() == 1 ? "1 map" : "%,d maps".formatted(maps.size());
    }

    private void check() {
        require(
                CalibrationFit.METHODS.contains(method),
                "--method must be one of " + String.join(", ", CalibrationFit.METHODS));
        require(folds >= 2, "--folds must be at least 2");
        require(minPairs >= 1, "--min-pairs must be at least 1");
        require(relevantFrom >= 1, "--relevant-from must be at least 1");
        require(confidence >= 0 && confidence < 1, "--confidence must be 0 or more and below 1");
        require(
                maxLosses.stream().allMatch(loss -> loss > 0 && loss < 1),
                "--max-loss must be between 0 and 1");
        require(
                unjudged.equals("irrelevant") || unjudged.equals("skip"),
                "--unjudged must be irrelevant or skip");
        require(version == null || version >= 1, "--map-version must be at least 1");
        if (output != null) {
            ReportFile.require(output, "--output");
        }
        if (json != null) {
            ReportFile.require(json, "--json");
        }
    }

    private static void require(boolean holds, String sentence) {
        if (!holds) {
            throw new UserMistakeException(sentence + ".");
        }
    }
}
