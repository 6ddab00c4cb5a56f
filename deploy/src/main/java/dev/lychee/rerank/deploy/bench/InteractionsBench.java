package dev.lychee.rerank.deploy.bench;

import dev.lychee.rerank.deploy.local.LocalFlink;
import dev.lychee.rerank.deploy.local.LocalJob;
import dev.lychee.rerank.deploy.local.LocalKafka;
import dev.lychee.rerank.job.RecalibrationJob;
import dev.lychee.rerank.job.RecalibrationTopology;
import dev.lychee.rerank.job.RerankOptions;
import dev.lychee.rerank.operators.recalibration.RecalibrationSettings;
import dev.lychee.rerank.schemas.flow.InteractionEvent;
import dev.lychee.rerank.schemas.flow.ServedResult;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.CoreOptions;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.functions.sink.v2.DiscardingSink;
import org.apache.flink.util.Collector;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * How many interactions per second the recalibrate job takes: parsed ones through join, cap,
 * aggregation and fit; and from the bytes in Kafka through all of the job.
 */
public final class InteractionsBench {

    private static final int PARTITIONS = 2;
    private static final Duration DISORDER = Duration.ofSeconds(30);
    private static final Duration CHECKPOINT_EVERY = Duration.ofMillis(500);
    private static final long POLL_MILLIS = 20;

    /** So long without progress is an error. */
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    /**
     * What to measure.
     *
     * @param requests results in a round, ten documents each
     * @param rounds how often each is measured, after once to warm up
     * @param parallelism of the job
     * @param options of the job and of Flink
     */
    public record Options(long requests, int rounds, int parallelism, Configuration options) {}

    private final Options options;
    private final Consumer<String> progress;
    private final ClickFeed feed;

    /** A measurement that says what it is at to {@code progress}. */
    public InteractionsBench(Options options, Consumer<String> progress) {
        this.options = options;
        this.progress = progress;
        // Brokers throw records away whose timestamps are old.
        this.feed = ClickFeed.endingAt(System.currentTimeMillis(), options.requests());
    }

    /**
     * Measures both.
     *
     * @param stopped whether the user no longer wants it
     * @throws InterruptedException soon after {@code stopped}
     */
    public InteractionsBenchReport run(BooleanSupplier stopped)
            throws IOException, InterruptedException {
        Machine machine = Machine.now();
        long events = 0;
        for (long request = 0; request < options.requests(); request++) {
            events += feed.events(request).size();
        }
        List<Double> parsed = new ArrayList<>();
        List<Double> fromKafka = new ArrayList<>();
        for (int round = 0; round <= options.rounds(); round++) {
            String name =
                    round == 0 ? "Warming up" : "Round %d of %d".formatted(round, options.rounds());
            progress.accept(name + ": parsed interactions");
            double parsedRate = parsed(events, stopped);
            progress.accept(name + ": from Kafka");
            double kafkaRate = fromKafka(events, stopped);
            if (round > 0) {
                parsed.add(parsedRate);
                fromKafka.add(kafkaRate);
            }
        }
        return new InteractionsBenchReport(
                machine,
                options.parallelism(),
                options.requests(),
                events,
                Spread.of(parsed),
                Spread.of(fromKafka));
    }

    /** Bounded streams of what decoding would give, until the job has finished. */
    private double parsed(long events, BooleanSupplier stopped)
            throws IOException, InterruptedException {
        try (LocalFlink flink = LocalFlink.start(0, flinkOptions())) {
            StreamExecutionEnvironment env = flink.environment();
            env.getConfig().enableObjectReuse();
            ClickFeed shop = feed;
            RecalibrationSettings settings = RecalibrationJob.settings(options.options());
            DataStream<ServedResult> served =
                    env.fromSequence(0, options.requests() - 1)
                            .uid("results")
                            .map(request -> shop.served(request))
                            .returns(TypeInformation.of(ServedResult.class))
                            .uid("make-results")
                            .assignTimestampsAndWatermarks(
                                    WatermarkStrategy.<ServedResult>forBoundedOutOfOrderness(
                                                    DISORDER)
                                            .withTimestampAssigner(
                                                    (result, before) -> result.servedMillis()))
                            .uid("time-of-results");
            DataStream<InteractionEvent> interactions =
                    env.fromSequence(0, options.requests() - 1)
                            .uid("requests")
                            .flatMap(
                                    (Long request, Collector<InteractionEvent> out) ->
                                            shop.events(request).forEach(out::collect))
                            .returns(TypeInformation.of(InteractionEvent.class))
                            .uid("make-interactions")
                            .assignTimestampsAndWatermarks(
                                    WatermarkStrategy.<InteractionEvent>forBoundedOutOfOrderness(
                                                    DISORDER)
                                            .withTimestampAssigner(
                                                    (event, before) -> event.timestampMillis()))
                            .uid("time-of-interactions");
            RecalibrationTopology.maps(
                            RecalibrationTopology.join(served, interactions, settings), settings)
                    .sinkTo(new DiscardingSink<>())
                    .uid("maps");
            long start = System.nanoTime();
            LocalJob job = flink.submit(env, "interactions");
            while (!job.isOver()) {
                pause(stopped);
            }
            if (job.failure() != null) {
                throw new IOException("The job failed", job.failure());
            }
            return events / ((System.nanoTime() - start) / 1e9);
        }
    }

    /** The job itself, on topics that are full, from its first commit to its last. */
    private double fromKafka(long events, BooleanSupplier stopped)
            throws IOException, InterruptedException {
        try (LocalKafka kafka = LocalKafka.start();
                Admin admin = kafka.admin();
                LocalFlink flink = LocalFlink.start(0, flinkOptions())) {
            Configuration complete = new Configuration(options.options());
            complete.set(RerankOptions.KAFKA_BOOTSTRAP_SERVERS, kafka.bootstrapServers());
            complete.set(RerankOptions.KAFKA_START_FROM, RerankOptions.StartFrom.EARLIEST);
            String interactions = complete.get(RerankOptions.KAFKA_INTERACTIONS);
            String results = complete.get(RerankOptions.KAFKA_RERANKED_RESULTS);
            kafka.createTopics(
                    PARTITIONS,
                    List.of(interactions, results, complete.get(RerankOptions.KAFKA_DEAD_LETTERS)));
            kafka.createCompactedTopic(
                    complete.get(RerankOptions.KAFKA_CALIBRATION_MAPS), Duration.ZERO);
            fill(kafka, interactions, results, stopped);
            StreamExecutionEnvironment env = flink.environment();
            RecalibrationJob.build(env, complete);
            LocalJob job = flink.submit(env, "interactions");
            Commits commits = new Commits(admin, RecalibrationJob.groupId(complete), interactions);
            long first = 0;
            long firstNanos = 0;
            long last = 0;
            long lastNanos = System.nanoTime();
            while (last < events) {
                pause(stopped);
                long committed = commits.read();
                if (committed > last) {
                    last = committed;
                    lastNanos = System.nanoTime();
                    if (first == 0) {
                        first = last;
                        firstNanos = lastNanos;
                    }
                }
                if (job.isOver()) {
                    throw new IOException("The job ended", job.failure());
                }
                if (System.nanoTime() - lastNanos > PATIENCE.toNanos()) {
                    throw new IOException(
                            "The job read %d of %d interactions and no more"
                                    .formatted(last, events));
                }
            }
            job.cancel();
            if (first == last) {
                throw new IOException(
                        "The job was done before its first checkpoint; more requests are needed");
            }
            return (last - first) / ((lastNanos - firstNanos) / 1e9);
        }
    }

    private void fill(
            LocalKafka kafka, String interactions, String results, BooleanSupplier stopped)
            throws IOException, InterruptedException {
        try (KafkaProducer<byte[], byte[]> producer =
                new KafkaProducer<>(
                        Map.of(
                                ProducerConfig.BOOTSTRAP_SERVERS_CONFIG,
                                kafka.bootstrapServers(),
                                ProducerConfig.LINGER_MS_CONFIG,
                                10),
                        new ByteArraySerializer(),
                        new ByteArraySerializer())) {
            AtomicReference<Exception> failure = new AtomicReference<>();
            for (long request = 0; request < options.requests(); request++) {
                if (stopped.getAsBoolean()) {
                    throw new InterruptedException();
                }
                byte[] key = ClickFeed.id(request).getBytes(StandardCharsets.UTF_8);
                send(
                        producer,
                        new ProducerRecord<>(
                                results, null, feed.millis(request), key, feed.resultJson(request)),
                        failure);
                for (InteractionEvent event : feed.events(request)) {
                    send(
                            producer,
                            new ProducerRecord<>(
                                    interactions,
                                    null,
                                    event.timestampMillis(),
                                    key,
                                    ClickFeed.eventJson(event)),
                            failure);
                }
            }
            producer.flush();
            if (failure.get() != null) {
                throw new IOException("The feed could not be written", failure.get());
            }
        }
    }

    private static void send(
            KafkaProducer<byte[], byte[]> producer,
            ProducerRecord<byte[], byte[]> message,
            AtomicReference<Exception> failure) {
        var unused =
                producer.send(
                        message,
                        (metadata, notSent) -> {
                            if (notSent != null) {
                                failure.set(notSent);
                            }
                        });
    }

    private Configuration flinkOptions() {
        Configuration flink = new Configuration(options.options());
        flink.set(CoreOptions.DEFAULT_PARALLELISM, options.parallelism());
        flink.set(CheckpointingOptions.CHECKPOINTING_INTERVAL, CHECKPOINT_EVERY);
        return flink;
    }

    private static void pause(BooleanSupplier stopped) throws InterruptedException {
        if (stopped.getAsBoolean()) {
            throw new InterruptedException();
        }
        Thread.sleep(POLL_MILLIS);
    }

    /** How far the job has read, as its checkpoints tell the broker. */
    private record Commits(Admin admin, String groupId, String topic) {

        long read() throws IOException, InterruptedException {
            try {
                return admin
                        .listConsumerGroupOffsets(groupId)
                        .partitionsToOffsetAndMetadata()
                        .get()
                        .entrySet()
                        .stream()
                        .filter(each -> each.getKey().topic().equals(topic))
                        .mapToLong(each -> each.getValue().offset())
                        .sum();
            } catch (ExecutionException e) {
                throw new IOException("The broker does not say how far the job has read", e);
            }
        }
    }
}
