package dev.lychee.rerank.deploy.control;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.lychee.rerank.deploy.kafka.KafkaTopics;
import dev.lychee.rerank.deploy.local.LocalKafka;
import dev.lychee.rerank.deploy.recovery.TestingJson;
import dev.lychee.rerank.deploy.recovery.TestingTopics;
import dev.lychee.rerank.job.RerankJob;
import dev.lychee.rerank.operators.profile.ProfileCatalog;
import dev.lychee.rerank.operators.scoring.TestingScorer;
import dev.lychee.rerank.schemas.ControlAction;
import dev.lychee.rerank.schemas.ControlChange;
import dev.lychee.rerank.schemas.ControlReply;
import dev.lychee.rerank.schemas.DeadLetter;
import dev.lychee.rerank.schemas.Json;
import dev.lychee.rerank.schemas.ProfileReference;
import dev.lychee.rerank.schemas.Reason;
import dev.lychee.rerank.schemas.RerankedResult;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.StateRecoveryOptions;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.core.execution.SavepointFormatType;
import org.apache.flink.runtime.testutils.MiniClusterResourceConfiguration;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.test.junit5.MiniClusterExtension;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Profiles are changed through a real broker while sets flow. */
class LiveProfilesTest {

    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final int SETS_PER_CHANGE = 10;

    @RegisterExtension
    private static final MiniClusterExtension CLUSTER =
            new MiniClusterExtension(
                    new MiniClusterResourceConfiguration.Builder()
                            .setConfiguration(new Configuration())
                            .setNumberTaskManagers(1)
                            .setNumberSlotsPerTaskManager(2)
                            .build());

    private static LocalKafka kafka;

    @TempDir private Path folder;
    private int sent;

    @BeforeAll
    static void startBroker() throws IOException {
        kafka = LocalKafka.start();
    }

    @AfterAll
    static void stopBroker() throws IOException {
        kafka.close();
    }

    @Test
    void everyResultIsThatOfTheOnePublishedVersionItNames() throws Exception {
        try (TestingTopics topics = new TestingTopics(kafka, "live")) {
            JobClient job = start(topics);
            ControlClient control = client(topics);
            Map<Long, JsonNode> published = new TreeMap<>();
            awaitResultOf(topics, 0);
            for (String fields :
                    List.of(
                            "{\"extends\":\"default\",\"temperature\":3}",
                            "{\"extends\":\"production\",\"rank\":{\"top_n\":2}}",
                            "{\"extends\":\"robust\",\"threshold\":{\"strategy\":\"gap\"}}",
                            "{\"extends\":\"precise\"}")) {
                sendSets(topics, SETS_PER_CHANGE);
                ControlReply accepted = control.send(set("default", fields), PATIENCE);
                assertThat(accepted).isNotNull();
                assertThat(accepted.accepted()).as(accepted.message()).isTrue();
                published.put(accepted.version(), Json.mapper().readTree(accepted.profile()));
                awaitResultOf(topics, accepted.version());
            }
            long last = published.size();

            ControlReply refused =
                    control.send(set("default", "{\"extends\":\"nothing\"}"), PATIENCE);
            sendSets(topics, SETS_PER_CHANGE);
            List<RerankedResult> results =
                    topics.read(topics.results(), false, sent, RerankedResult.class);
            job.cancel().get();

            assertThat(refused).isNotNull();
            assertThat(refused.accepted()).isFalse();
            assertThat(refused.message())
                    .isEqualTo("profile.extends: there is no profile named nothing");
            assertThat(published.keySet()).containsExactly(1L, 2L, 3L, 4L);
            assertThat(results).hasSize(sent);
            assertThat(results)
                    .filteredOn(r -> numberOf(r) >= sent - SETS_PER_CHANGE)
                    .hasSize(SETS_PER_CHANGE)
                    .as("a refused change changes nothing")
                    .allSatisfy(r -> assertThat(r.profile().version()).isEqualTo(last));
            assertThat(results).extracting(r -> r.profile().version()).contains(0L, 1L, 2L, 3L, 4L);
            assertMadeAgainFrom(published, results);
        }
    }

    @Test
    void theFirstResultOfAFreshJobNamesWhatWasPublishedBefore() throws Exception {
        try (TestingTopics topics = new TestingTopics(kafka, "fresh")) {
            topics.sendControl(change("{\"extends\":\"default\",\"temperature\":2}"));
            topics.sendControl(change("{\"extends\":\"default\",\"temperature\":3}"));
            sendSets(topics, 1);

            JobClient job = start(topics);
            List<RerankedResult> results =
                    topics.read(topics.results(), false, 1, RerankedResult.class);
            List<ControlReply> replies =
                    topics.read(topics.controlReplies(), false, 2, ControlReply.class);
            job.cancel().get();

            assertThat(results.get(0).profile())
                    .isEqualTo(new ProfileReference("default", 2, replies.get(1).hash()));
        }
    }

    @Test
    void aJobThatIsRestoredAtAnotherParallelismGoesOnWithWhatIsPublished() throws Exception {
        try (TestingTopics topics = new TestingTopics(kafka, "restored")) {
            JobClient job = start(topics);
            ControlClient control = client(topics);
            control.send(set("default", "{\"extends\":\"default\",\"temperature\":2}"), PATIENCE);
            awaitResultOf(topics, 1);
            String savepoint =
                    job.stopWithSavepoint(
                                    false, folder.toUri().toString(), SavepointFormatType.CANONICAL)
                            .get();
            int before = sent;
            sendSets(topics, SETS_PER_CHANGE);

            JobClient restored = start(topics, 1, savepoint);
            List<RerankedResult> results =
                    topics.read(topics.results(), false, sent, RerankedResult.class);
            ControlReply next = control.send(set("default", "{\"extends\":\"robust\"}"), PATIENCE);
            awaitResultOf(topics, 2);
            restored.cancel().get();

            assertThat(results)
                    .filteredOn(r -> numberOf(r) >= before)
                    .hasSize(SETS_PER_CHANGE)
                    .allSatisfy(r -> assertThat(r.profile().version()).isEqualTo(1));
            assertThat(next).isNotNull();
            assertThat(next.version()).isEqualTo(2);
        }
    }

    @Test
    void garbageIsADeadLetterAndTheJobGoesOn() throws Exception {
        try (TestingTopics topics = new TestingTopics(kafka, "garbage")) {
            JobClient job = start(topics);
            topics.sendControl("{\"id\": garbage");
            topics.sendControl("{\"action\":\"reset-all\"}");

            ControlReply reply =
                    client(topics).send(set("default", "{\"extends\":\"robust\"}"), PATIENCE);
            List<DeadLetter> letters =
                    topics.read(topics.deadLetters(), false, 2, DeadLetter.class);
            awaitResultOf(topics, 3);
            job.cancel().get();

            assertThat(reply).isNotNull();
            assertThat(reply.version()).isEqualTo(3);
            assertThat(letters)
                    .extracting(DeadLetter::stage)
                    .containsExactly("validate-control", "validate-control");
            assertThat(letters)
                    .extracting(DeadLetter::reason)
                    .containsExactlyInAnyOrder(Reason.MALFORMED_JSON, Reason.MISSING_FIELD);
            assertThat(letters).extracting(DeadLetter::topic).containsOnly(topics.control());
        }
    }

    @Test
    void anExperimentAssignsItsArmsInResults() throws Exception {
        try (TestingTopics topics = new TestingTopics(kafka, "arms")) {
            ObjectNode experiment =
                    (ObjectNode)
                            Json.mapper()
                                    .readTree(
                                            """
                                            {"profile":"default","arms":[{"name":"A","share":0.5},
                                             {"name":"B","share":0.5,"profile":"precise"}]}
                                            """);
            topics.sendControl(
                    Json.mapper()
                            .writeValueAsString(
                                    new ControlChange(
                                            "e-1",
                                            ControlAction.SET_EXPERIMENT,
                                            "fewer",
                                            null,
                                            null,
                                            experiment)));
            sendSets(topics, 40);

            JobClient job = start(topics);
            List<RerankedResult> results =
                    topics.read(topics.results(), false, 40, RerankedResult.class);
            job.cancel().get();

            assertThat(results).extracting(RerankedResult::variant).contains("A", "B");
            assertThat(results)
                    .allSatisfy(
                            result -> {
                                assertThat(result.experiment()).isEqualTo("fewer");
                                assertThat(result.profile().name())
                                        .isEqualTo(
                                                "A".equals(result.variant())
                                                        ? "default"
                                                        : "precise");
                            });
        }
    }

    private static int numberOf(RerankedResult result) {
        return Integer.parseInt(result.requestId().substring(2));
    }

    @Test
    void aMissingControlTopicIsAnEmptyOne() throws Exception {
        try (TestingTopics topics = new TestingTopics(kafka, "missing")) {
            sendSets(topics, 1);

            JobClient job = start(topics, "no-such-topic");
            List<RerankedResult> results =
                    topics.read(topics.results(), false, 1, RerankedResult.class);
            job.cancel().get();

            assertThat(results.get(0).profile().version()).isZero();
        }
    }

    @Test
    void aControlTopicWithSeveralPartitionsStopsTheJob() throws Exception {
        try (TestingTopics topics = new TestingTopics(kafka, "several")) {
            kafka.createTopics(2, List.of("two-partitions"));

            JobClient job = start(topics, "two-partitions");

            assertThat(job.getJobExecutionResult())
                    .failsWithin(PATIENCE)
                    .withThrowableThat()
                    .havingRootCause()
                    .withMessage(
                            "kafka.topics.control: topic two-partitions has 2 partitions, so its records have no order; create it with one");
        }
    }

    /** Sends a set after the other until a result names the version: the change has arrived. */
    private void awaitResultOf(TestingTopics topics, long version) throws Exception {
        long giveUpAt = System.nanoTime() + PATIENCE.toNanos();
        while (System.nanoTime() < giveUpAt) {
            sendSets(topics, 1);
            List<RerankedResult> results =
                    topics.read(topics.results(), false, sent, RerankedResult.class);
            if (results.stream().anyMatch(r -> r.profile().version() == version)) {
                return;
            }
        }
        throw new AssertionError("no result names version " + version);
    }

    /** The same sets under the published profiles, in a job that nobody changes. */
    private void assertMadeAgainFrom(Map<Long, JsonNode> published, List<RerankedResult> results)
            throws Exception {
        ObjectNode file = Json.mapper().createObjectNode().put("schema", 1);
        ObjectNode profiles = file.putObject("profiles");
        ObjectNode preset = profiles.putObject("v0");
        preset.put("extends", "default");
        published.forEach((version, profile) -> profiles.set("v" + version, profile));
        Path profilesFile = folder.resolve("profiles.yaml");
        Files.writeString(profilesFile, file.toString());
        Path input = folder.resolve("sets.jsonl");
        List<String> lines = new ArrayList<>();
        for (RerankedResult result : results) {
            ObjectNode set = (ObjectNode) Json.mapper().readTree(setOf(result.requestId()));
            lines.add(set.put("profile", "v" + result.profile().version()).toString());
        }
        Files.write(input, lines);

        Map<String, RerankedResult> again = run(input, profilesFile);

        assertThat(again).hasSize(results.size());
        for (RerankedResult result : results) {
            long version = result.profile().version();
            assertThat(what(again.get(result.requestId())))
                    .as("%s, version %d", result.requestId(), version)
                    .isEqualTo(what(result));
            String hash =
                    version == 0
                            ? ProfileCatalog.presets().find("default").hash()
                            : hashOf(published.get(version));
            assertThat(result.profile()).isEqualTo(new ProfileReference("default", version, hash));
        }
    }

    private String hashOf(JsonNode profile) throws Exception {
        ObjectNode file = Json.mapper().createObjectNode().put("schema", 1);
        file.putObject("profiles").set("default", profile);
        Path path = folder.resolve("one.yaml");
        Files.writeString(path, file.toString());
        return ProfileCatalog.load(path).find("default").hash();
    }

    /** All that the profile has an influence on; names, hashes and times differ. */
    private static JsonNode what(RerankedResult result) {
        ObjectNode tree = Json.mapper().valueToTree(result);
        tree.remove(List.of("profile", "result_id", "timings"));
        return tree;
    }

    private Map<String, RerankedResult> run(Path input, Path profilesFile) throws Exception {
        Path output = folder.resolve("results");
        Map<String, String> options = new HashMap<>();
        options.put("source.type", "files");
        options.put("files.input", input.toString());
        options.put("files.output", output.toUri().toString());
        options.put("files.dead-letters", folder.resolve("dead-letters").toUri().toString());
        options.put("profiles.file", profilesFile.toString());
        options.put("scoring.model", TestingScorer.control().packagePath());
        options.put("scoring.check-at-submission", "false");
        StreamExecutionEnvironment env =
                StreamExecutionEnvironment.getExecutionEnvironment(new Configuration());
        env.setParallelism(1);
        RerankJob.build(env, Configuration.fromMap(options), new TestingScorer.Factory());
        env.execute();
        Map<String, RerankedResult> results = new HashMap<>();
        try (Stream<Path> files = Files.walk(output)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                for (String line : Files.readAllLines(file)) {
                    RerankedResult result =
                            Json.mapper()
                                    .readValue(
                                            line.substring(line.indexOf('\t') + 1),
                                            RerankedResult.class);
                    results.put(result.requestId(), result);
                }
            }
        }
        return results;
    }

    private void sendSets(TestingTopics topics, int count) throws Exception {
        for (int i = 0; i < count; i++) {
            topics.send(setOf("r-" + sent++));
        }
    }

    private static String setOf(String requestId) {
        return TestingJson.set(
                requestId,
                IntStream.range(0, 6)
                        .mapToObj(
                                i ->
                                        switch (i % 3) {
                                                    case 0 -> "red dress ";
                                                    case 1 -> "red coat ";
                                                    default -> "blue coat ";
                                                }
                                                + requestId
                                                + i)
                        .toArray(String[]::new));
    }

    private static ControlChange set(String name, String fields) throws IOException {
        return new ControlChange(
                "set-" + System.nanoTime(),
                ControlAction.SET_PROFILE,
                name,
                Json.mapper().readTree(fields),
                null,
                null);
    }

    private static String change(String fields) throws IOException {
        return Json.mapper().writeValueAsString(set("default", fields));
    }

    private static ControlClient client(TestingTopics topics) {
        return new ControlClient(
                new KafkaTopics(kafka.bootstrapServers(), Map.of()),
                topics.control(),
                topics.controlReplies());
    }

    private static JobClient start(TestingTopics topics) throws Exception {
        return start(topics, 2, new Configuration(), topics.control());
    }

    private static JobClient start(TestingTopics topics, String controlTopic) throws Exception {
        return start(topics, 2, new Configuration(), controlTopic);
    }

    private static JobClient start(TestingTopics topics, int parallelism, String savepoint)
            throws Exception {
        Configuration cluster = new Configuration();
        cluster.set(StateRecoveryOptions.SAVEPOINT_PATH, savepoint);
        return start(topics, parallelism, cluster, topics.control());
    }

    private static JobClient start(
            TestingTopics topics, int parallelism, Configuration cluster, String controlTopic)
            throws Exception {
        StreamExecutionEnvironment env =
                StreamExecutionEnvironment.getExecutionEnvironment(cluster);
        env.setParallelism(parallelism);
        env.enableCheckpointing(500);
        Map<String, String> options = new HashMap<>();
        options.put("kafka.bootstrap-servers", kafka.bootstrapServers());
        options.put("kafka.group-id", topics.candidateSets());
        options.put("kafka.topics.candidate-sets", topics.candidateSets());
        options.put("kafka.topics.reranked-results", topics.results());
        options.put("kafka.topics.dead-letters", topics.deadLetters());
        options.put("kafka.topics.control-replies", topics.controlReplies());
        options.put("scoring.model", TestingScorer.control().packagePath());
        options.put("scoring.check-at-submission", "false");
        options.put("scoring.model-linger", "0 ms");
        options.put("kafka.topics.control", controlTopic);
        RerankJob.build(env, Configuration.fromMap(options), new TestingScorer.Factory());
        return env.executeAsync();
    }
}
