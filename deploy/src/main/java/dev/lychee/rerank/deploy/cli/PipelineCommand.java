package dev.lychee.rerank.deploy.cli;

import dev.lychee.rerank.deploy.UserMistakeException;
import dev.lychee.rerank.deploy.bench.EnduranceBench;
import dev.lychee.rerank.deploy.bench.EnduranceBenchReport;
import dev.lychee.rerank.deploy.bench.PipelineBench;
import dev.lychee.rerank.deploy.bench.PipelineBenchReport;
import dev.lychee.rerank.deploy.terminal.Terminal;
import dev.lychee.rerank.job.RerankOptions;
import dev.lychee.rerank.operators.scoring.BatchLimits;
import dev.lychee.rerank.schemas.MessageLimits;
import java.time.Duration;
import java.util.List;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.MemorySize;
import org.apache.flink.util.TimeUtils;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code lychee bench pipeline}. */
@Command(
        name = "pipeline",
        description = {
            "Measures the whole job between two topics, with broker and cluster in this process:"
                    + " what it gives when there is always work, beside the scheduler alone, and"
                    + " how long results take at lower rates.",
            "Latency is from the moment when a set was due to be sent to its result at a consumer."
        },
        mixinStandardHelpOptions = true,
        versionProvider = LycheeCommand.Version.class)
final class PipelineCommand extends TerminalCommand {

    private static final int MAX_CANDIDATES = MessageLimits.DEFAULTS.maxCandidates();

    /** Small enough to be full, and to evict, within minutes. */
    private static final MemorySize ENDURANCE_CACHE = MemorySize.ofMebiBytes(16);

    /** Tombstones stop to grow before the slope is taken. */
    private static final Duration ENDURANCE_REMEMBER = Duration.ofMinutes(1);

    private static final Duration LEAST_ENDURANCE = Duration.ofSeconds(5);
    private static final Duration SAMPLE_EVERY = Duration.ofSeconds(5);
    private static final int SHORT_RUN_SAMPLES = 20;

    @Mixin private BenchJobArguments job = new BenchJobArguments();
    @Mixin private BenchCommand.JsonArgument json = new BenchCommand.JsonArgument();

    @Option(
            names = "--set-size",
            paramLabel = "COUNT",
            defaultValue = "20",
            description = "Pairs in a set, 1 to 1000. Default: ${DEFAULT-VALUE}.")
    private int setSize;

    @Option(
            names = "--seconds",
            paramLabel = "COUNT",
            description =
                    "Length of all measured windows together. Default: about 50 s without the rates,"
                            + " and at each rate what 1,000 results take, 3 min at most.")
    private @Nullable Integer seconds;

    @Option(
            names = "--rates",
            paramLabel = "PAIRS",
            split = ",",
            description =
                    "Pairs per second to be offered, such as 200,400. Default: 25, 50 and 75 %% of the"
                            + " closed loop's.")
    private List<Integer> rates = List.of();

    @Option(
            names = "--endurance",
            paramLabel = "TIME",
            description =
                    "Instead of all that: full load for so long, such as 10min, and whether memory or"
                            + " threads of this process grow. Sets do not repeat; the score cache has"
                            + " 16 mb and answers are remembered for 1 min, unless -D says otherwise.")
    private @Nullable String endurance;

    PipelineCommand(Terminal terminal) {
        super(terminal);
    }

    @Override
    public Integer call() throws Exception {
        json.requireFolder();
        if (setSize < 1 || setSize > MAX_CANDIDATES) {
            throw new UserMistakeException(
                    "--set-size must be 1 to %d, not %d.".formatted(MAX_CANDIDATES, setSize));
        }
        return endurance == null ? loads() : endurance(duration(endurance));
    }

    private int loads() throws Exception {
        Configuration options = job.toOptions();
        if (!options.contains(RerankOptions.SCORING_CACHE_SIZE)) {
            // The load repeats its sets; kept scores would measure the cache.
            options.set(RerankOptions.SCORING_CACHE_SIZE, MemorySize.ZERO);
        }
        for (int rate : rates) {
            BenchCommand.atLeast(1, "--rates", rate);
        }
        PipelineBench bench =
                new PipelineBench(
                        new PipelineBench.Options(
                                job.factory(),
                                BenchJobArguments.spec(options),
                                new BatchLimits(
                                        options.get(RerankOptions.SCORING_BATCH_TOKENS),
                                        options.get(RerankOptions.SCORING_BATCH_DELAY).toMillis()),
                                setSize,
                                seconds == null
                                        ? null
                                        : Duration.ofSeconds(
                                                BenchCommand.atLeast(1, "--seconds", seconds)),
                                job.openSets(),
                                rates),
                        terminal()::progress);
        PipelineBenchReport report = job.measure(terminal(), options, bench::run);
        if (report == null) {
            return stopped();
        }
        report.print(terminal());
        json.write(report);
        return ExitCodes.OK;
    }

    private int endurance(Duration duration) throws Exception {
        Configuration options = job.toOptions();
        if (!options.contains(RerankOptions.SCORING_CACHE_SIZE)) {
            options.set(RerankOptions.SCORING_CACHE_SIZE, ENDURANCE_CACHE);
        }
        if (!options.contains(RerankOptions.ASSEMBLY_REMEMBER_ANSWERED)) {
            options.set(RerankOptions.ASSEMBLY_REMEMBER_ANSWERED, ENDURANCE_REMEMBER);
        }
        Duration shortRun = duration.dividedBy(SHORT_RUN_SAMPLES);
        EnduranceBench bench =
                new EnduranceBench(
                        new EnduranceBench.Options(
                                job.modelName(options),
                                options.get(RerankOptions.SCORING_CACHE_SIZE).getBytes(),
                                setSize,
                                job.openSets(),
                                duration,
                                shortRun.compareTo(SAMPLE_EVERY) < 0 ? shortRun : SAMPLE_EVERY),
                        terminal()::progress);
        EnduranceBenchReport report = job.measure(terminal(), options, bench::run);
        if (report == null) {
            return stopped();
        }
        report.print(terminal());
        json.write(report);
        return ExitCodes.OK;
    }

    private static Duration duration(String text) {
        try {
            Duration duration = TimeUtils.parseDuration(text);
            if (duration.compareTo(LEAST_ENDURANCE) >= 0) {
                return duration;
            }
        } catch (IllegalArgumentException wrong) {
            // Said below.
        }
        throw new UserMistakeException(
                "--endurance must be a time of at least %d s, such as 10min, not %s."
                        .formatted(LEAST_ENDURANCE.toSeconds(), text));
    }
}
