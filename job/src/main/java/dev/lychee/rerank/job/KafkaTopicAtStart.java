package dev.lychee.rerank.job;

import dev.lychee.rerank.operators.TopicAtStart;
import dev.lychee.rerank.schemas.flow.SourceRecord;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.flink.runtime.execution.SuppressRestartsException;
import org.apache.flink.util.TimeUtils;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.jspecify.annotations.Nullable;

/** A topic of one partition on Kafka, from its beginning to its end at that moment. */
final class KafkaTopicAtStart implements TopicAtStart {

    private static final long serialVersionUID = 1;

    private static final Duration POLL = Duration.ofMillis(100);

    private final String option;
    private final String topic;
    private final String whatHolds;
    private final String bootstrapServers;
    private final HashMap<String, String> properties;
    private final Duration timeout;

    /**
     * A topic.
     *
     * @param option key of the option that names it
     * @param whatHolds what a job does not know without it, in the plural
     */
    KafkaTopicAtStart(
            String option,
            String topic,
            String whatHolds,
            String bootstrapServers,
            Map<String, String> properties,
            Duration timeout) {
        this.option = option;
        this.topic = topic;
        this.whatHolds = whatHolds;
        this.bootstrapServers = bootstrapServers;
        this.properties = new HashMap<>(properties);
        this.timeout = timeout;
    }

    @Override
    public void readToEnd(java.util.function.Consumer<SourceRecord> each) throws IOException {
        long giveUpAt = System.nanoTime() + timeout.toNanos();
        try (Consumer<byte[], byte[]> consumer = consumer()) {
            List<PartitionInfo> partitions = consumer.listTopics(timeout).get(topic);
            if (partitions == null || partitions.isEmpty()) {
                return;
            }
            if (partitions.size() > 1) {
                throw new SuppressRestartsException(
                        new InvalidOptionException(
                                "%s: topic %s has %d partitions, so its records have no order; create it with one"
                                        .formatted(option, topic, partitions.size())));
            }
            TopicPartition partition = new TopicPartition(topic, 0);
            consumer.assign(List.of(partition));
            consumer.seekToBeginning(List.of(partition));
            long end = consumer.endOffsets(List.of(partition), timeout).getOrDefault(partition, 0L);
            while (consumer.position(partition, timeout) < end) {
                if (System.nanoTime() > giveUpAt) {
                    throw tooSlow(null);
                }
                for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
                    if (record.offset() < end) {
                        each.accept(KafkaConnectors.SourceRecordSchema.sourceRecord(record));
                    }
                }
            }
        } catch (TimeoutException e) {
            throw tooSlow(e);
        } catch (KafkaException e) {
            throw new IOException(
                    "topic %s at %s cannot be read, and without it this job does not know which %s hold: %s"
                            .formatted(topic, bootstrapServers, whatHolds, e.getMessage()),
                    e);
        }
    }

    private IOException tooSlow(@Nullable Throwable cause) {
        return new IOException(
                "topic %s at %s was not read to its end within %s, and without it this job does not know which %s hold; is a broker there? %s allows more time"
                        .formatted(
                                topic,
                                bootstrapServers,
                                TimeUtils.formatWithHighestUnit(timeout),
                                whatHolds,
                                RerankOptions.KAFKA_CONTROL_TIMEOUT.key()),
                cause);
    }

    private Consumer<byte[], byte[]> consumer() {
        Map<String, Object> all = new HashMap<>(properties);
        all.put(ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers);
        all.putIfAbsent(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
        all.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, "false");
        return new KafkaConsumer<>(all, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }
}
