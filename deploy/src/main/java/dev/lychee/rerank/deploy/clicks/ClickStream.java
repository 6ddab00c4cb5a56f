package dev.lychee.rerank.deploy.clicks;

import dev.lychee.rerank.deploy.UserMistakeException;
import dev.lychee.rerank.deploy.clicks.Page.Interaction;
import dev.lychee.rerank.deploy.kafka.KafkaTopics;
import dev.lychee.rerank.schemas.Json;
import dev.lychee.rerank.schemas.RerankedResult;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * Shows results of a topic to simulated users and writes what they do to another one: impressions
 * at once, the rest after a delay. Records are keyed by {@code query_id}.
 *
 * <p>It begins with the results that come after it was opened. Not safe for concurrent use.
 */
public final class ClickStream implements AutoCloseable {

    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(15);
    private static final Duration POLL = Duration.ofMillis(50);

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
     * @param results topic that is read, from its end on
     * @param interactions topic that is written
     * @param delay from a result to the clicks on it
     * @throws UserMistakeException when the broker or a topic is not there
     */
    public static ClickStream open(
            KafkaTopics kafka,
            String results,
            String interactions,
            Population population,
            Duration delay) {
        Consumer<byte[], byte[]> consumer = null;
        boolean opened = false;
        try {
            consumer = kafka.consumer();
            kafka.require(consumer, interactions);
            List<TopicPartition> partitions = kafka.require(consumer, results);
            consumer.assign(partitions);
            consumer.seekToEnd(partitions);
            // Seeking waits for the first use; what comes from now on must be read.
            partitions.forEach(consumer::position);
            ClickStream stream =
                    new ClickStream(population, delay, interactions, consumer, kafka.producer());
            opened = true;
            return stream;
        } catch (KafkaException failure) {
            throw kafka.unusable(failure);
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
            producer.close(CLOSE_TIMEOUT);
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
}
