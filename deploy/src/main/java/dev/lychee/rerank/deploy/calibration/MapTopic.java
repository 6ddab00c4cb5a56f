package dev.lychee.rerank.deploy.calibration;

import dev.lychee.rerank.deploy.UserMistakeException;
import dev.lychee.rerank.deploy.kafka.KafkaTopics;
import dev.lychee.rerank.schemas.CalibrationMap;
import dev.lychee.rerank.schemas.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;

/** The topic of calibration maps: key {@link CalibrationMap#key}, value JSON, one partition. */
public final class MapTopic {

    private final KafkaTopics kafka;
    private final String name;

    public MapTopic(KafkaTopics kafka, String name) {
        this.kafka = kafka;
        this.name = name;
    }

    /** For messages: the topic and where it is. */
    public String description() {
        return "topic %s at %s".formatted(name, kafka.bootstrapServers());
    }

    /**
     * All that lies in the topic now.
     *
     * @throws UserMistakeException when the broker or the topic is not there, or the topic has
     *     several partitions
     */
    public MapHistory read() {
        List<MapRecord> records = new ArrayList<>();
        for (ConsumerRecord<byte[], byte[]> record : kafka.readToEnd(name)) {
            if (record.partition() > 0) {
                throw new UserMistakeException(
                        "The %s has several partitions, so its records have no order: create it with one."
                                .formatted(description()));
            }
            records.add(new MapRecord(record.offset(), record.timestamp(), record.value()));
        }
        return MapHistory.of(records);
    }

    /**
     * Sends all maps and waits until Kafka has them.
     *
     * @throws UserMistakeException when the broker or the topic is not there
     * @throws IOException when Kafka refuses them
     */
    public void publish(List<CalibrationMap> maps) throws IOException {
        List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>();
        for (CalibrationMap map : maps) {
            ProducerRecord<byte[], byte[]> record =
                    new ProducerRecord<>(
                            name, bytes(map.key()), Json.mapper().writeValueAsBytes(map));
            record.headers().add("schema", bytes(Integer.toString(map.schema())));
            records.add(record);
        }
        kafka.send(records);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
