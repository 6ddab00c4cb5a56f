package dev.lychee.rerank.deploy.bench;

import dev.lychee.rerank.deploy.bench.Workload.Query;
import dev.lychee.rerank.deploy.local.LocalStack;
import dev.lychee.rerank.deploy.local.LocalStack.Topics;
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
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
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

    private final Target target;
    private final KafkaProducer<byte[], byte[]> producer;
    private final KafkaConsumer<byte[], byte[]> consumer;

    /** Sets without a result. */
    private final Map<String, Sent> open = new ConcurrentHashMap<>();

    private final BooleanSupplier stopped;

    /** Of the sender, of which there is one at a time. */
    private long sets;

    private volatile @Nullable Exception failure;

    /** The job that is measured. */
    interface Target {

        String bootstrapServers();

        Topics topics();

        /**
         * Asked all the time while results are waited for.
         *
         * @throws IOException if the job is over
         */
        void requireRunning() throws IOException;
    }

    /**
     * A result.
     *
     * @param pairs of its set
     * @param sentSeconds when its set was sent, from the start of the window
     * @param receivedSeconds when it came, from the start of the window
     * @param latencyMillis from when its set was due to be sent
     * @param ageMillis from the timestamp of its set's record, by which deadlines count
     * @param receipt what it says of itself
     */
    record Answer(
            int pairs,
            double sentSeconds,
            double receivedSeconds,
            double latencyMillis,
            long ageMillis,
            Receipt receipt) {}

    /**
     * What happened while sets were sent, and until the last of their results.
     *
     * @param pairsPerSecond pairs of the results that came while sets were sent
     * @param lostAt when the sets that never had a result were sent, in seconds from the start
     */
    record Outcome(double pairsPerSecond, List<Double> lostAt) {}

    /**
     * One window of load.
     *
     * @param pairsPerSecond pairs of the results that came while sets were sent
     * @param answers in order of receipt
     */
    record Window(double pairsPerSecond, List<Answer> answers) {}

    /** A rate for some time. */
    record Phase(double pairsPerSecond, Duration duration) {}

    private record Sent(int pairs, long dueNanos, long sentNanos, long timestamp) {}

    /** When the next set is to be sent. */
    private interface Pace {

        /** Waits for the time of a set of so many pairs, which it returns. */
        long await(int pairs) throws InterruptedException;

        /** A result came. */
        default void answered() {}
    }

    private PipelineLoad(
            Target target,
            KafkaProducer<byte[], byte[]> producer,
            KafkaConsumer<byte[], byte[]> consumer,
            BooleanSupplier stopped) {
        this.target = target;
        this.producer = producer;
        this.consumer = consumer;
        this.stopped = stopped;
    }

    /**
     * @param stopped whether the user no longer wants it
     */
    static PipelineLoad connect(LocalStack stack, BooleanSupplier stopped) {
        return connect(
                new Target() {
                    @Override
                    public String bootstrapServers() {
                        return stack.kafka().bootstrapServers();
                    }

                    @Override
                    public Topics topics() {
                        return stack.topics();
                    }

                    @Override
                    public void requireRunning() throws IOException {
                        if (stack.job().isOver()) {
                            throw new IOException("The job ended", stack.job().failure());
                        }
                    }
                },
                stopped);
    }

    static PipelineLoad connect(Target target, BooleanSupplier stopped) {
        KafkaProducer<byte[], byte[]> producer =
                new KafkaProducer<>(
                        Map.of(
                                ProducerConfig.BOOTSTRAP_SERVERS_CONFIG,
                                target.bootstrapServers(),
                                ProducerConfig.LINGER_MS_CONFIG,
                                0),
                        new ByteArraySerializer(),
                        new ByteArraySerializer());
        KafkaConsumer<byte[], byte[]> consumer =
                new KafkaConsumer<>(
                        Map.of(ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, target.bootstrapServers()),
                        new ByteArrayDeserializer(),
                        new ByteArrayDeserializer());
        List<TopicPartition> partitions = new ArrayList<>();
        for (String topic :
                List.of(target.topics().rerankedResults(), target.topics().deadLetters())) {
            for (PartitionInfo partition : consumer.partitionsFor(topic)) {
                partitions.add(new TopicPartition(topic, partition.partition()));
            }
        }
        consumer.assign(partitions);
        consumer.seekToBeginning(partitions);
        return new PipelineLoad(target, producer, consumer, stopped);
    }

    /** A new set for each result, so that always {@code outstanding} are open. */
    Window closedLoop(Supplier<Query> queries, int outstanding, Duration duration)
            throws IOException, InterruptedException {
        List<Answer> answers = new ArrayList<>();
        return window(closedLoop(queries, outstanding, duration, answers::add), answers);
    }

    /** The same, for so long that its results are better not kept. */
    Outcome closedLoop(
            Supplier<Query> queries, int outstanding, Duration duration, Consumer<Answer> each)
            throws IOException, InterruptedException {
        Semaphore free = new Semaphore(outstanding);
        Pace pace =
                new Pace() {
                    @Override
                    public long await(int pairs) throws InterruptedException {
                        free.acquire();
                        return System.nanoTime();
                    }

                    @Override
                    public void answered() {
                        free.release();
                    }
                };
        return requireAll(run(queries, null, duration, pace, each));
    }

    /** So many pairs per second, whether or not results keep up. */
    Window openLoop(Supplier<Query> queries, double pairsPerSecond, Duration duration)
            throws IOException, InterruptedException {
        List<Answer> answers = new ArrayList<>();
        Phase phase = new Phase(pairsPerSecond, duration);
        Outcome outcome = run(queries, null, duration, new Schedule(List.of(phase)), answers::add);
        return window(requireAll(outcome), answers);
    }

    /**
     * One rate after the other without a pause, whether or not results keep up; a set without a
     * result does not end it.
     *
     * @param deadlineMillis of each set, from its record's timestamp
     */
    Outcome openLoop(
            Supplier<Query> queries, long deadlineMillis, List<Phase> phases, Consumer<Answer> each)
            throws IOException, InterruptedException {
        Duration all = phases.stream().map(Phase::duration).reduce(Duration.ZERO, Duration::plus);
        return run(queries, deadlineMillis, all, new Schedule(phases), each);
    }

    private static Outcome requireAll(Outcome outcome) throws IOException {
        if (!outcome.lostAt().isEmpty()) {
            throw new IOException(
                    "%d sets have no result %d s after the last was sent"
                            .formatted(outcome.lostAt().size(), DRAIN.toSeconds()));
        }
        return outcome;
    }

    private static Window window(Outcome outcome, List<Answer> answers) throws IOException {
        if (answers.isEmpty()) {
            throw new IOException("No result came: the duration is too short for this machine");
        }
        return new Window(outcome.pairsPerSecond(), answers);
    }

    private Outcome run(
            Supplier<Query> queries,
            @Nullable Long deadlineMillis,
            Duration duration,
            Pace pace,
            Consumer<Answer> each)
            throws IOException, InterruptedException {
        long start = System.nanoTime();
        long end = start + Math.max(1, duration.toNanos());
        Thread sender = new Thread(() -> send(queries, deadlineMillis, pace, end), "bench-sender");
        long pairsInTime = 0;
        sender.start();
        try {
            while (sender.isAlive() || !open.isEmpty()) {
                for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
                    long now = System.nanoTime();
                    long nowMillis = System.currentTimeMillis();
                    requireResult(record);
                    Sent sent = open.remove(new String(record.key(), StandardCharsets.UTF_8));
                    if (sent == null) {
                        continue;
                    }
                    pace.answered();
                    each.accept(
                            new Answer(
                                    sent.pairs(),
                                    (sent.sentNanos() - start) / 1e9,
                                    (now - start) / 1e9,
                                    (now - sent.dueNanos()) / 1e6,
                                    nowMillis - sent.timestamp(),
                                    Receipt.read(record.value())));
                    if (now <= end) {
                        pairsInTime += sent.pairs();
                    }
                }
                requireRunning();
                if (System.nanoTime() - end > DRAIN.toNanos()) {
                    break;
                }
            }
        } finally {
            sender.interrupt();
            sender.join();
        }
        List<Double> lostAt =
                open.values().stream().map(sent -> (sent.sentNanos() - start) / 1e9).toList();
        open.clear();
        return new Outcome(pairsInTime * 1e9 / (end - start), lostAt);
    }

    private void requireResult(ConsumerRecord<byte[], byte[]> record) throws IOException {
        if (record.topic().equals(target.topics().deadLetters())) {
            throw new IOException(
                    "A set was refused: " + new String(record.value(), StandardCharsets.UTF_8));
        }
    }

    private void requireRunning() throws IOException, InterruptedException {
        if (stopped.getAsBoolean()) {
            throw new InterruptedException("The measurement was stopped");
        }
        Exception notSent = failure;
        if (notSent != null) {
            throw new IOException("A set could not be sent", notSent);
        }
        target.requireRunning();
    }

    private void send(Supplier<Query> queries, @Nullable Long deadlineMillis, Pace pace, long end) {
        try {
            while (System.nanoTime() < end) {
                Query query = queries.get();
                String requestId = "bench-" + sets++;
                byte[] message =
                        CandidateSetCodec.encode(candidateSet(requestId, query, deadlineMillis));
                long due = pace.await(query.documents().size());
                if (due >= end || Thread.currentThread().isInterrupted()) {
                    return;
                }
                long timestamp = System.currentTimeMillis();
                open.put(
                        requestId,
                        new Sent(query.documents().size(), due, System.nanoTime(), timestamp));
                var unused =
                        producer.send(
                                new ProducerRecord<>(
                                        target.topics().candidateSets(),
                                        null,
                                        timestamp,
                                        requestId.getBytes(StandardCharsets.UTF_8),
                                        message),
                                (metadata, notSent) -> {
                                    if (notSent != null) {
                                        failure = notSent;
                                    }
                                });
            }
        } catch (InterruptedException | InterruptException over) {
            Thread.currentThread().interrupt();
        }
    }

    private static CandidateSet candidateSet(
            String requestId, Query query, @Nullable Long deadlineMillis) {
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
                deadlineMillis,
                SetContext.EMPTY,
                Overrides.NONE,
                Shard.WHOLE);
    }

    @Override
    public void close() {
        producer.close(Duration.ofSeconds(10));
        consumer.close();
    }

    /** Rates one after the other, from when it is made. A set that is late is sent at once. */
    private static final class Schedule implements Pace {

        private final List<Phase> phases;
        private final long start = System.nanoTime();

        /** When the next set is due, from the start. */
        private double nextNanos;

        Schedule(List<Phase> phases) {
            this.phases = phases;
        }

        @Override
        public long await(int pairs) {
            long due = start + (long) nextNanos;
            nextNanos += 1e9 * pairs / rateAt(nextNanos);
            for (long left = due - System.nanoTime();
                    left > 0 && !Thread.currentThread().isInterrupted();
                    left = due - System.nanoTime()) {
                LockSupport.parkNanos(left);
            }
            return due;
        }

        private double rateAt(double nanos) {
            double from = 0;
            for (Phase phase : phases) {
                from += phase.duration().toNanos();
                if (nanos < from) {
                    return phase.pairsPerSecond();
                }
            }
            return phases.get(phases.size() - 1).pairsPerSecond();
        }
    }
}
