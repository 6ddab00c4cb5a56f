package dev.lychee.rerank.deploy.cli;

import dev.lychee.rerank.deploy.UserMistakeException;
import dev.lychee.rerank.deploy.bench.OverloadBench;
import dev.lychee.rerank.deploy.bench.OverloadBenchReport;
import dev.lychee.rerank.deploy.terminal.Terminal;
import dev.lychee.rerank.schemas.MessageLimits;
import java.time.Duration;
import java.util.List;
import org.apache.flink.configuration.Configuration;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code lychee bench overload}. */
@Command(
        name = "overload",
        description = {
            "Sends the whole job more than it can score, then less, with deadlines: which sets are"
                    + " answered in time, what they lack, and how soon results are whole again.",
            "The capacity is measured first. Deadlines count from the timestamp of a set's record to"
                    + " its result at a consumer."
        },
        mixinStandardHelpOptions = true,
        versionProvider = LycheeCommand.Version.class)
final class OverloadCommand extends TerminalCommand {

    private static final int MAX_CANDIDATES = MessageLimits.DEFAULTS.maxCandidates();

    @Mixin private BenchJobArguments job = new BenchJobArguments();
    @Mixin private BenchCommand.JsonArgument json = new BenchCommand.JsonArgument();

    @Option(
            names = "--set-size",
            paramLabel = "MIN,MAX",
            split = ",",
            defaultValue = "20,50",
            description = "Fewest and most pairs in a set, 1 to 1000. Default: ${DEFAULT-VALUE}.")
    private List<Integer> setSizes = List.of();

    @Option(
            names = "--deadline-ms",
            paramLabel = "MILLIS",
            defaultValue = "1000",
            description = "deadline_ms of the sets. Default: ${DEFAULT-VALUE}.")
    private int deadlineMillis;

    @Option(
            names = "--load",
            paramLabel = "FACTOR",
            defaultValue = "3",
            description = "Overload over the capacity. Default: ${DEFAULT-VALUE}.")
    private double overload;

    @Option(
            names = "--seconds",
            paramLabel = "COUNT",
            defaultValue = "30",
            description = "Length of the overload. Default: ${DEFAULT-VALUE}.")
    private int seconds;

    @Option(
            names = "--relief",
            paramLabel = "FACTOR",
            defaultValue = "0.5",
            description = "Load afterwards over the capacity. Default: ${DEFAULT-VALUE}.")
    private double relief;

    @Option(
            names = "--relief-seconds",
            paramLabel = "COUNT",
            defaultValue = "20",
            description = "How long the load is lower afterwards. Default: ${DEFAULT-VALUE}.")
    private int reliefSeconds;

    @Option(
            names = "--capacity-seconds",
            paramLabel = "COUNT",
            defaultValue = "15",
            description =
                    "How long the capacity is measured, after half of that to warm up. Default:"
                            + " ${DEFAULT-VALUE}.")
    private int capacitySeconds;

    OverloadCommand(Terminal terminal) {
        super(terminal);
    }

    @Override
    public Integer call() throws Exception {
        json.requireFolder();
        Configuration options = job.toOptions();
        OverloadBench bench = new OverloadBench(options(options), terminal()::progress);
        OverloadBenchReport report = job.measure(terminal(), options, bench::run);
        if (report == null) {
            return stopped();
        }
        report.print(terminal());
        json.write(report);
        return ExitCodes.OK;
    }

    private OverloadBench.Options options(Configuration options) {
        int least = setSizes.get(0);
        int most = setSizes.get(setSizes.size() - 1);
        if (setSizes.size() > 2 || least < 1 || most < least || most > MAX_CANDIDATES) {
            throw new UserMistakeException(
                    "--set-size must be one number or the least and the most, such as 20,50, of 1 to %d."
                            .formatted(MAX_CANDIDATES));
        }
        return new OverloadBench.Options(
                job.modelName(options),
                least,
                most,
                BenchCommand.atLeast(1, "--deadline-ms", deadlineMillis),
                job.openSets(),
                Duration.ofSeconds(BenchCommand.atLeast(1, "--capacity-seconds", capacitySeconds)),
                positive("--load", overload),
                Duration.ofSeconds(BenchCommand.atLeast(1, "--seconds", seconds)),
                positive("--relief", relief),
                Duration.ofSeconds(BenchCommand.atLeast(1, "--relief-seconds", reliefSeconds)));
    }

    private static double positive(String option, double value) {
        if (!(value > 0 && value <= 100)) {
            throw new UserMistakeException(
                    "%s must be above 0 and at most 100, not %s.".formatted(option, value));
        }
        return value;
    }
}
