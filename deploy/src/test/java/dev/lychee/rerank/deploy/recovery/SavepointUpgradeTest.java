package dev.lychee.rerank.deploy.recovery;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lychee.rerank.deploy.local.LocalKafka;
import dev.lychee.rerank.job.RerankJob;
import dev.lychee.rerank.operators.scoring.TestingScorer;
import dev.lychee.rerank.schemas.DeadLetter;
import dev.lychee.rerank.schemas.Reason;
import dev.lychee.rerank.schemas.RerankedResult;
import dev.lychee.rerank.schemas.ResultItem;
import dev.lychee.rerank.schemas.Status;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.StateRecoveryOptions;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.core.execution.SavepointFormatType;
import org.apache.flink.runtime.testutils.MiniClusterResourceConfiguration;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.test.junit5.MiniClusterExtension;
import org.apache.flink.util.FileUtils;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Savepoints of every release are restored by today's code. Each was taken when one request had its
 * first of two shards, one waited at the scorer, and one was answered.
 */
class SavepointUpgradeTest {

    private static final Path SAVEPOINTS = Path.of("src/test/resources/savepoints");

    /** Timers hold absolute times: these waits must outlast the fixture. */
    private static final String FOR_EVER = "36500 d";

    private static final String SHARD_ONE = TestingJson.shard("torn", 0, 2, "a", "b");
    private static final String SHARD_TWO = TestingJson.shard("torn", 1, 2, "b", "c");
    private static final String ANSWERED = TestingJson.set("answered", "red dress", "hat");
    private static final String IN_FLIGHT = TestingJson.set("in-flight", "blue hat", "red dress");

    @RegisterExtension
    private static final MiniClusterExtension CLUSTER =
            new MiniClusterExtension(
                    new MiniClusterResourceConfiguration.Builder()
                            .setConfiguration(new Configuration())
                            .setNumberTaskManagers(1)
                            .setNumberSlotsPerTaskManager(2)
                            .build());

    @TempDir private Path folder;

    static Stream<String> releases() throws IOException {
        try (Stream<Path> folders = Files.list(SAVEPOINTS)) {
            return folders.map(each -> each.getFileName().toString()).sorted().toList().stream();
        }
    }

    @ParameterizedTest
    @MethodSource("releases")
    void restoresWhatARequestHadSoFar(String release) throws Exception {
        try (LocalKafka kafka = LocalKafka.start();
                TestingTopics topics = new TestingTopics(kafka, "upgrade")) {
            // The savepoint continues at offset 3.
            for (String consumed : List.of(ANSWERED, SHARD_ONE, IN_FLIGHT)) {
                topics.send(consumed);
            }
            Configuration cluster = new Configuration();
            cluster.set(
                    StateRecoveryOptions.SAVEPOINT_PATH,
                    SAVEPOINTS.resolve(release).toAbsolutePath().toUri().toString());
            JobClient job = start(kafka, topics, TestingScorer.control(), cluster);
            topics.send(SHARD_TWO);
            topics.send(ANSWERED);

            List<RerankedResult> results =
                    topics.read(topics.results(), false, 2, RerankedResult.class);
            List<DeadLetter> letters =
                    topics.read(topics.deadLetters(), false, 1, DeadLetter.class);
            job.cancel().get();

            results.sort(Comparator.comparing(RerankedResult::requestId));
            assertThat(results)
                    .extracting(RerankedResult::requestId)
                    .containsExactly("in-flight", "torn");
            assertThat(results).allSatisfy(r -> assertThat(r.status()).isEqualTo(Status.COMPLETE));
            assertThat(results.get(0).results())
                    .extracting(ResultItem::index)
                    .containsExactly(1, 0);
            assertThat(results.get(1).results())
                    .extracting(ResultItem::id)
                    .containsExactlyInAnyOrder("a", "b", "c");
            assertThat(letters)
                    .singleElement()
                    .satisfies(
                            letter -> {
                                assertThat(letter.reason()).isEqualTo(Reason.ALREADY_ANSWERED);
                                assertThat(letter.requestId()).isEqualTo("answered");
                            });
        }
    }

    /** Writes the fixture of a release: {@code -Dsavepoint.write=0.1.0}. */
    @Test
    @EnabledIfSystemProperty(named = "savepoint.write", matches = ".+")
    void writesAFixture() throws Exception {
        TestingScorer.Control control = TestingScorer.control();
        try (LocalKafka kafka = LocalKafka.start();
                TestingTopics topics = new TestingTopics(kafka, "upgrade")) {
            JobClient job = start(kafka, topics, control, new Configuration());
            topics.send(ANSWERED);
            topics.read(topics.results(), false, 1, RerankedResult.class);
            topics.send(SHARD_ONE);
            control.awaitBatches(2);
            control.block();
            topics.send(IN_FLIGHT);
            control.awaitBatches(3);
            topics.awaitCheckpointOf("upgrade", 3);

            String path =
                    job.triggerSavepoint(folder.toUri().toString(), SavepointFormatType.CANONICAL)
                            .get();
            control.release();
            job.cancel().get();

            Path target = SAVEPOINTS.resolve(System.getProperty("savepoint.write"));
            FileUtils.deleteDirectory(target.toFile());
            Files.createDirectories(SAVEPOINTS);
            FileUtils.copy(
                    new org.apache.flink.core.fs.Path(path),
                    new org.apache.flink.core.fs.Path(target.toUri()),
                    false);
        }
        assertThat(SAVEPOINTS.resolve(System.getProperty("savepoint.write")).resolve("_metadata"))
                .exists();
    }

    private static JobClient start(
            LocalKafka kafka,
            TestingTopics topics,
            TestingScorer.Control control,
            Configuration cluster)
            throws Exception {
        StreamExecutionEnvironment env =
                StreamExecutionEnvironment.getExecutionEnvironment(cluster);
        env.setParallelism(1);
        env.enableCheckpointing(200);
        Configuration options =
                Configuration.fromMap(
                        Map.of(
                                "kafka.bootstrap-servers",
                                kafka.bootstrapServers(),
                                "kafka.group-id",
                                "upgrade",
                                "kafka.topics.candidate-sets",
                                topics.candidateSets(),
                                "kafka.topics.reranked-results",
                                topics.results(),
                                "kafka.topics.dead-letters",
                                topics.deadLetters(),
                                "scoring.model",
                                control.packagePath(),
                                "scoring.check-at-submission",
                                "false",
                                "scoring.model-linger",
                                "0 ms",
                                "assembly.shard-wait",
                                FOR_EVER,
                                "assembly.remember-answered",
                                FOR_EVER));
        RerankJob.build(env, options, new TestingScorer.Factory());
        return env.executeAsync();
    }
}
