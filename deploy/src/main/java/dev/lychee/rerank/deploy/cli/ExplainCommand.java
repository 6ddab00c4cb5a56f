package dev.lychee.rerank.deploy.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.lychee.rerank.deploy.UserMistakeException;
import dev.lychee.rerank.deploy.demo.Sample;
import dev.lychee.rerank.deploy.explain.ExplainHtml;
import dev.lychee.rerank.deploy.explain.ExplainPrinter;
import dev.lychee.rerank.deploy.explain.ExplainReport;
import dev.lychee.rerank.deploy.explain.ExplainedSet;
import dev.lychee.rerank.deploy.explain.LeaveOneOut;
import dev.lychee.rerank.deploy.files.NumberedLines;
import dev.lychee.rerank.deploy.local.WorkDirectory;
import dev.lychee.rerank.deploy.terminal.Terminal;
import dev.lychee.rerank.schemas.Json;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.apache.flink.configuration.Configuration;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code lychee explain}: what moved the score of a pair. */
@Command(
        name = "explain",
        description = {
            "Says why a document has its score: which words of query and document moved it, by leaving"
                    + " them out one at a time, and what each step of the job did.",
            "Takes --query and --document, or candidates of a set: --request-id and --candidate, with"
                    + " --sets FILE or from the bundled sample shop."
        },
        mixinStandardHelpOptions = true,
        versionProvider = LycheeCommand.Version.class)
final class ExplainCommand extends TerminalCommand {

    private static final int MOST_WORDS = 5_000;

    @Mixin private JobArgumentGroup jobArguments = new JobArgumentGroup();

    @Option(names = "--query", paramLabel = "TEXT", description = "What is asked.")
    private @Nullable String query;

    @Option(
            names = "--document",
            paramLabel = "TEXT",
            description = "A document to rank and explain. May be repeated: they form one set.")
    private List<String> documents = List.of();

    @Option(
            names = "--sets",
            paramLabel = "FILE",
            description =
                    "Candidate sets, one JSON object per line. Default: those of the sample shop.")
    private @Nullable Path sets;

    @Option(
            names = "--request-id",
            paramLabel = "ID",
            description = "The set, where there are several.")
    private @Nullable String requestId;

    @Option(
            names = "--candidate",
            paramLabel = "ID",
            description =
                    "A candidate to explain; the others take part in the steps. May be repeated.")
    private List<String> candidates = List.of();

    @Option(
            names = "--max-words",
            paramLabel = "COUNT",
            defaultValue = "200",
            description =
                    "Most words of a text that are left out, from its start. Default: ${DEFAULT-VALUE}.")
    private int maxWords;

    @Option(
            names = "--json",
            paramLabel = "FILE",
            description = "Write what was found to FILE, as JSON.")
    private @Nullable Path json;

    @Option(
            names = "--html",
            paramLabel = "FILE",
            description = "Write a page, one file that needs nothing else.")
    private @Nullable Path html;

    ExplainCommand(Terminal terminal) {
        super(terminal);
    }

    @Override
    public Integer call() throws Exception {
        check();
        LeaveOneOut variants = variants();
        Configuration options = jobArguments.toOptions(null);
        terminal().progress("Starting Flink, loading the model ...");
        try (StopSignal stop = StopSignal.install();
                WorkDirectory work = WorkDirectory.create()) {
            Path input = work.path().resolve("sets.jsonl");
            long count = variants.write(input);
            Path answers = work.directory("results");
            Path deadLetters = work.directory("dead-letters");
            FileRun run = new FileRun("lychee explain", input, count, answers, deadLetters);
            if (!run.execute(options, terminal(), stop)) {
                return stopped();
            }
            ExplainReport report = variants.read(answers);
            if (report == null) {
                throw new UserMistakeException("The set cannot be used: " + refusal(deadLetters));
            }
            show(report);
            return ExitCodes.OK;
        }
    }

    private void show(ExplainReport report) throws IOException {
        new ExplainPrinter(terminal()).print(report);
        if (json != null) {
            ReportFile.write(json, report);
        }
        if (html != null) {
            ExplainHtml.write(report, html);
            terminal().println("");
            terminal().println("As a page: " + html);
        }
    }

    private LeaveOneOut variants() throws IOException {
        if (query != null) {
            ExplainedSet set = ExplainedSet.ofTexts(query, documents);
            return new LeaveOneOut(set.shards(), set.candidateIds(), maxWords);
        }
        ExplainedSet set =
                sets == null
                        ? ExplainedSet.of(
                                Sample.load(DeployFolder.current().sample()).candidateSets(),
                                requestId)
                        : ExplainedSet.read(sets, requestId);
        return new LeaveOneOut(
                set.shards(), candidates.isEmpty() ? set.onlyCandidate() : candidates, maxWords);
    }

    /** Why the set, which is the first line, has no result. */
    private static String refusal(Path deadLetters) throws IOException {
        try (NumberedLines lines = NumberedLines.index(deadLetters)) {
            for (int number = 0; number <= lines.maxNumber(); number++) {
                if (lines.contains(number)) {
                    JsonNode letter = Json.mapper().readTree(lines.content(number));
                    return letter.path("message").asText();
                }
            }
        }
        throw new IllegalStateException("a set without a result is a dead letter");
    }

    private void check() {
        require(
                (query == null) == documents.isEmpty(),
                "--query and --document are needed together");
        require(
                query == null || (sets == null && requestId == null && candidates.isEmpty()),
                "--query excludes --sets, --request-id and --candidate");
        require(
                query != null || sets != null || requestId != null,
                "Nothing to explain: give --query and --document, or --request-id and --candidate");
        require(query == null || !query.isBlank(), "--query is empty");
        require(documents.stream().noneMatch(String::isBlank), "--document is empty");
        require(
                maxWords >= 0 && maxWords <= MOST_WORDS,
                "--max-words must be between 0 and " + MOST_WORDS);
        if (json != null) {
            ReportFile.require(json, "--json");
        }
        if (html != null) {
            ReportFile.require(html, "--html");
        }
    }

    private static void require(boolean holds, String sentence) {
        if (!holds) {
            throw new UserMistakeException(sentence + ".");
        }
    }
}
