package dev.lychee.rerank.deploy.cli;

import dev.lychee.rerank.deploy.bench.InteractionsBench;
import dev.lychee.rerank.deploy.bench.InteractionsBenchReport;
import dev.lychee.rerank.deploy.terminal.Terminal;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.flink.configuration.Configuration;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code lychee bench interactions}. */
@Command(
        name = "interactions",
        description =
                "Measures how many interactions per second the recalibrate job takes: parsed ones"
                        + " through join, aggregation and fit, and from the bytes in Kafka through"
                        + " all of it, with broker and cluster in this process.",
        mixinStandardHelpOptions = true,
        versionProvider = LycheeCommand.Version.class)
final class InteractionsCommand extends TerminalCommand {

    @Mixin private BenchCommand.JsonArgument json = new BenchCommand.JsonArgument();

    @Option(
            names = "--results",
            paramLabel = "COUNT",
            defaultValue = "60000",
            description =
                    "Served results in a round, about 11 interactions each. Default:"
                            + " ${DEFAULT-VALUE}.")
    private int results;

    @Option(
            names = "--rounds",
            paramLabel = "COUNT",
            defaultValue = "3",
            description = "Rounds, after one to warm up. Default: ${DEFAULT-VALUE}.")
    private int rounds;

    @Option(
            names = "--parallelism",
            paramLabel = "COUNT",
            defaultValue = "2",
            description = "Parallelism of the job. Default: ${DEFAULT-VALUE}.")
    private int parallelism;

    @Option(
            names = "-D",
            paramLabel = "KEY=VALUE",
            description = "An option of the job or of Flink. May be repeated.")
    private Map<String, String> properties = new LinkedHashMap<>();

    InteractionsCommand(Terminal terminal) {
        super(terminal);
    }

    @Override
    public Integer call() throws Exception {
        json.requireFolder();
        Configuration options = new Configuration();
        properties.forEach(options::setString);
        InteractionsBench bench =
                new InteractionsBench(
                        new InteractionsBench.Options(
                                BenchCommand.atLeast(1_000, "--results", results),
                                BenchCommand.atLeast(1, "--rounds", rounds),
                                BenchCommand.atLeast(1, "--parallelism", parallelism),
                                options),
                        terminal()::progress);
        InteractionsBenchReport report;
        try (StopSignal stop = StopSignal.install()) {
            try {
                report = bench.run(stop::isRequested);
            } catch (InterruptedException ended) {
                return stopped();
            }
        }
        report.print(terminal());
        json.write(report);
        return ExitCodes.OK;
    }
}
