package dev.lychee.rerank.deploy.local;

import dev.lychee.rerank.job.RecalibrationJob;
import dev.lychee.rerank.job.RerankJob;
import dev.lychee.rerank.job.RerankOptions;
import dev.lychee.rerank.operators.scoring.ScorerFactory;
import dev.lychee.rerank.operators.scoring.model.PackageScorerFactory;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.function.BooleanSupplier;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.jspecify.annotations.Nullable;

/**
 * A Kafka broker with the topics, a Flink cluster, and the rerank job between them, all in this
 * JVM.
 */
public final class LocalStack implements AutoCloseable {

    /** More than the local parallelism, so that it can be raised. */
    private static final int PARTITIONS = 4;

    /** How far back calibration maps can be listed and rolled back to. */
    private static final Duration MAP_HISTORY = Duration.ofDays(7);

    private final LocalKafka kafka;
    private final LocalFlink flink;
    private final LocalJob job;
    private final Topics topics;
    private @Nullable LocalJob recalibration;

    /**
     * Names of the job's topics.
     *
     * @param candidateSets what the job reads
     * @param rerankedResults what it writes
     * @param deadLetters what it could not use
     * @param control by which its profiles are changed; it has one partition
     * @param controlReplies what it answers to that
     * @param calibrationMaps the maps that hold, and those of the last week; it has one partition
     *     and is compacted
     * @param interactions what users did, for the recalibrate job
     * @param experimentResults what the recalibrate job says of experiments; compacted
     */
    public record Topics(
            String candidateSets,
            String rerankedResults,
            String deadLetters,
            String control,
            String controlReplies,
            String calibrationMaps,
            String interactions,
            String experimentResults) {

        /**
         * Creates them.
         *
         * @param partitions of the topics of sets, results, dead letters and interactions
         */
        public void create(LocalKafka kafka, int partitions) throws IOException {
            kafka.createTopics(
                    partitions, List.of(candidateSets, rerankedResults, deadLetters, interactions));
            kafka.createTopics(1, List.of(control, controlReplies));
            kafka.createCompactedTopic(calibrationMaps, MAP_HISTORY);
            kafka.createCompactedTopic(experimentResults, Duration.ZERO);
        }

        static Topics of(Configuration options) {
            return new Topics(
                    options.get(RerankOptions.KAFKA_CANDIDATE_SETS),
                    options.get(RerankOptions.KAFKA_RERANKED_RESULTS),
                    options.get(RerankOptions.KAFKA_DEAD_LETTERS),
                    options.get(RerankOptions.KAFKA_CONTROL),
                    options.get(RerankOptions.KAFKA_CONTROL_REPLIES),
                    options.get(RerankOptions.KAFKA_CALIBRATION_MAPS),
                    options.get(RerankOptions.KAFKA_INTERACTIONS),
                    options.get(RerankOptions.KAFKA_EXPERIMENT_RESULTS));
        }
    }

    private LocalStack(LocalKafka kafka, LocalFlink flink, LocalJob job, Topics topics) {
        this.kafka = kafka;
        this.flink = flink;
        this.job = job;
        this.topics = topics;
    }

    /**
     * Starts everything; the job may still be loading its model when this returns.
     *
     * @param options options of the job, and of Flink where they shall differ from those of the
     *     local cluster
     * @throws dev.lychee.rerank.job.InvalidOptionException when an option is wrong; nothing runs
     *     then
     */
    public static LocalStack start(int kafkaPort, int uiPort, Configuration options)
            throws IOException {
        return Objects.requireNonNull(startUnless(() -> false, kafkaPort, uiPort, options));
    }

    /**
     * As {@link #start}, but gives up when somebody wants it.
     *
     * @param cancelled asked between the steps
     * @return null when it was cancelled; nothing runs then
     */
    public static @Nullable LocalStack startUnless(
            BooleanSupplier cancelled, int kafkaPort, int uiPort, Configuration options)
            throws IOException {
        return startUnless(cancelled, kafkaPort, uiPort, options, new PackageScorerFactory());
    }

    /** The same with another way to load a model. */
    public static @Nullable LocalStack startUnless(
            BooleanSupplier cancelled,
            int kafkaPort,
            int uiPort,
            Configuration options,
            ScorerFactory scorers)
            throws IOException {
        LocalFlink flink = null;
        LocalKafka kafka = null;
        LocalStack stack = null;
        try {
            flink = LocalFlink.start(uiPort, options);
            Configuration complete = new Configuration(options);
            complete.set(RerankOptions.KAFKA_BOOTSTRAP_SERVERS, LocalKafka.address(kafkaPort));
            StreamExecutionEnvironment environment = flink.environment();
            if (!cancelled.getAsBoolean()) {
                RerankJob.build(environment, complete, scorers);
            }
            if (!cancelled.getAsBoolean()) {
                kafka = LocalKafka.start(kafkaPort);
            }
            if (kafka != null && !cancelled.getAsBoolean()) {
                Topics topics = Topics.of(complete);
                topics.create(kafka, PARTITIONS);
                LocalJob job = flink.submit(environment, "lychee rerank");
                stack = new LocalStack(kafka, flink, job, topics);
            }
        } catch (IOException | RuntimeException | LinkageError failure) {
            // Libraries cannot register shutdown hooks any more once Ctrl-C was pressed.
            if (!cancelled.getAsBoolean()) {
                throw failure;
            }
        } finally {
            if (stack == null) {
                stop(kafka, flink);
            }
        }
        return stack;
    }

    private static void stop(@Nullable LocalKafka kafka, @Nullable LocalFlink flink)
            throws IOException {
        try {
            if (flink != null) {
                flink.close();
            }
        } finally {
            if (kafka != null) {
                kafka.close();
            }
        }
    }

    /**
     * Runs the recalibrate job too.
     *
     * @param options those of the rerank job; both take what is theirs
     * @throws dev.lychee.rerank.job.InvalidOptionException when an option is wrong
     */
    public void recalibrate(Configuration options) throws IOException {
        Configuration complete = new Configuration(options);
        complete.set(RerankOptions.KAFKA_BOOTSTRAP_SERVERS, kafka.bootstrapServers());
        StreamExecutionEnvironment environment = flink.environment();
        RecalibrationJob.build(environment, complete);
        recalibration = flink.submit(environment, "lychee recalibrate");
    }

    public LocalKafka kafka() {
        return kafka;
    }

    public LocalFlink flink() {
        return flink;
    }

    public LocalJob job() {
        return job;
    }

    /** The recalibrate job; null unless it was started. */
    public @Nullable LocalJob recalibration() {
        return recalibration;
    }

    public Topics topics() {
        return topics;
    }

    /** Cancels the jobs, then stops Flink, then Kafka. */
    @Override
    public void close() throws IOException {
        try {
            if (recalibration != null) {
                recalibration.cancel();
            }
            job.cancel();
        } finally {
            stop(kafka, flink);
        }
    }
}
