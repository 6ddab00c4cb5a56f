package dev.lychee.rerank.deploy.demo;

import dev.lychee.rerank.deploy.clicks.ClickProgress;
import dev.lychee.rerank.deploy.clicks.ClickStream;
import dev.lychee.rerank.deploy.clicks.Page;
import dev.lychee.rerank.deploy.clicks.Population;
import dev.lychee.rerank.deploy.clicks.Truth;
import dev.lychee.rerank.deploy.kafka.KafkaTopics;
import dev.lychee.rerank.deploy.local.LocalJob;
import dev.lychee.rerank.deploy.local.LocalStack;
import dev.lychee.rerank.deploy.terminal.Terminal;
import dev.lychee.rerank.job.RerankOptions;
import dev.lychee.rerank.operators.clicks.UserModel;
import dev.lychee.rerank.operators.clicks.UserModel.Browsing;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.function.BooleanSupplier;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.Configuration;
import org.jspecify.annotations.Nullable;

/**
 * The demo's second act: the sample's queries are asked again and again, simulated users click on
 * what they get, and the recalibrate job learns what the probabilities should have been.
 *
 * <p>The truth is a distortion of the served logit and not the sample's judgements: 64 queries err
 * each as a whole, and without exploration no click can tell that from places that are looked at
 * less.
 */
public final class RecalibrationAct {

    private static final Truth TRUTH = new Truth.Distortion(1.8, 1.5);
    private static final Population USERS =
            new Population(
                    new UserModel(Browsing.POSITION_BASED, 1, 0, 0), TRUTH, 1_000, 20, 0.1, 1);
    private static final Duration DELAY = Duration.ofMillis(300);

    /** Results that the shown error is of: the sample twice. */
    private static final int WINDOW = 128;

    /** With --once it ends when no new map came for so many epochs. */
    private static final int UNCHANGED_EPOCHS = 3;

    private static final Map<ConfigOption<Duration>, Duration> SHORT =
            Map.of(
                    RerankOptions.RECALIBRATION_EPOCH, Duration.ofSeconds(5),
                    RerankOptions.RECALIBRATION_ATTRIBUTION, Duration.ofSeconds(2),
                    RerankOptions.RECALIBRATION_DISORDER, Duration.ofSeconds(1),
                    RerankOptions.RECALIBRATION_IDLE_AFTER, Duration.ofSeconds(2));

    private final Terminal terminal;
    private final LocalStack stack;
    private final @Nullable Duration atMost;
    private final Duration unchanged;

    /**
     * The act, not begun.
     *
     * @param stack with the recalibrate job
     * @param options of that job
     * @param atMost when it ends though maps still change; null to go on until somebody stops it
     */
    public RecalibrationAct(
            Terminal terminal, LocalStack stack, Configuration options, @Nullable Duration atMost) {
        this.terminal = terminal;
        this.stack = stack;
        this.atMost = atMost;
        this.unchanged =
                options.get(RerankOptions.RECALIBRATION_EPOCH).multipliedBy(UNCHANGED_EPOCHS);
    }

    /** Options with epochs that people can wait for, unless they say something else. */
    public static Configuration withShortEpochs(Configuration options) {
        Configuration complete = new Configuration(options);
        SHORT.forEach(
                (option, value) -> {
                    if (!complete.contains(option)) {
                        complete.set(option, value);
                    }
                });
        return complete;
    }

    /**
     * Plays it.
     *
     * @param stopped asked between two results
     * @return what was measured
     */
    public DemoReport.Calibration play(
            Sample sample, SampleRetriever retriever, BooleanSupplier stopped)
            throws IOException, InterruptedException {
        printHead();
        ClickProgress progress = new ClickProgress(terminal, WINDOW);
        SampleReplay replay =
                new SampleReplay(
                        sample,
                        retriever,
                        stack.kafka().bootstrapServers(),
                        stack.topics().candidateSets());
        Thread asking = new Thread(replay, "sample-replay");
        try (ClickStream stream =
                ClickStream.open(
                        new KafkaTopics(stack.kafka().bootstrapServers(), Map.of()),
                        stack.topics().rerankedResults(),
                        stack.topics().interactions(),
                        USERS,
                        DELAY)) {
            asking.start();
            progress.printHead();
            watch(stream, replay, progress, stopped);
            progress.finish();
            return measured(stream, progress);
        } finally {
            asking.interrupt();
            asking.join();
        }
    }

    private void watch(
            ClickStream stream,
            SampleReplay replay,
            ClickProgress progress,
            BooleanSupplier stopped)
            throws IOException {
        long start = System.nanoTime();
        long lastMap = start;
        while (!stopped.getAsBoolean() && !terminal.isClosed()) {
            long results = stream.results();
            int maps = progress.maps();
            List<Page> pages = stream.poll();
            replay.answered((int) (stream.results() - results));
            progress.add(pages);
            terminal.progress("  " + progress.now());
            failIfOver(stack.job());
            failIfOver(stack.recalibration());
            if (replay.failure() != null) {
                throw new IOException("The sample could not be produced", replay.failure());
            }
            long now = System.nanoTime();
            if (progress.maps() > maps) {
                lastMap = now;
            }
            boolean settled =
                    progress.maps() > 0
                            && progress.hasLineOfNewestMap()
                            && now - lastMap > unchanged.toNanos();
            if (atMost != null && (settled || now - start > atMost.toNanos())) {
                return;
            }
        }
    }

    private void printHead() {
        terminal.println("");
        terminal.println(terminal.bold("Now people click") + ", and a second job learns from it.");
        for (String line :
                List.of(
                        "The same queries again and again. Users look at rank k once in k results and",
                        "click on what is relevant. How relevant it is, no job knows:",
                        "  " + TRUTH.description(),
                        "The error is the distance of the served probabilities from that.")) {
            terminal.println(line);
        }
        terminal.println("");
    }

    private DemoReport.Calibration measured(ClickStream stream, ClickProgress progress) {
        OptionalDouble before = progress.first();
        OptionalDouble after = progress.last();
        if (before.isPresent() && after.isPresent()) {
            terminal.println("");
            terminal.println(
                    "  calibration   "
                            + terminal.bold(
                                    String.format(
                                            Locale.ROOT,
                                            "%.3f → %.3f",
                                            before.getAsDouble(),
                                            after.getAsDouble()))
                            + String.format(
                                    Locale.ROOT,
                                    " (calibration error; %,d clicks, %d maps)",
                                    stream.clicks(),
                                    progress.maps()));
        }
        return new DemoReport.Calibration(
                TRUTH.description(),
                stream.impressions(),
                stream.clicks(),
                progress.maps(),
                before.isPresent() ? (Double) before.getAsDouble() : null,
                after.isPresent() ? (Double) after.getAsDouble() : null);
    }

    private static void failIfOver(@Nullable LocalJob job) throws IOException {
        if (job != null && job.isOver()) {
            throw new IOException("The job ended", job.failure());
        }
    }
}
