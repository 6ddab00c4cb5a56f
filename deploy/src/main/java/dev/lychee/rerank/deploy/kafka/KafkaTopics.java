package dev.lychee.rerank.deploy.kafka;

import dev.lychee.rerank.deploy.UserMistakeException;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
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

/** Reads and writes whole topics of a broker; it connects when it is used. */
public final class KafkaTopics {

    private static final Duration TIMEOUT = Duration.ofSeconds(15);
    private static final Duration POLL = Duration.ofMillis(100);

    private final String bootstrapServers;
    private final Map<String, String> properties;

    /**
     * The topics of a broker.
     *
     * @param properties further properties of the Kafka clients
     */
    public KafkaTopics(String bootstrapServers, Map<String, String> properties) {
        this.bootstrapServers = bootstrapServers;
        this.properties = Map.copyOf(properties);
    }

    /** The brokers, as the user named them. */
    public String bootstrapServers() {
        return bootstrapServers;
    }

    /** A consumer of committed records, of no group; the caller closes it. */
    public Consumer<byte[], byte[]> consumer() {
        Map<String, Object> all = new HashMap<>(properties);
        all.put(ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers);
        all.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
        all.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, "false");
        all.put(ConsumerConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, Math.toIntExact(TIMEOUT.toMillis()));
        return new KafkaConsumer<>(all, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }

    /** A producer; the caller closes it. */
    public Producer<byte[], byte[]> producer() {
        Map<String, Object> all = new HashMap<>(properties);
        all.put(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers);
        all.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, TIMEOUT.toMillis());
        return new KafkaProducer<>(all, new ByteArraySerializer(), new ByteArraySerializer());
    }

    /**
     * The partitions of a topic.
     *
     * @throws UserMistakeException when there is no such topic
     * @throws KafkaException when Kafka cannot be used, which {@link #unusable} turns into a
     *     sentence
     */
    public List<TopicPartition> require(Consumer<byte[], byte[]> consumer, String topic) {
        List<PartitionInfo> partitions = consumer.listTopics(TIMEOUT).get(topic);
        if (partitions == null || partitions.isEmpty()) {
            throw new UserMistakeException(
                    "There is no topic %s at %s: create it, or name another."
                            .formatted(topic, bootstrapServers));
        }
        return partitions.stream()
                .map(each -> new TopicPartition(topic, each.partition()))
                .toList();
    }

    /**
     * All records of a topic, up to its end at this moment.
     *
     * @throws UserMistakeException when the broker or the topic is not there
     */
    public List<ConsumerRecord<byte[], byte[]>> readToEnd(String topic) {
        List<ConsumerRecord<byte[], byte[]>> read = new ArrayList<>();
        try (Consumer<byte[], byte[]> consumer = consumer()) {
            List<TopicPartition> partitions = require(consumer, topic);
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions, TIMEOUT);
            long giveUpAt = System.nanoTime() + TIMEOUT.toNanos();
            while (ends.entrySet().stream()
                    .anyMatch(end -> consumer.position(end.getKey()) < end.getValue())) {
                int before = read.size();
                consumer.poll(POLL).forEach(read::add);
                if (read.size() > before) {
                    giveUpAt = System.nanoTime() + TIMEOUT.toNanos();
                } else if (System.nanoTime() > giveUpAt) {
                    throw new TimeoutException("no further record of " + topic);
                }
            }
            return read;
        } catch (KafkaException failure) {
            throw unusable(failure);
        }
    }

    /**
     * Writes records and waits until Kafka has them.
     *
     * @throws UserMistakeException when Kafka takes nothing
     * @throws IOException when it refuses them
     */
    public void send(List<ProducerRecord<byte[], byte[]>> records) throws IOException {
        try (Producer<byte[], byte[]> producer = producer()) {
            List<Future<?>> sent = new ArrayList<>();
            for (ProducerRecord<byte[], byte[]> record : records) {
                sent.add(producer.send(record));
            }
            for (Future<?> each : sent) {
                each.get();
            }
        } catch (ExecutionException failure) {
            if (failure.getCause() instanceof TimeoutException) {
                throw new UserMistakeException(
                        "Kafka at %s takes nothing for topic %s: check --bootstrap-servers and the name."
                                .formatted(bootstrapServers, records.get(0).topic()));
            }
            throw new IOException(
                    "Nothing could be written to topic " + records.get(0).topic(),
                    failure.getCause());
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IOException("Interrupted while writing to Kafka", interrupted);
        } catch (KafkaException failure) {
            throw unusable(failure);
        }
    }

    /** The sentence for a broker that does not answer, or not as was expected. */
    public UserMistakeException unusable(KafkaException failure) {
        Throwable cause = failure.getCause() == null ? failure : failure.getCause();
        return new UserMistakeException(
                failure instanceof TimeoutException
                        ? "No Kafka broker answers at %s: check --bootstrap-servers."
                                .formatted(bootstrapServers)
                        : "Kafka at %s cannot be used: %s: check --bootstrap-servers and -K."
                                .formatted(bootstrapServers, cause.getMessage()));
    }
}
