package dev.lychee.rerank.deploy.cli;

import dev.lychee.rerank.deploy.UserMistakeException;
import dev.lychee.rerank.deploy.experiments.ExperimentPrinter;
import dev.lychee.rerank.deploy.experiments.ExperimentResults;
import dev.lychee.rerank.deploy.terminal.Terminal;
import dev.lychee.rerank.job.RerankOptions;
import dev.lychee.rerank.schemas.ExperimentResult;
import dev.lychee.rerank.schemas.Json;
import java.io.IOException;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code lychee ab}: what is known about experiments. */
@Command(
        name = "ab",
        description = {
            "Shows what the arms of experiments did so far, and how sure that is: click, cart and purchase"
                    + " rates and NDCG per segment, with 95 % intervals.",
            "The recalibrate job writes it to topic experiment-results once per experiments.window."
        },
        mixinStandardHelpOptions = true,
        versionProvider = LycheeCommand.Version.class)
final class AbCommand extends TerminalCommand {

    @Mixin private KafkaArguments kafka = new KafkaArguments();

    @Parameters(
            arity = "0..1",
            paramLabel = "EXPERIMENT",
            description = "Only this one. Default: all.")
    private @Nullable String experiment;

    @Option(
            names = "--segment",
            paramLabel = "NAME",
            description = "Only this user segment; default stands for all users.")
    private @Nullable String segment;

    @Option(
            names = "--topic",
            paramLabel = "NAME",
            description = "Topic of the results. Default: experiment-results.")
    private String topic = RerankOptions.KAFKA_EXPERIMENT_RESULTS.defaultValue();

    @Option(
            names = "--json",
            description = "Print the records as they are, one per line, the newest of each arm.")
    private boolean json;

    AbCommand(Terminal terminal) {
        super(terminal);
    }

    @Override
    public Integer call() throws IOException {
        ExperimentResults all =
                ExperimentResults.of(
                        kafka.topics().readToEnd(topic).stream()
                                .map(ConsumerRecord::value)
                                .toList());
        List<ExperimentResult> wanted = all.of(experiment, segment);
        if (json) {
            for (ExperimentResult result : wanted) {
                terminal().println(Json.mapper().writeValueAsString(result));
            }
        } else if (!wanted.isEmpty()) {
            new ExperimentPrinter(terminal()).print(wanted);
        }
        if (wanted.isEmpty()) {
            sayWhatThereIs(all);
        }
        return ExitCodes.OK;
    }

    private void sayWhatThereIs(ExperimentResults all) {
        if (!all.experiments().isEmpty()) {
            throw new UserMistakeException(
                    experiment == null || all.experiments().contains(experiment)
                            ? "There is no segment %s here; there are %s."
                                    .formatted(segment, String.join(", ", all.segments(experiment)))
                            : "There is nothing about experiment %s; there is something about %s."
                                    .formatted(experiment, String.join(", ", all.experiments())));
        }
        if (!json) {
            terminal()
                    .println(
                            "Nothing is known yet: the recalibrate job writes to %s when the first window of an experiment is over."
                                    .formatted(topic));
        }
    }
}
