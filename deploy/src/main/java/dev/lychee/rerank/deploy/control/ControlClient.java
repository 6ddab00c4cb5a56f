package dev.lychee.rerank.deploy.control;

import dev.lychee.rerank.deploy.UserMistakeException;
import dev.lychee.rerank.deploy.kafka.KafkaTopics;
import dev.lychee.rerank.schemas.ControlChange;
import dev.lychee.rerank.schemas.ControlCodec;
import dev.lychee.rerank.schemas.ControlReply;
import dev.lychee.rerank.schemas.InvalidMessageException;
import dev.lychee.rerank.schemas.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/** Sends changes to the job behind a control topic and reads its answers. */
public final class ControlClient {

    private static final Duration POLL = Duration.ofMillis(100);

    private final KafkaTopics kafka;
    private final String controlTopic;
    private final String repliesTopic;

    /** A client; it connects when it is used. */
    public ControlClient(KafkaTopics kafka, String controlTopic, String repliesTopic) {
        this.kafka = kafka;
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
        try (Consumer<byte[], byte[]> consumer = kafka.consumer()) {
            kafka.require(consumer, controlTopic);
            List<TopicPartition> partitions = kafka.require(consumer, repliesTopic);
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
            throw kafka.unusable(failure);
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
        for (ConsumerRecord<byte[], byte[]> record : kafka.readToEnd(controlTopic)) {
            try {
                String id = ControlCodec.envelope(record.value()).path("id").textValue();
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
        for (ConsumerRecord<byte[], byte[]> record : kafka.readToEnd(repliesTopic)) {
            ControlReply reply = reply(record.value());
            if (reply != null) {
                replies.add(reply);
            }
        }
        return replies;
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

    private void write(ControlChange change) throws IOException {
        byte[] key = String.valueOf(change.name()).getBytes(StandardCharsets.UTF_8);
        kafka.send(List.of(new ProducerRecord<>(controlTopic, key, ControlCodec.encode(change))));
    }
}
