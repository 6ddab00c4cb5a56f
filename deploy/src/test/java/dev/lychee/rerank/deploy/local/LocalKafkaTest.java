package dev.lychee.rerank.deploy.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class LocalKafkaTest {

    private static LocalKafka kafka;

    @BeforeAll
    static void startBroker() throws IOException {
        kafka = LocalKafka.start();
    }

    @AfterAll
    static void stopBroker() throws IOException {
        kafka.close();
    }

    @Test
    void deliversWhatAProducerSent() throws Exception {
        kafka.createTopics(2, List.of("plain"));

        try (KafkaProducer<String, String> producer = producer(Map.of())) {
            producer.send(new ProducerRecord<>("plain", "r-1", "复古风牛仔外套")).get();
        }

        assertThat(read("plain", 1)).containsExactly("复古风牛仔外套");
    }

    @Test
    void showsAReaderOfCommittedRecordsOnlyCommittedTransactions() throws Exception {
        kafka.createTopics(1, List.of("transactional"));

        try (KafkaProducer<String, String> producer =
                producer(Map.of(ProducerConfig.TRANSACTIONAL_ID_CONFIG, "test"))) {
            producer.initTransactions();
            producer.beginTransaction();
            producer.send(new ProducerRecord<>("transactional", "a", "aborted")).get();
            producer.abortTransaction();
            producer.beginTransaction();
            producer.send(new ProducerRecord<>("transactional", "b", "committed")).get();
            producer.commitTransaction();
        }

        assertThat(read("transactional", 1)).containsExactly("committed");
    }

    @Test
    void aCompactedTopicKeepsItsHistoryForAWhile() throws Exception {
        kafka.createCompactedTopic("compacted", Duration.ofDays(7));

        try (var admin = kafka.admin()) {
            ConfigResource topic = new ConfigResource(ConfigResource.Type.TOPIC, "compacted");
            Config config = admin.describeConfigs(List.of(topic)).all().get().get(topic);
            assertThat(config.get("cleanup.policy").value()).isEqualTo("compact");
            assertThat(config.get("min.compaction.lag.ms").value()).isEqualTo("604800000");
        }
    }

    @Test
    void createsATopicOnce() throws Exception {
        kafka.createTopics(1, List.of("twice"));
        kafka.createTopics(1, List.of("twice", "another"));

        try (var admin = kafka.admin()) {
            assertThat(admin.listTopics().names().get()).contains("twice", "another");
        }
    }

    @Test
    void doesNotCreateATopicThatSomeoneMistyped() throws Exception {
        try (var admin = kafka.admin()) {
            assertThatThrownBy(
                            () ->
                                    admin.describeTopics(List.of("candidate-stes"))
                                            .allTopicNames()
                                            .get())
                    .hasCauseInstanceOf(UnknownTopicOrPartitionException.class);
            try (KafkaConsumer<String, String> consumer = consumer()) {
                consumer.subscribe(List.of("candidate-stes"));
                consumer.poll(Duration.ofMillis(500));
            }
            assertThat(admin.listTopics().names().get()).doesNotContain("candidate-stes");
        }
    }

    @Test
    void refusesAPortThatIsInUse() {
        int port = Integer.parseInt(kafka.bootstrapServers().split(":", -1)[1]);

        assertThatThrownBy(() -> LocalKafka.start(port))
                .isInstanceOf(IOException.class)
                .hasMessage("Port " + port + " is in use");
    }

    private static KafkaProducer<String, String> producer(Map<String, Object> more) {
        Map<String, Object> config = new HashMap<>(more);
        config.put(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, kafka.bootstrapServers());
        return new KafkaProducer<>(config, new StringSerializer(), new StringSerializer());
    }

    private static KafkaConsumer<String, String> consumer() {
        return new KafkaConsumer<>(
                Map.of(
                        ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG,
                        kafka.bootstrapServers(),
                        ConsumerConfig.GROUP_ID_CONFIG,
                        "test-" + System.nanoTime(),
                        ConsumerConfig.AUTO_OFFSET_RESET_CONFIG,
                        "earliest",
                        ConsumerConfig.ISOLATION_LEVEL_CONFIG,
                        "read_committed"),
                new StringDeserializer(),
                new StringDeserializer());
    }

    private static List<String> read(String topic, int count) {
        List<String> values = new ArrayList<>();
        Instant deadline = Instant.now().plusSeconds(TimeUnit.MINUTES.toSeconds(1));
        try (KafkaConsumer<String, String> consumer = consumer()) {
            consumer.subscribe(List.of(topic));
            while (values.size() < count && Instant.now().isBefore(deadline)) {
                for (ConsumerRecord<String, String> record : consumer.poll(Duration.ofSeconds(1))) {
                    values.add(record.value());
                }
            }
        }
        return values;
    }
}
