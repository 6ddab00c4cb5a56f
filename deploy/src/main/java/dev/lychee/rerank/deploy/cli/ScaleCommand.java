package dev.lychee.rerank.deploy.cli;

import dev.lychee.rerank.deploy.UserMistakeException;
import dev.lychee.rerank.deploy.bench.FixedSpeed;
import dev.lychee.rerank.deploy.bench.FixedSpeedScorer;
import dev.lychee.rerank.deploy.bench.ScaleBench;
import dev.lychee.rerank.deploy.bench.ScaleBenchReport;
import dev.lychee.rerank.deploy.terminal.Terminal;
import dev.lychee.rerank.job.RerankOptions;
import dev.lychee.rerank.schemas.MessageLimits;
import java.io.IOException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.MemorySize;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code lychee bench scale}. */
@Command(
        name = "scale",
        description = {
            "Measures the whole job on one TaskManager and on several, each a process of its own on"
                    + " this machine, between two topics.",
            "A stand-in of fixed speed takes the place of the model in each, so that they do not"
                    + " take the processor from each other."
        },
        mixinStandardHelpOptions = true,
        versionProvider = LycheeCommand.Version.class)
final class ScaleCommand extends TerminalCommand {

    private static final int MAX_CANDIDATES = MessageLimits.DEFAULTS.maxCandidates();
    private static final int MAX_TASK_MANAGERS = 64;
    private static final long ENDING_MILLIS = 300;

    @Mixin private BenchCommand.JsonArgument json = new BenchCommand.JsonArgument();

    @Option(
            names = "--task-managers",
            paramLabel = "COUNT",
            split = ",",
            defaultValue = "1,2,4",
            description =
                    "How many, one number after the other, rising; each takes 1 GiB. Default:"
                            + " ${DEFAULT-VALUE}.")
    private List<Integer> taskManagers = List.of();

    @Option(
            names = "--stand-in",
            paramLabel = "SPEED",
            defaultValue = "1000/s",
            description =
                    "Speed of the stand-in: 1000/s for so many pairs per second, or 5ms for each"
                            + " forward pass. Default: ${DEFAULT-VALUE}.")
    @SuppressWarnings("NullAway.Init") // has a default
    private String standIn;

    @Option(
            names = "--set-size",
            paramLabel = "COUNT",
            defaultValue = "20",
            description = "Pairs in a set, 1 to 1000. Default: ${DEFAULT-VALUE}.")
    private int setSize;

    @Option(
            names = "--open-sets",
            paramLabel = "COUNT",
            defaultValue = "64",
            description =
                    "Sets that are open at once, for each TaskManager. Default: ${DEFAULT-VALUE}.")
    private int openSets;

    @Option(
            names = "--seconds",
            paramLabel = "COUNT",
            defaultValue = "10",
            description = "Length of a measured window. Default: ${DEFAULT-VALUE}.")
    private int seconds;

    @Option(
            names = "--rounds",
            paramLabel = "COUNT",
            defaultValue = "3",
            description =
                    "Windows for each number of TaskManagers, after one to warm up. Default:"
                            + " ${DEFAULT-VALUE}.")
    private int rounds;

    @Option(
            names = "-D",
            paramLabel = "KEY=VALUE",
            description = "An option of the job or of Flink. May be repeated.")
    private Map<String, String> properties = new LinkedHashMap<>();

    ScaleCommand(Terminal terminal) {
        super(terminal);
    }

    @Override
    public Integer call() throws Exception {
        json.requireFolder();
        ScaleBench bench = new ScaleBench(options(), terminal()::progress);
        ScaleBenchReport report;
        try (StopSignal stop = StopSignal.install()) {
            try {
                report = bench.run(stop::isRequested);
            } catch (InterruptedException | IOException | RuntimeException failure) {
                // Ctrl-C reaches the processes, too, so one may be found ended before it is told;
                // and nothing can register a shutdown hook any more.
                if (!(failure instanceof InterruptedException) && !stop.await(ENDING_MILLIS)) {
                    throw failure;
                }
                return stopped();
            }
        }
        report.print(terminal());
        json.write(report);
        return ExitCodes.OK;
    }

    private ScaleBench.Options options() {
        int before = 0;
        for (int count : taskManagers) {
            if (count <= before || count > MAX_TASK_MANAGERS) {
                throw new UserMistakeException(
                        "--task-managers must rise, from at least 1 to at most %d, such as 1,2,4."
                                .formatted(MAX_TASK_MANAGERS));
            }
            before = count;
        }
        if (setSize < 1 || setSize > MAX_CANDIDATES) {
            throw new UserMistakeException(
                    "--set-size must be 1 to %d, not %d.".formatted(MAX_CANDIDATES, setSize));
        }
        FixedSpeed speed = BenchJobArguments.speed("--stand-in", standIn);
        Configuration options = new Configuration();
        properties.forEach(options::setString);
        options.set(RerankOptions.SCORING_MODEL, "stand-in");
        options.set(RerankOptions.SCORING_CHECK_AT_SUBMISSION, false);
        if (!options.contains(RerankOptions.SCORING_CACHE_SIZE)) {
            // Sets do not repeat; keeping their scores would only take memory.
            options.set(RerankOptions.SCORING_CACHE_SIZE, MemorySize.ZERO);
        }
        return new ScaleBench.Options(
                taskManagers,
                speed,
                FixedSpeedScorer.factory(speed),
                setSize,
                BenchCommand.atLeast(1, "--open-sets", openSets),
                Duration.ofSeconds(BenchCommand.atLeast(1, "--seconds", seconds)),
                BenchCommand.atLeast(1, "--rounds", rounds),
                options);
    }
}
