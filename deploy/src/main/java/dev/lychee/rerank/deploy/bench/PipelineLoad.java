package dev.lychee.rerank.deploy.bench;

import dev.lychee.rerank.deploy.bench.Workload.Query;
import dev.lychee.rerank.deploy.local.LocalStack;
import dev.lychee.rerank.schemas.Candidate;
import dev.lychee.rerank.schemas.CandidateSet;
import dev.lychee.rerank.schemas.CandidateSetCodec;
import dev.lychee.rerank.schemas.Overrides;
import dev.lychee.rerank.schemas.SetContext;
import dev.lychee.rerank.schemas.Shard;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/**
 * Sends sets to a running job and receives their results. One thread uses it; a thread of its own
 * sends while that one receives.
 */
final class PipelineLoad implements AutoCloseable {

    private static final Duration POLL = Duration.ofMillis(10);
    private static final Duration DRAIN = Duration.ofMinutes(2);

    private final LocalStack stack;
    private final KafkaProducer<byte[], byte[]> producer;
    private final KafkaConsumer<byte[], byte[]> consumer;

    /** When each open set was due. */
    private final Map<String, Long> dueNanos = new ConcurrentHashMap<>();

    private final BooleanSupplier stopped;

    private long sets;
    private volatile @Nullable Exception failure;

    /**
     * One window of load.
     *
     * @param pairsPerSecond pairs of the results that came while sets were sent
     * @param latencyMillis from when a set was due to its result, one per result
     * @param results the results' messages
     */
    record Window(double pairsPerSecond, List<Double> latencyMillis, List<byte[]> results) {}

    /** When the next set is to be sent. */
    private interface Pace {

        /** Waits for its time, which it returns. */
        long await() throws InterruptedException;

        /** A result came. */
        default void answered() {}
    }

    private PipelineLoad(
            LocalStack stack,
            KafkaProducer<byte[], byte[]> producer,
            KafkaConsumer<byte[], byte[]> consumer,
            BooleanSupplier stopped) {
        this.stack = stack;
        this.producer = producer;
        this.consumer = consumer;
        this.stopped = stopped;
    }

    static PipelineLoad connect(LocalStack stack, BooleanSupplier stopped) {
        String servers = stack.kafka().bootstrapServers();
        KafkaProducer<byte[], byte[]> producer =
                new KafkaProducer<>(
                        Map.of(
                                ProducerConfig.BOOTSTRAP_SERVERS_CONFIG,
                                servers,
                                ProducerConfig.LINGER_MS_CONFIG,
                                0),
                        new ByteArraySerializer(),
                        new ByteArraySerializer());
        KafkaConsumer<byte[], byte[]> consumer =
                new KafkaConsumer<>(
                        Map.of(ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, servers),
                        new ByteArrayDeserializer(),
                        new ByteArrayDeserializer());
        List<TopicPartition> partitions = new ArrayList<>();
        for (String topic :
                List.of(stack.topics().rerankedResults(), stack.topics().deadLetters())) {
            for (PartitionInfo partition : consumer.partitionsFor(topic)) {
                partitions.add(new TopicPartition(topic, partition.partition()));
            }
        }
        consumer.assign(partitions);
        consumer.seekToBeginning(partitions);
        return new PipelineLoad(stack, producer, consumer, stopped);
    }

    /** A new set for each result, so that always {@code outstanding} are open. */
    Window closedLoop(List<Query> queries, int outstanding, Duration duration)
            throws IOException, InterruptedException {
        Semaphore free = new Semaphore(outstanding);
        return run(
                queries,
                duration,
                new Pace() {
                    @Override
                    public long await() throws InterruptedException {
                        free.acquire();
                        return System.nanoTime();
                    }

                    @Override
                    public void answered() {
                        free.release();
                    }
                });
    }

    /** So many pairs per second, whether or not results keep up. */
    Window openLoop(List<Query> queries, double pairsPerSecond, Duration duration)
            throws IOException, InterruptedException {
        double interval = 1e9 * queries.get(0).documents().size() / pairsPerSecond;
        long start = System.nanoTime();
        return run(
                queries,
                duration,
                new Pace() {
                    private long sent;

                    @Override
                    public long await() {
                        long due = start + (long) (sent++ * interval);
                        for (long left = due - System.nanoTime();
                                left > 0 && !Thread.currentThread().isInterrupted();
                                left = due - System.nanoTime()) {
                            LockSupport.parkNanos(left);
                        }
                        return due;
                    }
                });
    }

    private Window run(List<Query> queries, Duration duration, Pace pace)
            throws IOException, InterruptedException {
        long start = System.nanoTime();
        long end = start + Math.max(1, duration.toNanos());
        Thread sender = new Thread(() -> send(queries, pace, end), "bench-sender");
        List<Double> latencies = new ArrayList<>();
        List<byte[]> results = new ArrayList<>();
        long pairsInTime = 0;
        sender.start();
        try {
            while (sender.isAlive() || !dueNanos.isEmpty()) {
                for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
                    long now = System.nanoTime();
                    if (record.topic().equals(stack.topics().deadLetters())) {
                        throw new IOException(
                                "A set was refused: "
                                        + new String(record.value(), StandardCharsets.UTF_8));
                    }
                    Long due = dueNanos.remove(new String(record.key(), StandardCharsets.UTF_8));
                    if (due == null) {
                        continue;
                    }
                    pace.answered();
                    latencies.add((now - due) / 1e6);
                    results.add(record.value());
                    if (now <= end) {
                        pairsInTime += queries.get(0).documents().size();
                    }
                }
                requireRunning(end);
            }
        } finally {
            sender.interrupt();
            sender.join();
        }
        if (results.isEmpty()) {
            throw new IOException("No result came: the duration is too short for this machine");
        }
        return new Window(pairsInTime * 1e9 / (end - start), latencies, results);
    }

    private void requireRunning(long end) throws IOException, InterruptedException {
        if (stopped.getAsBoolean()) {
            throw new InterruptedException("The measurement was stopped");
        }
        Exception notSent = failure;
        if (notSent != null) {
            throw new IOException("A set could not be sent", notSent);
        }
        if (stack.job().isOver()) {
            throw new IOException("The job ended", stack.job().failure());
        }
        if (System.nanoTime() - end > DRAIN.toNanos()) {
            throw new IOException(
                    "%d sets have no result %d s after the last was sent"
                            .formatted(dueNanos.size(), DRAIN.toSeconds()));
        }
    }

    private void send(List<Query> queries, Pace pace, long end) {
        try {
            while (System.nanoTime() < end) {
                long due = pace.await();
                if (due >= end || Thread.currentThread().isInterrupted()) {
                    return;
                }
                String requestId = "bench-" + sets;
                Query query = queries.get((int) (sets++ % queries.size()));
                byte[] message = CandidateSetCodec.encode(candidateSet(requestId, query));
                dueNanos.put(requestId, due);
                var unused =
                        producer.send(
                                new ProducerRecord<>(
                                        stack.topics().candidateSets(),
                                        requestId.getBytes(StandardCharsets.UTF_8),
                                        message),
                                (metadata, notSent) -> {
                                    if (notSent != null) {
                                        failure = notSent;
                                    }
                                });
            }
        } catch (InterruptedException over) {
            Thread.currentThread().interrupt();
        }
    }

    private static CandidateSet candidateSet(String requestId, Query query) {
        List<Candidate> candidates = new ArrayList<>(query.documents().size());
        for (String document : query.documents()) {
            candidates.add(Candidate.ofText("sku-" + candidates.size(), document));
        }
        return new CandidateSet(
                requestId,
                null,
                dev.lychee.rerank.schemas.Query.ofText(query.text()),
                candidates,
                null,
                null,
                null,
                null,
                null,
                SetContext.EMPTY,
                Overrides.NONE,
                Shard.WHOLE);
    }

    @Override
    public void close() {
        producer.close(Duration.ofSeconds(10));
        consumer.close();
    }
}
