package dev.lychee.rerank.deploy.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import dev.lychee.rerank.deploy.UserMistakeException;
import dev.lychee.rerank.deploy.demo.Sample;
import dev.lychee.rerank.deploy.eval.Evaluation;
import dev.lychee.rerank.deploy.eval.EvaluationHtml;
import dev.lychee.rerank.deploy.eval.EvaluationPrinter;
import dev.lychee.rerank.deploy.eval.EvaluationReport;
import dev.lychee.rerank.deploy.eval.EvaluationReport.VariantReport;
import dev.lychee.rerank.deploy.eval.EvaluationSets;
import dev.lychee.rerank.deploy.eval.EvaluationSets.Variant;
import dev.lychee.rerank.deploy.eval.Qrels;
import dev.lychee.rerank.deploy.eval.TrecRun;
import dev.lychee.rerank.deploy.files.NumberedLines;
import dev.lychee.rerank.deploy.local.WorkDirectory;
import dev.lychee.rerank.deploy.terminal.Terminal;
import dev.lychee.rerank.operators.evaluation.RankingMetrics.Gain;
import dev.lychee.rerank.schemas.Json;
import dev.lychee.rerank.schemas.RerankedResult;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.apache.flink.configuration.Configuration;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code lychee eval}: how good the rankings are, by judgements. */
@Command(
        name = "eval",
        description = {
            "Re-ranks judged candidate sets through the same topology and measures the result: ranking"
                    + " before and after, the cut, bands and probabilities, with 95 % intervals.",
            "Without --sets and --qrels it takes the bundled sample shop."
        },
        mixinStandardHelpOptions = true,
        versionProvider = LycheeCommand.Version.class)
final class EvalCommand extends TerminalCommand {

    private static final int SHOWN_BAD_LINES = 5;

    @Mixin private JobArgumentGroup jobArguments = new JobArgumentGroup();

    @Option(
            names = "--sets",
            paramLabel = "FILE",
            description = "Candidate sets, one JSON object per line.")
    private @Nullable Path sets;

    @Option(
            names = "--qrels",
            paramLabel = "FILE",
            description =
                    "Judgements in TREC's form: request id, 0, candidate id, grade. What is not listed"
                            + " is not relevant.")
    private @Nullable Path qrels;

    @Option(
            names = "--sample",
            paramLabel = "DIR",
            arity = "0..1",
            fallbackValue = "",
            description =
                    "A sample shop: catalogue.jsonl, queries.jsonl and qrels.tsv; BM25 retrieves 50 per"
                            + " query. Default: the bundled one.")
    private @Nullable String sample;

    @Option(
            names = "--profiles",
            paramLabel = "NAME",
            split = ",",
            description = "Profiles to compare; the first is what the others are compared with.")
    private List<String> profiles = List.of();

    @Option(
            names = "--sweep",
            paramLabel = "KEY=VALUE,VALUE",
            description =
                    "Values to try, each in its own run: temperature, or a key of the threshold such as"
                            + " threshold.strategy. May be repeated: all combinations are tried.")
    private List<String> sweeps = List.of();

    @Option(
            names = "--compare",
            paramLabel = "FILE",
            description = "A TREC run of the same requests to compare with. May be repeated.")
    private List<Path> runs = List.of();

    @Option(
            names = "--at",
            paramLabel = "RANK",
            defaultValue = "10",
            description = "The k of NDCG@k, precision@k and recall@k. Default: ${DEFAULT-VALUE}.")
    private int cutoff;

    @Option(
            names = "--gain",
            paramLabel = "NAME",
            defaultValue = "exponential",
            description =
                    "What a grade is worth in NDCG: exponential (2^grade - 1) or linear (trec_eval)."
                            + " Default: ${DEFAULT-VALUE}.")
    @SuppressWarnings("NullAway.Init") // has a default
    private String gain;

    @Option(
            names = "--relevant-from",
            paramLabel = "GRADE",
            defaultValue = "1",
            description =
                    "Lowest grade that is relevant where there are only two kinds. Default: ${DEFAULT-VALUE}.")
    private int relevantFrom;

    @Option(
            names = "--results",
            paramLabel = "FILE",
            description =
                    "Write the results of the first profile, one JSON object per line, as lychee"
                            + " calibrate reads them.")
    private @Nullable Path results;

    @Option(
            names = "--run",
            paramLabel = "FILE",
            description = "Write the ranking of the first profile as a TREC run.")
    private @Nullable Path run;

    @Option(
            names = "--qrels-out",
            paramLabel = "FILE",
            description =
                    "Write the judgements of the requests that were ranked, as TREC qrels: with --run,"
                            + " what trec_eval reads.")
    private @Nullable Path qrelsOut;

    @Option(
            names = "--json",
            paramLabel = "FILE",
            description = "Write what was measured to FILE, as JSON.")
    private @Nullable Path json;

    @Option(
            names = "--html",
            paramLabel = "FILE",
            description = "Write a report with plots, one file that needs nothing else.")
    private @Nullable Path html;

    EvalCommand(Terminal terminal) {
        super(terminal);
    }

    @Override
    public Integer call() throws Exception {
        check();
        List<TrecRun> others = new ArrayList<>();
        for (Path other : runs) {
            others.add(TrecRun.read(other));
        }
        EvaluationSets judged = sets();
        List<Variant> variants = EvaluationSets.variants(profiles, sweeps);
        Configuration options = jobArguments.toOptions(null);
        terminal().progress("Starting Flink, loading the model ...");
        try (StopSignal stop = StopSignal.install();
                WorkDirectory work = WorkDirectory.create()) {
            Path input = work.path().resolve("sets.jsonl");
            long count = judged.write(variants, input);
            Path answers = work.directory("results");
            Path deadLetters = work.directory("dead-letters");
            FileRun file = new FileRun("lychee eval", input, count, answers, deadLetters);
            if (!file.execute(options, terminal(), stop)) {
                return stopped();
            }
            int refused = refused(deadLetters);
            List<List<RerankedResult>> byVariant = EvaluationSets.read(answers, variants.size());
            report(judged, variants, byVariant, others);
            return refused == 0 ? ExitCodes.OK : ExitCodes.BAD_INPUT;
        }
    }

    private void report(
            EvaluationSets judged,
            List<Variant> variants,
            List<List<RerankedResult>> byVariant,
            List<TrecRun> others)
            throws IOException {
        Evaluation evaluation =
                new Evaluation(
                        judged.qrels(),
                        judged.queryTypes(),
                        cutoff,
                        Gain.valueOf(gain.toUpperCase(Locale.ROOT)),
                        relevantFrom);
        List<VariantReport> reports = new ArrayList<>();
        for (int i = 0; i < variants.size(); i++) {
            reports.add(evaluation.measure(variants.get(i).name(), byVariant.get(i)));
        }
        for (int i = 0; i < others.size(); i++) {
            reports.add(
                    evaluation.measure(String.valueOf(runs.get(i).getFileName()), others.get(i)));
        }
        if (reports.get(0).queries().isEmpty()) {
            throw new UserMistakeException(
                    "No request has a judged relevant candidate: the first column of --qrels must hold the request ids of --sets.");
        }
        EvaluationReport report = evaluation.report(reports);
        new EvaluationPrinter(terminal()).print(report);
        if (results != null) {
            try (BufferedWriter writer = Files.newBufferedWriter(results)) {
                for (RerankedResult result : byVariant.get(0)) {
                    writer.write(Json.mapper().writeValueAsString(result));
                    writer.write('\n');
                }
            }
        }
        if (run != null) {
            TrecRun.write(run, byVariant.get(0), variants.get(0).name());
        }
        if (qrelsOut != null) {
            judged.qrels()
                    .write(
                            qrelsOut,
                            byVariant.get(0).stream().map(RerankedResult::requestId).toList());
        }
        if (json != null) {
            ReportFile.write(json, report);
        }
        if (html != null) {
            EvaluationHtml.write(report, html);
            terminal().println("");
            terminal().println("Report with plots: " + html);
        }
    }

    private EvaluationSets sets() throws IOException {
        if (sets != null && qrels != null) {
            return EvaluationSets.read(sets, Qrels.read(qrels));
        }
        Path folder =
                sample == null || sample.isEmpty()
                        ? DeployFolder.current().sample()
                        : Path.of(sample);
        Sample shop = Sample.load(folder);
        return EvaluationSets.of(shop.candidateSets(), new Qrels(shop.grades()));
    }

    /** Says what could not be used; returns how many lines. */
    private int refused(Path deadLetters) throws IOException {
        try (NumberedLines bad = NumberedLines.index(deadLetters)) {
            int shown = 0;
            for (int number = 0; number <= bad.maxNumber() && shown < SHOWN_BAD_LINES; number++) {
                if (bad.contains(number)) {
                    JsonNode letter = readTree(bad.content(number));
                    terminal()
                            .println(
                                    terminal().red("A set cannot be used: ")
                                            + letter.path("message").asText());
                    shown++;
                }
            }
            if (bad.count() > shown) {
                terminal().println("and %,d more".formatted(bad.count() - shown));
            }
            return bad.count();
        }
    }

    private static JsonNode readTree(byte[] line) throws IOException {
        try {
            return Json.mapper().readTree(line);
        } catch (JsonProcessingException impossible) {
            throw new IllegalStateException("the job writes JSON", impossible);
        }
    }

    private void check() {
        require((sets == null) == (qrels == null), "--sets and --qrels are needed together");
        require(sets == null || sample == null, "--sample and --sets exclude each other");
        require(cutoff >= 1, "--at must be at least 1");
        require(relevantFrom >= 1, "--relevant-from must be at least 1");
        require(
                gain.equals("exponential") || gain.equals("linear"),
                "--gain must be exponential or linear");
        requireFile(results, "--results");
        requireFile(run, "--run");
        requireFile(qrelsOut, "--qrels-out");
        requireFile(json, "--json");
        requireFile(html, "--html");
    }

    private static void requireFile(@Nullable Path file, String option) {
        if (file != null) {
            ReportFile.require(file, option);
        }
    }

    private static void require(boolean holds, String sentence) {
        if (!holds) {
            throw new UserMistakeException(sentence + ".");
        }
    }
}
