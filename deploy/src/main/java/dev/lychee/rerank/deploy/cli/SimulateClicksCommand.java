package dev.lychee.rerank.deploy.cli;

import dev.lychee.rerank.deploy.UserMistakeException;
import dev.lychee.rerank.deploy.clicks.ClickProgress;
import dev.lychee.rerank.deploy.clicks.ClickStream;
import dev.lychee.rerank.deploy.clicks.Population;
import dev.lychee.rerank.deploy.clicks.Truth;
import dev.lychee.rerank.deploy.eval.Qrels;
import dev.lychee.rerank.deploy.terminal.Terminal;
import dev.lychee.rerank.job.RerankOptions;
import dev.lychee.rerank.operators.clicks.UserModel;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code lychee simulate-clicks}: users who click on what the job serves. */
@Command(
        name = "simulate-clicks",
        description = {
            "Reads results from a topic, from now on, and writes what simulated users do with them to"
                    + " another one: impressions and clicks as UBI 1.3 events.",
            "How relevant documents really are is known here and to no job: by default the served logit"
                    + " is wrong by a known amount. So the calibration error that is shown is the true one,"
                    + " and falls when the recalibrate job learns from the clicks.",
            "The same results make the same users click on the same documents. It goes on until Ctrl-C; at"
                    + " the end the clicks that wait are written at once."
        },
        mixinStandardHelpOptions = true,
        versionProvider = LycheeCommand.Version.class)
final class SimulateClicksCommand extends TerminalCommand {

    private static final double DEFAULT_SCALE = 1.8;
    private static final double DEFAULT_SHIFT = 1.5;

    @Mixin private KafkaArguments kafka = new KafkaArguments();

    @Option(
            names = "--results-topic",
            paramLabel = "NAME",
            description = "Topic of results. Default: reranked-results.")
    private String results = RerankOptions.KAFKA_RERANKED_RESULTS.defaultValue();

    @Option(
            names = "--interactions-topic",
            paramLabel = "NAME",
            description = "Topic of events. Default: interactions.")
    private String interactions = RerankOptions.KAFKA_INTERACTIONS.defaultValue();

    @Option(
            names = "--browsing",
            paramLabel = "NAME",
            defaultValue = "position-based",
            description =
                    "position-based: rank k is looked at with the chance 1/k^eta. cascade: from the top"
                            + " until the first click. Default: ${DEFAULT-VALUE}.")
    @SuppressWarnings("NullAway.Init") // has a default
    private String browsing;

    @Option(
            names = "--eta",
            paramLabel = "NUMBER",
            defaultValue = "1",
            description = "How steeply looks fall with the rank. Default: ${DEFAULT-VALUE}.")
    private double eta;

    @Option(
            names = "--trust",
            paramLabel = "SHARE",
            defaultValue = "0",
            description =
                    "Chance of a click on something not relevant at rank one; a kth of it at rank k."
                            + " Default: ${DEFAULT-VALUE}.")
    private double trust;

    @Option(
            names = "--noise",
            paramLabel = "SHARE",
            defaultValue = "0",
            description =
                    "Chance of a click on something not relevant at every rank. Default: ${DEFAULT-VALUE}.")
    private double noise;

    @Option(
            names = "--places",
            paramLabel = "COUNT",
            defaultValue = "20",
            description = "How many first places users are shown. Default: ${DEFAULT-VALUE}.")
    private int places;

    @Option(
            names = "--clients",
            paramLabel = "COUNT",
            defaultValue = "1000",
            description = "How many users there are. Default: ${DEFAULT-VALUE}.")
    private int clients;

    @Option(
            names = "--convert",
            paramLabel = "SHARE",
            defaultValue = "0",
            description =
                    "Share of clicks followed by add_to_cart, and of those by purchase. Default:"
                            + " ${DEFAULT-VALUE}.")
    private double convert;

    @Option(
            names = "--delay",
            paramLabel = "MILLIS",
            defaultValue = "1000",
            description = "From a result to its clicks. Default: ${DEFAULT-VALUE}.")
    private long delayMillis;

    @Option(
            names = "--seed",
            paramLabel = "NUMBER",
            defaultValue = "1",
            description = "Another one makes other users. Default: ${DEFAULT-VALUE}.")
    private long seed;

    @Option(
            names = "--truth-scale",
            paramLabel = "NUMBER",
            description =
                    "P(relevant) = sigmoid((logit - shift) / scale). Default: "
                            + DEFAULT_SCALE
                            + ".")
    private @Nullable Double scale;

    @Option(
            names = "--truth-shift",
            paramLabel = "NUMBER",
            description = "The shift in it. Default: " + DEFAULT_SHIFT + ".")
    private @Nullable Double shift;

    @Option(
            names = "--judgements",
            paramLabel = "FILE",
            description =
                    "Truth from TREC qrels instead. Their query is the request_id, or the request_id"
                            + " without its last dash and what follows.")
    private @Nullable Path judgements;

    @Option(
            names = "--grades",
            paramLabel = "SHARE",
            split = ",",
            description =
                    "With --judgements: chance of relevance of the grades 0, 1, ... Default:"
                            + " (2^grade - 1) / 2^(largest grade).")
    private List<Double> grades = List.of();

    @Option(
            names = "--window",
            paramLabel = "COUNT",
            defaultValue = "500",
            description =
                    "Of how many last results the calibration error is. Default: ${DEFAULT-VALUE}.")
    private int window;

    @Option(
            names = "--count",
            paramLabel = "COUNT",
            description = "End once so many results were read.")
    private @Nullable Long count;

    @Option(names = "--duration", paramLabel = "SECONDS", description = "End after so long.")
    private @Nullable Long durationSeconds;

    SimulateClicksCommand(Terminal terminal) {
        super(terminal);
    }

    @Override
    public Integer call() throws Exception {
        if (delayMillis < 0 || window < 1) {
            throw new UserMistakeException("--delay must be 0 or more, --window 1 or more.");
        }
        Population population = population();
        try (StopSignal stop = StopSignal.install();
                ClickStream stream =
                        ClickStream.open(
                                kafka.topics(),
                                results,
                                interactions,
                                population,
                                Duration.ofMillis(delayMillis))) {
            terminal().println("Users click on %s.".formatted(results));
            terminal().println("The truth: %s.".formatted(population.truth().description()));
            ClickProgress progress = new ClickProgress(terminal(), window);
            progress.printHead();
            run(stream, progress, stop);
            stream.finish();
            progress.finish();
            terminal().println("");
            terminal().println(counts(stream) + ".");
            if (progress.first().isPresent() && progress.last().isPresent()) {
                terminal()
                        .println(
                                String.format(
                                        Locale.ROOT,
                                        "Calibration error %.3f → %.3f, %d new maps.",
                                        progress.first().getAsDouble(),
                                        progress.last().getAsDouble(),
                                        progress.maps()));
            }
        }
        return ExitCodes.OK;
    }

    private void run(ClickStream stream, ClickProgress progress, StopSignal stop)
            throws IOException {
        long start = System.nanoTime();
        while (!stop.isRequested() && !terminal().isClosed()) {
            progress.add(stream.poll());
            terminal().progress(counts(stream) + ", " + progress.now());
            Duration past = Duration.ofNanos(System.nanoTime() - start);
            if ((count != null && stream.results() >= count)
                    || (durationSeconds != null && past.toSeconds() >= durationSeconds)) {
                return;
            }
        }
    }

    private static String counts(ClickStream stream) {
        String unusable =
                stream.unusable() == 0
                        ? ""
                        : String.format(Locale.ROOT, " (%,d unusable)", stream.unusable());
        return String.format(
                Locale.ROOT,
                "%,d results%s, %,d impressions, %,d clicks",
                stream.results(),
                unusable,
                stream.impressions(),
                stream.clicks());
    }

    private Population population() throws IOException {
        try {
            return new Population(
                    new UserModel(browsing(), eta, trust, noise),
                    truth(),
                    clients,
                    places,
                    convert,
                    seed);
        } catch (IllegalArgumentException wrong) {
            throw new UserMistakeException("The users cannot be: " + wrong.getMessage() + ".");
        }
    }

    private UserModel.Browsing browsing() {
        return switch (browsing) {
            case "position-based" -> UserModel.Browsing.POSITION_BASED;
            case "cascade" -> UserModel.Browsing.CASCADE;
            default ->
                    throw new UserMistakeException(
                            "--browsing must be position-based or cascade, not \"%s\"."
                                    .formatted(browsing));
        };
    }

    private Truth truth() throws IOException {
        if (judgements == null) {
            if (!grades.isEmpty()) {
                throw new UserMistakeException("--grades needs --judgements.");
            }
            return new Truth.Distortion(
                    scale == null ? DEFAULT_SCALE : scale, shift == null ? DEFAULT_SHIFT : shift);
        }
        if (scale != null || shift != null) {
            throw new UserMistakeException(
                    "--judgements and --truth-scale or --truth-shift are two truths: leave one out.");
        }
        Qrels qrels = Qrels.read(judgements);
        return grades.isEmpty()
                ? Truth.Judgements.of(qrels)
                : new Truth.Judgements(
                        qrels, grades.stream().mapToDouble(Double::doubleValue).toArray());
    }
}
