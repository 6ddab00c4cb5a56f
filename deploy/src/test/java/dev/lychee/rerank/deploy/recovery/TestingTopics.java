package dev.lychee.rerank.deploy.recovery;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lychee.rerank.deploy.local.LocalKafka;
import dev.lychee.rerank.schemas.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.function.Predicate;
import org.apache.flink.runtime.testutils.CommonTestUtils;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** The topics of one test on a broker, and clients to write and read them. */
public final class TestingTopics implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofSeconds(90);
    private static final Duration POLL = Duration.ofMillis(100);
    private static final long RETRY_MILLIS = 50;

    private final LocalKafka kafka;
    private final String prefix;
    private final Producer<byte[], byte[]> producer;

    public TestingTopics(LocalKafka kafka, String prefix) throws IOException {
        this.kafka = kafka;
        this.prefix = prefix;
        kafka.createTopics(
                1, List.of(candidateSets(), results(), deadLetters(), control(), controlReplies()));
        this.producer =
                new KafkaProducer<>(
                        Map.of(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, kafka.bootstrapServers()),
                        new ByteArraySerializer(),
                        new ByteArraySerializer());
    }

    public String candidateSets() {
        return prefix + "-candidate-sets";
    }

    public String results() {
        return prefix + "-reranked-results";
    }

    public String deadLetters() {
        return prefix + "-dead-letters";
    }

    public String control() {
        return prefix + "-control";
    }

    public String controlReplies() {
        return prefix + "-control-replies";
    }

    public void send(String json) throws ExecutionException, InterruptedException {
        send(candidateSets(), json);
    }

    public void sendControl(String json) throws ExecutionException, InterruptedException {
        send(control(), json);
    }

    private void send(String topic, String json) throws ExecutionException, InterruptedException {
        producer.send(new ProducerRecord<>(topic, json.getBytes(StandardCharsets.UTF_8))).get();
    }

    /**
     * Waits until the group has committed that it read so many records: a checkpoint holds them.
     */
    void awaitCheckpointOf(String group, long records) throws Exception {
        TopicPartition partition = new TopicPartition(candidateSets(), 0);
        CommonTestUtils.waitUntilCondition(
                () -> {
                    OffsetAndMetadata committed =
                            kafka.admin()
                                    .listConsumerGroupOffsets(group)
                                    .partitionsToOffsetAndMetadata()
                                    .get()
                                    .get(partition);
                    return committed != null && committed.offset() >= records;
                },
                RETRY_MILLIS);
    }

    /**
     * Reads a topic from its beginning until so many records have come, and then what follows at
     * once.
     */
    public <T> List<T> read(String topic, boolean committedOnly, int atLeast, Class<T> type)
            throws IOException {
        return read(topic, committedOnly, list -> list.size() >= atLeast, type);
    }

    private <T> List<T> read(
            String topic, boolean committedOnly, Predicate<List<T>> enough, Class<T> type)
            throws IOException {
        List<T> read = new ArrayList<>();
        try (Consumer<byte[], byte[]> consumer = consumer(committedOnly)) {
            List<TopicPartition> partitions = List.of(new TopicPartition(topic, 0));
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            long end = System.nanoTime() + PATIENCE.toNanos();
            while (System.nanoTime() < end) {
                boolean wasEnough = enough.test(read);
                var records = consumer.poll(POLL);
                for (ConsumerRecord<byte[], byte[]> record : records) {
                    read.add(Json.mapper().readValue(record.value(), type));
                }
                if (wasEnough && records.isEmpty()) {
                    return read;
                }
            }
        }
        assertThat(enough.test(read)).as("%s has %d records only", topic, read.size()).isTrue();
        return read;
    }

    /** How many records of a topic readers of committed ones can see now. */
    int countCommitted(String topic) throws IOException {
        return read(topic, true, list -> true, Object.class).size();
    }

    private Consumer<byte[], byte[]> consumer(boolean committedOnly) {
        return new KafkaConsumer<>(
                Map.of(
                        ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG,
                        kafka.bootstrapServers(),
                        ConsumerConfig.ISOLATION_LEVEL_CONFIG,
                        committedOnly ? "read_committed" : "read_uncommitted"),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer());
    }

    @Override
    public void close() {
        producer.close();
    }
}
