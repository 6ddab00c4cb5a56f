package dev.lychee.rerank.deploy.cli;

import static dev.lychee.rerank.deploy.calibration.TestingMaps.json;
import static dev.lychee.rerank.deploy.calibration.TestingMaps.map;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.lychee.rerank.deploy.calibration.MapTopic;
import dev.lychee.rerank.deploy.kafka.KafkaTopics;
import dev.lychee.rerank.deploy.local.FreePorts;
import dev.lychee.rerank.deploy.local.LocalKafka;
import dev.lychee.rerank.deploy.local.TestingRecords;
import dev.lychee.rerank.schemas.CalibrationMap;
import dev.lychee.rerank.schemas.Json;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The command against a real broker. */
class CalibrationCommandTest {

    private static final String ONE = "fedcba9876543210";
    private static final String OTHER = "0123456789abcdef";

    private static LocalKafka kafka;

    @TempDir private Path folder;

    @BeforeAll
    static void startBroker() throws IOException {
        kafka = LocalKafka.start();
    }

    @AfterAll
    static void stopBroker() throws IOException {
        kafka.close();
    }

    @Test
    void listsWhatHoldsPinnedOrNot() throws Exception {
        publish("listed", map(ONE, "default", 7), map(ONE, "default", 8), map(OTHER, "shop", 3));
        run("listed", "rollback", "--fingerprint", "fed");

        TestingCommandLine list = run("listed", "list");

        assertThat(list.errors()).isEmpty();
        assertThat(list.exitCode()).isZero();
        assertThat(list.output())
                .containsPattern(
                        "fedcba98\\s+default\\s+7\\s+\\d+ s\\s+yes\\s+1,234\\s+0.120 → 0.030\\s+0.210 → 0.180\\s+2")
                .containsPattern("01234567\\s+shop\\s+3\\s+\\d+ s\\s+no\\s+1,234");
    }

    @Test
    void aSegmentIsFrozenRolledBackAndLetGo() throws Exception {
        publish("story", map(ONE, "default", 7), map(ONE, "default", 8));

        TestingCommandLine freeze = run("story", "freeze");
        publish("story", map(ONE, "default", 9));
        TestingCommandLine shown = run("story", "show");
        TestingCommandLine rollback = run("story", "rollback", "--to", "7");
        TestingCommandLine again = run("story", "rollback", "--to", "7");
        TestingCommandLine unfreeze = run("story", "unfreeze");
        TestingCommandLine notPinned = run("story", "unfreeze");

        assertThat(List.of(freeze, shown, rollback, again, unfreeze, notPinned))
                .allSatisfy(
                        run -> {
                            assertThat(run.errors()).isEmpty();
                            assertThat(run.exitCode()).isZero();
                        });
        assertThat(freeze.output()).contains("is pinned to version 8: results name it");
        assertThat(shown.output())
                .contains("Version 8 is pinned since", "Version 8   ● calibrated")
                .containsPattern("8\\s+20\\S+Z\\s+isotonic\\s+1,234 .*<- holds")
                .containsPattern("9\\s+20\\S+Z\\s+isotonic");
        assertThat(rollback.output())
                .contains("from version 8 to version 7 and stays pinned")
                .contains("until lychee calibration unfreeze");
        assertThat(again.output()).contains("pinned to version 7 already", "nothing was changed");
        assertThat(unfreeze.output()).contains("results name version 9");
        assertThat(notPinned.output()).contains("is not pinned: nothing was changed");
    }

    @Test
    void mapsAndPinsHaveKeysOfTheirOwn() throws Exception {
        publish("keys", map(ONE, "shop/mobile", 7));
        run("keys", "freeze");

        for (String key : List.of(ONE + "/shop/mobile", "pinned/" + ONE + "/shop/mobile")) {
            try (KafkaConsumer<String, String> reader = TestingRecords.reader(kafka, "keys")) {
                String value = TestingRecords.await(reader, key, Duration.ofSeconds(30));
                JsonNode record = Json.mapper().readTree(value);
                assertThat(record.path("version").asLong()).isEqualTo(7);
                assertThat(record.path("pinned").asBoolean()).isEqualTo(key.startsWith("pinned/"));
            }
        }
    }

    @Test
    void showDrawsAnyVersionAndWritesAll() throws Exception {
        publish("shown", map(ONE, "default", 7), map(ONE, "default", 8));
        Path file = folder.resolve("maps.json");

        TestingCommandLine show =
                run("shown", "show", "--map-version", "7", "--json", file.toString());

        assertThat(show.exitCode()).isZero();
        assertThat(show.output()).contains("Version 8 holds, as the highest one.", "Version 7   ●");
        JsonNode written = Json.mapper().readTree(file.toFile());
        assertThat(written.path("holds").asLong()).isEqualTo(8);
        assertThat(written.path("versions")).hasSize(2);
        assertThat(written.at("/versions/0/map/probabilities/1").asDouble()).isEqualTo(0.3);
        assertMistake(
                run("shown", "show", "--map-version", "3"), "has no version 3: the topic has 7, 8");
    }

    @Test
    void namesTheOffsetsOfWhatIsNoMap() throws Exception {
        try (KafkaProducer<String, String> producer = TestingRecords.producer(kafka)) {
            kafka.createCompactedTopic("garbage", Duration.ofDays(7));
            TestingRecords.send(producer, "garbage", "a", "no map");
            TestingRecords.send(producer, "garbage", "b", json(map(ONE, "default", 7)));
            TestingRecords.send(producer, "garbage", "c", "{\"segment\":\"default\"}");
        }

        TestingCommandLine list = run("garbage", "list");
        TestingCommandLine freeze = run("garbage", "freeze");

        assertThat(list.exitCode()).isEqualTo(ExitCodes.BAD_INPUT);
        assertThat(list.output())
                .containsPattern("fedcba98\\s+default\\s+7")
                .contains("2 records of the topic are no maps:", "offset 0: ", "offset 2: ");
        assertThat(freeze.exitCode()).isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"show", "freeze", "rollback", "unfreeze"})
    void anEmptyTopicIsASentence(String command) throws Exception {
        kafka.createCompactedTopic("empty", Duration.ofDays(7));

        assertMistake(run("empty", command), "There are no maps in topic empty at localhost:");
        TestingCommandLine list = run("empty", "list");
        assertThat(list.output()).contains("There are no maps in topic empty", "say identity");
        assertThat(list.exitCode()).isZero();
    }

    @Test
    void saysWhatThereIsWhereNothingIsMeant() throws Exception {
        publish("meant", map(ONE, "default", 7), map(OTHER, "shop", 3));

        assertMistake(run("meant", "freeze"), "maps of several fingerprints: name one with");
        assertMistake(run("meant", "freeze", "--fingerprint", "a"), "No fingerprint begins with a");
        assertMistake(
                run("meant", "freeze", "--fingerprint", "f", "--segment", "b"),
                "has no map of segment b: it has default");
        assertMistake(run("meant", "rollback", "--fingerprint", "f"), "has no version before 7");
    }

    @Test
    void namesTheTopicThatIsMissingOrHasNoOrder() throws Exception {
        kafka.createTopics(2, List.of("several"));
        try (KafkaProducer<String, String> producer = TestingRecords.producer(kafka)) {
            for (int i = 0; i < 20; i++) {
                TestingRecords.send(producer, "several", "k" + i, json(map(ONE, "default", i)));
            }
        }

        assertMistake(run("absent", "list"), "There is no topic absent at localhost:");
        assertMistake(run("several", "list"), "has several partitions");
    }

    @Test
    void namesTheBrokerThatDoesNotAnswer() throws Exception {
        TestingCommandLine list =
                TestingCommandLine.run(
                        "calibration",
                        "list",
                        "--bootstrap-servers",
                        "localhost:" + FreePorts.any());

        assertMistake(list, "No Kafka broker answers at localhost:");
    }

    @ParameterizedTest
    @ValueSource(strings = {"list", "show", "freeze", "rollback", "unfreeze"})
    void helpsWithEachCommand(String command) {
        TestingCommandLine help = TestingCommandLine.run("calibration", command, "--help");

        assertThat(help.exitCode()).isZero();
        assertThat(help.output())
                .contains("Usage: lychee calibration " + command, "--bootstrap-servers", "--topic");
    }

    @Test
    void asksForACommand() {
        assertMistake(TestingCommandLine.run("calibration"), "A command is missing.");
    }

    private static void publish(String topic, CalibrationMap... maps) throws IOException {
        kafka.createCompactedTopic(topic, Duration.ofDays(7));
        new MapTopic(new KafkaTopics(kafka.bootstrapServers(), Map.of()), topic)
                .publish(List.of(maps));
    }

    private static TestingCommandLine run(String topic, String... arguments) {
        List<String> all = new ArrayList<>(List.of("calibration"));
        all.addAll(List.of(arguments));
        all.addAll(List.of("--topic", topic, "--bootstrap-servers", kafka.bootstrapServers()));
        return TestingCommandLine.run(all.toArray(String[]::new));
    }

    private static void assertMistake(TestingCommandLine run, String sentence) {
        assertThat(run.errors()).contains("lychee: ").contains(sentence).doesNotContain("\tat ");
        assertThat(run.exitCode()).isEqualTo(ExitCodes.USER_MISTAKE);
    }
}
