package dev.lychee.rerank.deploy.calibration;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lychee.rerank.deploy.cli.TestingCommandLine;
import dev.lychee.rerank.deploy.kafka.KafkaTopics;
import dev.lychee.rerank.deploy.local.LocalKafka;
import dev.lychee.rerank.deploy.recovery.TestingTopics;
import dev.lychee.rerank.job.RerankJob;
import dev.lychee.rerank.operators.scoring.TestingScorer;
import dev.lychee.rerank.schemas.CalibrationMap;
import dev.lychee.rerank.schemas.CalibrationReference;
import dev.lychee.rerank.schemas.RerankedResult;
import dev.lychee.rerank.schemas.ResultItem;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.runtime.testutils.MiniClusterResourceConfiguration;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.test.junit5.MiniClusterExtension;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The running job follows the topic of maps, and the command that pins them. */
class LiveMapsTest {

    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final String DEFAULT = "default";
    private static final String MARKER = "marker";

    @RegisterExtension
    private static final MiniClusterExtension CLUSTER =
            new MiniClusterExtension(
                    new MiniClusterResourceConfiguration.Builder()
                            .setConfiguration(new Configuration())
                            .setNumberTaskManagers(1)
                            .setNumberSlotsPerTaskManager(1)
                            .build());

    private static LocalKafka kafka;

    private final TestingScorer.Control scorer = TestingScorer.control();
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
    void resultsNameTheMapThatHoldsFromTheFirstOneOn() throws Exception {
        RerankedResult plain = firstOfAJobThatOnlyKnowsMapsOfAnotherFingerprint();
        String fingerprint = Objects.requireNonNull(plain.fingerprint());
        assertThat(plain.calibration()).isEqualTo(CalibrationReference.IDENTITY);

        try (TestingTopics topics = new TestingTopics(kafka, "pinned")) {
            sent = 0;
            publish(topics, flat(fingerprint, DEFAULT, 7));
            send(topics, DEFAULT);
            JobClient job = start(topics);

            RerankedResult first = results(topics).get(0);
            assertThat(first.calibration())
                    .isEqualTo(new CalibrationReference("isotonic", DEFAULT, 7L));
            assertThat(first.results())
                    .as("a map, here one with a plateau, does not change the order")
                    .extracting(ResultItem::id)
                    .containsExactlyElementsOf(
                            plain.results().stream().map(ResultItem::id).toList());
            assertThat(first.results())
                    .extracting(ResultItem::calibrated)
                    .isNotEqualTo(plain.results().stream().map(ResultItem::calibrated).toList());

            publish(topics, flat(fingerprint, DEFAULT, 8));
            awaitVersion(topics, DEFAULT, 8);

            assertThat(run(topics, "rollback").output()).contains("from version 8 to version 7");
            awaitVersion(topics, DEFAULT, 7);

            publish(topics, flat(fingerprint, DEFAULT, 9), flat(fingerprint, MARKER, 1));
            awaitVersion(topics, MARKER, 1);
            assertThat(next(topics, DEFAULT).calibration().version())
                    .as("version 9 is there, but 7 is pinned")
                    .isEqualTo(7);

            assertThat(run(topics, "unfreeze").output()).contains("results name version 9");
            awaitVersion(topics, DEFAULT, 9);
            job.cancel().get();
        }
    }

    private RerankedResult firstOfAJobThatOnlyKnowsMapsOfAnotherFingerprint() throws Exception {
        try (TestingTopics topics = new TestingTopics(kafka, "unknown")) {
            publish(topics, flat("another", DEFAULT, 7));
            send(topics, DEFAULT);
            JobClient job = start(topics);
            RerankedResult first = results(topics).get(0);
            job.cancel().get();
            return first;
        }
    }

    /** All middling logits have the same probability. */
    private static CalibrationMap flat(String fingerprint, String segment, long version) {
        return new CalibrationMap(
                CalibrationMap.SCHEMA,
                fingerprint,
                segment,
                version,
                "isotonic",
                new double[] {-6, -4, 4.5, 6},
                new double[] {0.1, 0.3, 0.3, 0.6},
                null,
                null,
                null,
                null,
                1000,
                null,
                null,
                null,
                null);
    }

    private static void publish(TestingTopics topics, CalibrationMap... maps) throws IOException {
        kafka.createCompactedTopic(mapsOf(topics), Duration.ofDays(7));
        new MapTopic(new KafkaTopics(kafka.bootstrapServers(), Map.of()), mapsOf(topics))
                .publish(List.of(maps));
    }

    private static TestingCommandLine run(TestingTopics topics, String command) {
        TestingCommandLine run =
                TestingCommandLine.run(
                        "calibration",
                        command,
                        "--segment",
                        DEFAULT,
                        "--topic",
                        mapsOf(topics),
                        "--bootstrap-servers",
                        kafka.bootstrapServers());
        assertThat(run.errors()).isEmpty();
        return run;
    }

    /** Sends one set after the other until a result names the version. */
    private void awaitVersion(TestingTopics topics, String segment, long version) throws Exception {
        long giveUpAt = System.nanoTime() + PATIENCE.toNanos();
        Long named;
        do {
            named = next(topics, segment).calibration().version();
        } while (!Objects.equals(named, version) && System.nanoTime() < giveUpAt);
        assertThat(named).isEqualTo(version);
    }

    private RerankedResult next(TestingTopics topics, String segment) throws Exception {
        send(topics, segment);
        List<RerankedResult> results = results(topics);
        return results.get(results.size() - 1);
    }

    private List<RerankedResult> results(TestingTopics topics) throws IOException {
        return topics.read(topics.results(), false, sent, RerankedResult.class);
    }

    private void send(TestingTopics topics, String segment) throws Exception {
        topics.send(
                """
                {"request_id":"r-%d","profile":"robust","query":"red summer dress","context":{"user_segment":"%s"},
                 "documents":["blue coat","red coat","red summer dress","a red dress","summer dress in red","grey hat"]}
                """
                        .formatted(sent++, segment));
    }

    private static String mapsOf(TestingTopics topics) {
        return topics.candidateSets() + "-maps";
    }

    private JobClient start(TestingTopics topics) throws Exception {
        StreamExecutionEnvironment env =
                StreamExecutionEnvironment.getExecutionEnvironment(new Configuration());
        env.setParallelism(1);
        env.enableCheckpointing(500);
        Map<String, String> options = new HashMap<>();
        options.put("kafka.bootstrap-servers", kafka.bootstrapServers());
        options.put("kafka.group-id", topics.candidateSets());
        options.put("kafka.topics.candidate-sets", topics.candidateSets());
        options.put("kafka.topics.reranked-results", topics.results());
        options.put("kafka.topics.dead-letters", topics.deadLetters());
        options.put("kafka.topics.control", topics.control());
        options.put("kafka.topics.control-replies", topics.controlReplies());
        options.put("kafka.topics.calibration-maps", mapsOf(topics));
        options.put("scoring.model", scorer.packagePath());
        options.put("scoring.check-at-submission", "false");
        options.put("scoring.model-linger", "0 ms");
        RerankJob.build(env, Configuration.fromMap(options), new TestingScorer.Factory());
        return env.executeAsync();
    }
}
