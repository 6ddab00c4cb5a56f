package dev.lychee.rerank.deploy.cli;

import dev.lychee.rerank.deploy.local.LocalJob;
import dev.lychee.rerank.deploy.local.LocalStack;
import dev.lychee.rerank.deploy.terminal.Terminal;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.apache.flink.configuration.Configuration;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code lychee up}: the local stack for other Kafka clients. */
@Command(
        name = "up",
        description = {
            "Runs Kafka, Flink and the job in this process until Ctrl-C. Any Kafka client on this"
                    + " machine can produce candidate sets and consume results.",
            "Nothing is kept: topics and checkpoints are deleted at the end."
        },
        mixinStandardHelpOptions = true,
        versionProvider = LycheeCommand.Version.class)
final class UpCommand extends TerminalCommand {

    private static final String EXAMPLE =
            "{\"request_id\":\"r-1\",\"query\":\"red dress\",\"documents\":[\"blue shirt\",\"red dress\"]}";

    private static final Duration WAIT_FOR_MODEL = Duration.ofMinutes(5);
    private static final long CHECK_MILLIS = 1_000;

    @Mixin private JobArgumentGroup jobArguments = new JobArgumentGroup();
    @Mixin private PortArgumentGroup ports = new PortArgumentGroup();

    @Option(
            names = "--recalibrate",
            description =
                    "Run the recalibrate job too: it learns calibration maps from the results and the"
                            + " interactions topic, and measures experiments.")
    private boolean recalibrate;

    UpCommand(Terminal terminal) {
        super(terminal);
    }

    @Override
    public Integer call() throws Exception {
        Configuration options = jobArguments.toOptions(null);
        int kafkaPort = ports.kafkaPort(terminal());
        int uiPort = ports.uiPort(terminal());
        terminal().progress("Starting Kafka and Flink, loading the model ...");
        try (StopSignal stop = StopSignal.install();
                LocalStack stack =
                        LocalStack.startUnless(stop::isRequested, kafkaPort, uiPort, options)) {
            StackPrinter printer = new StackPrinter(terminal());
            if (stack == null || !printer.awaitReady(stack, stop, WAIT_FOR_MODEL)) {
                return stopped();
            }
            printer.print(stack);
            if (recalibrate) {
                stack.recalibrate(options);
                terminal()
                        .println(
                                "Recalibration  %s and %s -> %s and %s"
                                        .formatted(
                                                stack.topics().interactions(),
                                                stack.topics().rerankedResults(),
                                                stack.topics().calibrationMaps(),
                                                stack.topics().experimentResults()));
            }
            printExample(stack);
            watch(stack, stop);
        }
        terminal().println("Stopped.");
        return ExitCodes.OK;
    }

    private void printExample(LocalStack stack) {
        String servers = stack.kafka().bootstrapServers();
        List<String> lines =
                List.of(
                        "",
                        "Try it:",
                        "  echo '"
                                + EXAMPLE
                                + "' | kcat -P -b %s -t %s -k r-1"
                                        .formatted(servers, stack.topics().candidateSets()),
                        "  kcat -C -b %s -t %s -o beginning"
                                .formatted(servers, stack.topics().rerankedResults()),
                        "",
                        "Running. Ctrl-C stops it.");
        lines.forEach(terminal()::println);
    }

    private void watch(LocalStack stack, StopSignal stop) throws IOException, InterruptedException {
        boolean restarting = false;
        while (!stop.await(CHECK_MILLIS)) {
            failIfOver(stack.job());
            failIfOver(stack.recalibration());
            boolean now = stack.job().isRestarting();
            if (now && !restarting) {
                terminal()
                        .println(
                                terminal()
                                        .yellow("The job failed and restarts; the log says why."));
            } else if (restarting && !now) {
                terminal().println("The job runs again.");
            }
            restarting = now;
        }
    }

    private static void failIfOver(@Nullable LocalJob job) throws IOException {
        if (job != null && job.isOver()) {
            throw new IOException("The job ended", job.failure());
        }
    }
}
