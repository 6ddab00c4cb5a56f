package dev.lychee.rerank.deploy.cli;

import dev.lychee.rerank.deploy.UserMistakeException;
import dev.lychee.rerank.deploy.bench.FixedSpeed;
import dev.lychee.rerank.deploy.bench.FixedSpeedScorer;
import dev.lychee.rerank.deploy.local.LocalStack;
import dev.lychee.rerank.deploy.terminal.Terminal;
import dev.lychee.rerank.job.RerankOptions;
import dev.lychee.rerank.operators.scoring.ScorerFactory;
import dev.lychee.rerank.operators.scoring.ScorerSpec;
import dev.lychee.rerank.operators.scoring.model.PackageScorerFactory;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.function.BooleanSupplier;
import org.apache.flink.configuration.Configuration;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The arguments of measurements of the whole job in this process. */
final class BenchJobArguments {

    private static final Duration WAIT_FOR_MODEL = Duration.ofMinutes(5);

    @Mixin private JobArgumentGroup job = new JobArgumentGroup();
    @Mixin private PortArgumentGroup ports = new PortArgumentGroup();

    @Option(
            names = "--stand-in",
            paramLabel = "SPEED",
            description =
                    "No model, but something that takes as long: 5ms for each forward pass, or"
                            + " 250/s for so many pairs per second.")
    private @Nullable String standIn;

    @Option(
            names = "--open-sets",
            paramLabel = "COUNT",
            defaultValue = "64",
            description =
                    "Sets that are open at once in the closed loop. Default: ${DEFAULT-VALUE}.")
    private int openSets;

    /** Something that is measured while a stack runs. */
    interface Measurement<R> {
        R run(LocalStack stack, BooleanSupplier stopped) throws IOException, InterruptedException;
    }

    /**
     * The options of the job.
     *
     * @throws UserMistakeException if a speed cannot be read, or both a model and a stand-in are
     *     named
     */
    Configuration toOptions() {
        FixedSpeed speed = speed();
        if (speed == null) {
            return job.toOptions(null);
        }
        if (job.namesModel()) {
            throw new UserMistakeException(
                    "--stand-in takes the place of a model: leave out either it or --model.");
        }
        Configuration options = job.toOptionsWithoutModel(null);
        options.set(RerankOptions.SCORING_MODEL, "stand-in");
        options.set(RerankOptions.SCORING_CHECK_AT_SUBMISSION, false);
        return options;
    }

    ScorerFactory factory() {
        FixedSpeed speed = speed();
        return speed == null ? new PackageScorerFactory() : FixedSpeedScorer.factory(speed);
    }

    /** What scores, for people. */
    String modelName(Configuration options) {
        FixedSpeed speed = speed();
        return speed == null
                ? String.valueOf(Path.of(options.get(RerankOptions.SCORING_MODEL)).getFileName())
                : "stand-in " + speed;
    }

    int openSets() {
        return BenchCommand.atLeast(1, "--open-sets", openSets);
    }

    static ScorerSpec spec(Configuration options) {
        return new ScorerSpec(
                options.get(RerankOptions.SCORING_MODEL),
                options.get(RerankOptions.SCORING_PRECISION),
                "cpu",
                options.get(RerankOptions.SCORING_THREADS));
    }

    /** Starts the stack, measures and stops it; null when Ctrl-C came first. */
    <R> @Nullable R measure(Terminal terminal, Configuration options, Measurement<R> measurement)
            throws IOException, InterruptedException {
        int kafkaPort = ports.kafkaPort(terminal);
        int uiPort = ports.uiPort(terminal);
        terminal.progress("Starting Kafka and Flink, loading the model ...");
        try (StopSignal stop = StopSignal.install();
                LocalStack stack =
                        LocalStack.startUnless(
                                stop::isRequested, kafkaPort, uiPort, options, factory())) {
            if (stack == null
                    || !new StackPrinter(terminal).awaitReady(stack, stop, WAIT_FOR_MODEL)) {
                return null;
            }
            try {
                return measurement.run(stack, stop::isRequested);
            } catch (InterruptedException stopped) {
                return null;
            }
        }
    }

    private @Nullable FixedSpeed speed() {
        return standIn == null ? null : speed("--stand-in", standIn);
    }

    static FixedSpeed speed(String option, String text) {
        try {
            return FixedSpeed.parse(text);
        } catch (IllegalArgumentException wrong) {
            throw new UserMistakeException(
                    "%s must be a time such as 5ms, for each forward pass, or a rate such as 250/s, not %s."
                            .formatted(option, text));
        }
    }
}
