package dev.lychee.rerank.deploy.control;

import dev.lychee.rerank.deploy.UserMistakeException;
import dev.lychee.rerank.schemas.ControlChange;
import dev.lychee.rerank.schemas.ControlCodec;
import dev.lychee.rerank.schemas.ControlReply;
import dev.lychee.rerank.schemas.InvalidMessageException;
import dev.lychee.rerank.schemas.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
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

/** Sends changes to the job behind a control topic and reads its answers. */
public final class ControlClient {

    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(15);
    private static final Duration POLL = Duration.ofMillis(100);

    private final String bootstrapServers;
    private final Map<String, String> properties;
    private final String controlTopic;
    private final String repliesTopic;

    /**
     * A client; it connects when it is used.
     *
     * @param properties further properties of the Kafka clients
     */
    public ControlClient(
            String bootstrapServers,
            Map<String, String> properties,
            String controlTopic,
            String repliesTopic) {
        this.bootstrapServers = bootstrapServers;
        this.properties = Map.copyOf(properties);
        this.controlTopic = controlTopic;
        this.repliesTopic = repliesTopic;
    }

    /**
     * Sends a change and waits for the answer of the job.
     *
     * @return the answer; null when none came in time
     * @throws UserMistakeException when the broker or a topic is not there
     * @throws IOException when the change cannot be written
     */
    public @Nullable ControlReply send(ControlChange change, Duration atMost) throws IOException {
        try (Consumer<byte[], byte[]> consumer = consumer()) {
            requireTopic(consumer, controlTopic);
            List<TopicPartition> partitions = requireTopic(consumer, repliesTopic);
            consumer.assign(partitions);
            consumer.seekToEnd(partitions);
            // Seeking waits for the first use; the answer must not come before it.
            partitions.forEach(consumer::position);
            write(change);
            long giveUpAt = System.nanoTime() + atMost.toNanos();
            while (System.nanoTime() < giveUpAt) {
                for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
                    ControlReply reply = reply(record.value());
                    if (reply != null && reply.id().equals(change.id())) {
                        return reply;
                    }
                }
            }
            return null;
        } catch (KafkaException failure) {
            throw unreachable(failure);
        }
    }

    /**
     * What the job says is published.
     *
     * @throws UserMistakeException when the broker or the topic is not there
     */
    public PublishedNow published() {
        return PublishedNow.after(replies());
    }

    /**
     * Ids of changes that no job has answered.
     *
     * @throws UserMistakeException when the broker or a topic is not there
     */
    public List<String> unanswered() {
        Set<String> answered = new HashSet<>();
        replies().forEach(reply -> answered.add(reply.id()));
        List<String> ids = new ArrayList<>();
        for (byte[] value : readToEnd(controlTopic)) {
            try {
                String id = ControlCodec.envelope(value).path("id").textValue();
                if (!answered.contains(id)) {
                    ids.add(id);
                }
            } catch (InvalidMessageException unanswerable) {
                // A dead letter of the job; nobody waits for an answer.
            }
        }
        return ids;
    }

    private List<ControlReply> replies() {
        List<ControlReply> replies = new ArrayList<>();
        for (byte[] value : readToEnd(repliesTopic)) {
            ControlReply reply = reply(value);
            if (reply != null) {
                replies.add(reply);
            }
        }
        return replies;
    }

    private List<byte[]> readToEnd(String topic) {
        List<byte[]> values = new ArrayList<>();
        try (Consumer<byte[], byte[]> consumer = consumer()) {
            List<TopicPartition> partitions = requireTopic(consumer, topic);
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions, CONNECT_TIMEOUT);
            while (ends.entrySet().stream()
                    .anyMatch(end -> consumer.position(end.getKey()) < end.getValue())) {
                for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
                    values.add(record.value());
                }
            }
            return values;
        } catch (KafkaException failure) {
            throw unreachable(failure);
        }
    }

    /** Records that another program wrote there are none of ours. */
    private static @Nullable ControlReply reply(byte @Nullable [] value) {
        try {
            ControlReply reply = Json.mapper().readValue(value, ControlReply.class);
            return reply == null || reply.id() == null ? null : reply;
        } catch (IOException | IllegalArgumentException notAReply) {
            return null;
        }
    }

    private List<TopicPartition> requireTopic(Consumer<byte[], byte[]> consumer, String topic) {
        List<PartitionInfo> partitions = consumer.listTopics(CONNECT_TIMEOUT).get(topic);
        if (partitions == null || partitions.isEmpty()) {
            throw new UserMistakeException(
                    "There is no topic %s at %s: create it with one partition, or name another."
                            .formatted(topic, bootstrapServers));
        }
        return partitions.stream()
                .map(each -> new TopicPartition(topic, each.partition()))
                .toList();
    }

    private void write(ControlChange change) throws IOException {
        Map<String, Object> all = new HashMap<>(properties);
        all.put(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers);
        all.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, CONNECT_TIMEOUT.toMillis());
        try (Producer<byte[], byte[]> producer =
                new KafkaProducer<>(all, new ByteArraySerializer(), new ByteArraySerializer())) {
            byte[] key = String.valueOf(change.name()).getBytes(StandardCharsets.UTF_8);
            producer.send(new ProducerRecord<>(controlTopic, key, ControlCodec.encode(change)))
                    .get();
        } catch (ExecutionException failure) {
            throw new IOException("The change could not be written", failure.getCause());
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IOException("Interrupted while writing the change", interrupted);
        }
    }

    private UserMistakeException unreachable(KafkaException failure) {
        Throwable cause = failure.getCause() == null ? failure : failure.getCause();
        return new UserMistakeException(
                failure instanceof TimeoutException
                        ? "No Kafka broker answers at %s: check --bootstrap-servers."
                                .formatted(bootstrapServers)
                        : "Kafka at %s cannot be used: %s: check --bootstrap-servers and -K."
                                .formatted(bootstrapServers, cause.getMessage()));
    }

    private Consumer<byte[], byte[]> consumer() {
        Map<String, Object> all = new HashMap<>(properties);
        all.put(ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers);
        all.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
        all.put(
                ConsumerConfig.DEFAULT_API_TIMEOUT_MS_CONFIG,
                Math.toIntExact(CONNECT_TIMEOUT.toMillis()));
        return new KafkaConsumer<>(all, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }
}
