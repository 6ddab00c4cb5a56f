package dev.lychee.rerank.deploy.clicks;

import dev.lychee.rerank.deploy.UserMistakeException;
import dev.lychee.rerank.deploy.clicks.Page.Interaction;
import dev.lychee.rerank.schemas.Json;
import dev.lychee.rerank.schemas.RerankedResult;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/**
 * Shows results of a topic to simulated users and writes what they do to another one: impressions
 * at once, the rest after a delay. Records are keyed by {@code query_id}.
 *
 * <p>It begins with the results that come after it was opened. Not safe for concurrent use.
 */
public final class ClickStream implements AutoCloseable {

    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(15);
    private static final Duration POLL = Duration.ofMillis(50);
    private static final String LINGER_MILLIS = "5";

    private final Population population;
    private final Duration delay;
    private final String interactions;
    private final Consumer<byte[], byte[]> consumer;
    private final Producer<byte[], byte[]> producer;
    private final Deque<Due> waiting = new ArrayDeque<>();
    private volatile @Nullable Exception notSent;
    private long results;
    private long unusable;
    private long impressions;
    private long clicks;

    /** What a user will have done at a time of {@link System#nanoTime}. */
    private record Due(Page page, long nanos) {}

    private ClickStream(
            Population population,
            Duration delay,
            String interactions,
            Consumer<byte[], byte[]> consumer,
            Producer<byte[], byte[]> producer) {
        this.population = population;
        this.delay = delay;
        this.interactions = interactions;
        this.consumer = consumer;
        this.producer = producer;
    }

    /**
     * Connects.
     *
     * @param properties further properties of the Kafka clients
     * @param results topic that is read, from its end on
     * @param interactions topic that is written
     * @param delay from a result to the clicks on it
     * @throws UserMistakeException when the broker or a topic is not there
     */
    public static ClickStream open(
            String bootstrapServers,
            Map<String, String> properties,
            String results,
            String interactions,
            Population population,
            Duration delay) {
        Consumer<byte[], byte[]> consumer = null;
        boolean opened = false;
        try {
            consumer = consumer(bootstrapServers, properties);
            Map<String, List<PartitionInfo>> topics = consumer.listTopics(CONNECT_TIMEOUT);
            require(topics, interactions, bootstrapServers);
            List<TopicPartition> partitions =
                    require(topics, results, bootstrapServers).stream()
                            .map(each -> new TopicPartition(results, each.partition()))
                            .toList();
            consumer.assign(partitions);
            consumer.seekToEnd(partitions);
            // Seeking waits for the first use; what comes from now on must be read.
            partitions.forEach(consumer::position);
            ClickStream stream =
                    new ClickStream(
                            population,
                            delay,
                            interactions,
                            consumer,
                            producer(bootstrapServers, properties));
            opened = true;
            return stream;
        } catch (TimeoutException failure) {
            throw new UserMistakeException(
                    "No Kafka broker answers at %s: check --bootstrap-servers."
                            .formatted(bootstrapServers));
        } catch (KafkaException failure) {
            Throwable cause = failure.getCause() == null ? failure : failure.getCause();
            throw new UserMistakeException(
                    "Kafka at %s cannot be used: %s: check --bootstrap-servers and -K."
                            .formatted(bootstrapServers, cause.getMessage()));
        } finally {
            if (!opened && consumer != null) {
                consumer.close();
            }
        }
    }

    /**
     * Waits a moment for results, shows them to users, and writes what is due.
     *
     * @return what the users saw and did, result by result; what they did may still wait
     * @throws IOException when an event could not be written
     */
    public List<Page> poll() throws IOException {
        List<Page> pages = new ArrayList<>();
        for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
            results++;
            Page page = look(record.value());
            if (page == null) {
                unusable++;
                continue;
            }
            impressions += page.impressions().size();
            clicks += page.clicks();
            write(page, page.impressions());
            waiting.addLast(new Due(page, System.nanoTime() + delay.toNanos()));
            pages.add(page);
        }
        while (!waiting.isEmpty() && waiting.getFirst().nanos() <= System.nanoTime()) {
            Page page = waiting.removeFirst().page();
            write(page, page.actions());
        }
        failIfNotSent();
        return pages;
    }

    /**
     * Writes at once what users have not done yet, and waits until Kafka has everything.
     *
     * @throws IOException when an event could not be written
     */
    public void finish() throws IOException {
        while (!waiting.isEmpty()) {
            Page page = waiting.removeFirst().page();
            write(page, page.actions());
        }
        producer.flush();
        failIfNotSent();
    }

    private void failIfNotSent() throws IOException {
        if (notSent != null) {
            throw new IOException("The clicks could not be written to " + interactions, notSent);
        }
    }

    /** Results that were read, whatever was in them. */
    public long results() {
        return results;
    }

    /** Records that are no results, or show nothing of which the truth is known. */
    public long unusable() {
        return unusable;
    }

    /** Documents that were shown. */
    public long impressions() {
        return impressions;
    }

    /** How many of them were clicked. */
    public long clicks() {
        return clicks;
    }

    /** Disconnects; what is not due yet is left out. */
    @Override
    public void close() {
        try {
            producer.close(CONNECT_TIMEOUT);
        } finally {
            consumer.close();
        }
    }

    /** What a user sees; null when the record is no result, or nothing can be said about it. */
    private @Nullable Page look(byte @Nullable [] value) {
        if (value == null) {
            return null;
        }
        try {
            RerankedResult result = Json.mapper().readValue(value, RerankedResult.class);
            return result == null
                            || result.requestId() == null
                            || result.calibration() == null
                            || result.results() == null
                            || result.results().contains(null)
                    ? null
                    : population.look(result);
        } catch (IOException notAResult) {
            return null;
        }
    }

    @SuppressWarnings("FutureReturnValueIgnored") // the callback gets the failure
    private void write(Page page, List<Interaction> done) throws IOException {
        byte[] key = page.requestId().getBytes(StandardCharsets.UTF_8);
        for (Interaction each : done) {
            byte[] event = Json.mapper().writeValueAsBytes(UbiEvent.of(page, each, Instant.now()));
            producer.send(
                    new ProducerRecord<>(interactions, key, event),
                    (written, failure) -> {
                        if (failure != null) {
                            notSent = failure;
                        }
                    });
        }
    }

    private static List<PartitionInfo> require(
            Map<String, List<PartitionInfo>> topics, String topic, String bootstrapServers) {
        List<PartitionInfo> partitions = topics.get(topic);
        if (partitions == null || partitions.isEmpty()) {
            throw new UserMistakeException(
                    "There is no topic %s at %s: create it, or name another."
                            .formatted(topic, bootstrapServers));
        }
        return partitions;
    }

    private static Consumer<byte[], byte[]> consumer(
            String bootstrapServers, Map<String, String> properties) {
        Map<String, Object> all = new HashMap<>(properties);
        all.put(ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers);
        all.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
        all.put(
                ConsumerConfig.DEFAULT_API_TIMEOUT_MS_CONFIG,
                Math.toIntExact(CONNECT_TIMEOUT.toMillis()));
        return new KafkaConsumer<>(all, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }

    private static Producer<byte[], byte[]> producer(
            String bootstrapServers, Map<String, String> properties) {
        Map<String, Object> all = new HashMap<>(properties);
        all.put(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers);
        all.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, CONNECT_TIMEOUT.toMillis());
        all.putIfAbsent(ProducerConfig.LINGER_MS_CONFIG, LINGER_MILLIS);
        return new KafkaProducer<>(all, new ByteArraySerializer(), new ByteArraySerializer());
    }
}
