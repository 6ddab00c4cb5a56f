package dev.lychee.rerank.deploy.clicks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import com.networknt.schema.ValidationMessage;
import dev.lychee.rerank.deploy.UserMistakeException;
import dev.lychee.rerank.deploy.kafka.KafkaTopics;
import dev.lychee.rerank.deploy.local.LocalKafka;
import dev.lychee.rerank.deploy.local.TestingRecords;
import dev.lychee.rerank.operators.clicks.UserModel;
import dev.lychee.rerank.operators.clicks.UserModel.Browsing;
import dev.lychee.rerank.schemas.Json;
import dev.lychee.rerank.schemas.UbiCodec;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class ClickStreamTest {

    private static final Population POPULATION =
            new Population(
                    new UserModel(Browsing.POSITION_BASED, 1, 0, 0),
                    new Truth.Distortion(2, -2),
                    10,
                    2,
                    1,
                    1);
    private static final int RESULTS = 40;
    private static final Duration TIMEOUT = Duration.ofMinutes(1);

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
    void writesEventsThatTheRecalibrateJobReads() throws Exception {
        List<Page> pages = new ArrayList<>();
        List<ConsumerRecord<String, String>> events = simulate("read", pages);

        List<String> expected = new ArrayList<>();
        for (Page page : pages) {
            page.impressions().forEach(each -> expected.add(line(page, each)));
            page.actions().forEach(each -> expected.add(line(page, each)));
        }
        List<String> read = new ArrayList<>();
        for (ConsumerRecord<String, String> event : events) {
            UbiCodec.Line line = UbiCodec.decode(event.value().getBytes(StandardCharsets.UTF_8));
            assertThat(line.kind()).isEqualTo(UbiCodec.Kind.EVENT);
            assertThat(event.key()).isEqualTo(line.queryId());
            read.add(
                    String.join(
                            " ", line.action(), line.queryId(), line.objectId(), line.clientId()));
        }

        assertThat(pages).hasSize(RESULTS);
        assertThat(read).containsExactlyInAnyOrderElementsOf(expected);
        assertThat(read).anyMatch(each -> each.startsWith("purchase r-"));
    }

    /** UBI's schema lies beside the project, or where the environment variable LYCHEE_DATA says. */
    @Test
    void writesEventsThatUbiAccepts() throws Exception {
        Path file =
                Path.of(
                        Objects.requireNonNullElse(
                                System.getenv("LYCHEE_DATA"), "../../shared/data"),
                        "ubi",
                        "schema-1.3.0",
                        "event.schema.json");
        assumeTrue(Files.isReadable(file), "UBI's schema is not here");
        JsonSchema schema;
        try (InputStream content = Files.newInputStream(file)) {
            schema =
                    JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012)
                            .getSchema(content);
        }

        for (ConsumerRecord<String, String> event : simulate("schema", new ArrayList<>())) {
            // UBI's own flaw: each action it names is valid twice, by name and as any string.
            assertThat(schema.validate(Json.mapper().readTree(event.value())))
                    .extracting(ValidationMessage::getMessage)
                    .containsExactly(
                            "$.action_name: must be valid to one and only one schema, but 2 are valid"
                                    + " with indexes '0, 1'");
        }
    }

    @Test
    void countsWhatIsNoResultAndGoesOn() throws Exception {
        kafka.createTopics(1, List.of("garbage", "garbage-interactions"));
        try (ClickStream stream = open("garbage", Duration.ZERO);
                KafkaProducer<String, String> producer = TestingRecords.producer(kafka)) {
            for (String value :
                    new String[] {
                        "not json",
                        "[]",
                        "null",
                        "{\"request_id\":\"r\"}",
                        "{\"request_id\":\"r\",\"calibration\":{\"method\":\"identity\"},\"results\":[null]}",
                        TestingResults.json("r-1", 0),
                        null,
                        TestingResults.json("r-2", 0, 1, 0)
                    }) {
                TestingRecords.send(producer, "garbage", "r", value);
            }

            List<Page> pages = pages(stream, 8);

            assertThat(stream.unusable()).isEqualTo(7);
            assertThat(pages).extracting(Page::requestId).containsExactly("r-2");
            assertThat(stream.impressions()).isEqualTo(2);
        }
    }

    @Test
    void beginsWithWhatComesAfterItWasOpened() throws Exception {
        kafka.createTopics(1, List.of("late", "late-interactions"));
        try (KafkaProducer<String, String> producer = TestingRecords.producer(kafka)) {
            TestingRecords.send(producer, "late", "r-1", TestingResults.json("r-1", 0, 1));
            try (ClickStream stream = open("late", Duration.ZERO)) {
                TestingRecords.send(producer, "late", "r-2", TestingResults.json("r-2", 0, 1));

                assertThat(pages(stream, 1)).extracting(Page::requestId).containsExactly("r-2");
            }
        }
    }

    @Test
    void namesTheTopicThatIsMissing() throws Exception {
        kafka.createTopics(1, List.of("alone"));

        assertThatThrownBy(() -> open("alone", Duration.ZERO))
                .isInstanceOf(UserMistakeException.class)
                .hasMessageStartingWith("There is no topic alone-interactions at localhost:");
    }

    @Test
    void saysThatAnAddressIsNone() {
        assertThatThrownBy(
                        () ->
                                ClickStream.open(
                                        new KafkaTopics("nowhere", Map.of()),
                                        "a",
                                        "b",
                                        POPULATION,
                                        Duration.ZERO))
                .isInstanceOf(UserMistakeException.class)
                .hasMessageStartingWith("Kafka at nowhere cannot be used: ")
                .hasMessageEndingWith("check --bootstrap-servers and -K.");
    }

    /** Results are clicked on; with a delay that does not end before the stream is finished. */
    private static List<ConsumerRecord<String, String>> simulate(String topic, List<Page> pages)
            throws Exception {
        kafka.createTopics(2, List.of(topic, topic + "-interactions"));
        long expected;
        try (ClickStream stream = open(topic, Duration.ofHours(1));
                KafkaProducer<String, String> producer = TestingRecords.producer(kafka)) {
            for (int i = 0; i < RESULTS; i++) {
                TestingRecords.send(
                        producer, topic, "r-" + i, TestingResults.json("r-" + i, 0, 2, 0, -2));
            }
            pages.addAll(pages(stream, RESULTS));
            stream.finish();
            expected =
                    stream.impressions()
                            + pages.stream().mapToLong(page -> page.actions().size()).sum();
        }
        List<ConsumerRecord<String, String>> events = new ArrayList<>();
        long giveUpAt = System.nanoTime() + TIMEOUT.toNanos();
        try (KafkaConsumer<String, String> consumer =
                TestingRecords.reader(kafka, topic + "-interactions")) {
            while (events.size() < expected && System.nanoTime() < giveUpAt) {
                consumer.poll(Duration.ofMillis(200)).forEach(events::add);
            }
        }
        return events;
    }

    private static ClickStream open(String results, Duration delay) {
        return ClickStream.open(
                new KafkaTopics(kafka.bootstrapServers(), Map.of()),
                results,
                results + "-interactions",
                POPULATION,
                delay);
    }

    private static List<Page> pages(ClickStream stream, int results) throws IOException {
        List<Page> pages = new ArrayList<>();
        long giveUpAt = System.nanoTime() + TIMEOUT.toNanos();
        while (stream.results() < results && System.nanoTime() < giveUpAt) {
            pages.addAll(stream.poll());
        }
        return pages;
    }

    private static String line(Page page, Page.Interaction each) {
        return String.join(" ", each.action(), page.requestId(), each.itemId(), page.client());
    }
}
