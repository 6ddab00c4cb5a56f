package dev.lychee.rerank.deploy.eval;

import dev.lychee.rerank.deploy.UserMistakeException;
import dev.lychee.rerank.schemas.CalibrationMap;
import dev.lychee.rerank.schemas.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** Sends calibration maps to a topic: key {@code fingerprint/segment}, value JSON. */
public final class MapPublisher {

    private static final int MAX_BLOCK_MILLIS = 15_000;

    private MapPublisher() {}

    /** Sends all maps and waits until Kafka has them. */
    public static void publish(List<CalibrationMap> maps, String bootstrapServers, String topic)
            throws IOException, InterruptedException {
        try (KafkaProducer<byte[], byte[]> producer =
                new KafkaProducer<>(
                        Map.of(
                                ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers,
                                ProducerConfig.MAX_BLOCK_MS_CONFIG, MAX_BLOCK_MILLIS),
                        new ByteArraySerializer(),
                        new ByteArraySerializer())) {
            List<Future<?>> sent = new ArrayList<>();
            for (CalibrationMap map : maps) {
                ProducerRecord<byte[], byte[]> record =
                        new ProducerRecord<>(
                                topic,
                                bytes(map.fingerprint() + "/" + map.segment()),
                                Json.mapper().writeValueAsBytes(map));
                record.headers().add("schema", bytes(Integer.toString(map.schema())));
                sent.add(producer.send(record));
            }
            for (Future<?> each : sent) {
                each.get();
            }
        } catch (ExecutionException failure) {
            if (failure.getCause() instanceof TimeoutException) {
                throw unreachable(bootstrapServers, topic);
            }
            throw new IOException("The maps could not be sent to " + topic, failure);
        } catch (KafkaException failure) {
            throw unreachable(bootstrapServers, topic);
        }
    }

    private static UserMistakeException unreachable(String bootstrapServers, String topic) {
        return new UserMistakeException(
                "Kafka at %s takes nothing for topic %s: check --bootstrap-servers and --topic."
                        .formatted(bootstrapServers, topic));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
