package dev.lychee.rerank.deploy.recovery;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lychee.rerank.deploy.local.LocalKafka;
import dev.lychee.rerank.job.RerankJob;
import dev.lychee.rerank.job.RerankOptions;
import dev.lychee.rerank.operators.scoring.TestingScorer;
import dev.lychee.rerank.schemas.RerankedResult;
import dev.lychee.rerank.schemas.ResultItem;
import dev.lychee.rerank.schemas.Status;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.connector.base.DeliveryGuarantee;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.runtime.minicluster.MiniCluster;
import org.apache.flink.runtime.testutils.MiniClusterResourceConfiguration;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.test.junit5.InjectMiniCluster;
import org.apache.flink.test.junit5.MiniClusterExtension;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A TaskManager dies in the middle of the work, on a real broker. */
class KillAndRestoreTest {

    private static final int SETS = 30;
    private static final int CANDIDATES = 10;
    private static final int NEVER_FULL = 1_000_000;

    @RegisterExtension
    private static final MiniClusterExtension CLUSTER =
            new MiniClusterExtension(
                    new MiniClusterResourceConfiguration.Builder()
                            .setConfiguration(new Configuration())
                            .setNumberTaskManagers(1)
                            .setNumberSlotsPerTaskManager(2)
                            .build());

    private static LocalKafka kafka;

    /** A MiniCluster counts its TaskManagers on, dead ones included. */
    private static int taskManagersKilled;

    @BeforeAll
    static void startBroker() throws IOException {
        kafka = LocalKafka.start();
    }

    @AfterAll
    static void stopBroker() throws IOException {
        kafka.close();
    }

    @Test
    void pairsThatWaitInAnUnfilledBatchSurvive(@InjectMiniCluster MiniCluster cluster)
            throws Exception {
        TestingScorer.Control control = TestingScorer.control();
        try (TestingTopics topics = new TestingTopics(kafka, "waiting")) {
            for (int set = 0; set < SETS; set++) {
                topics.send(set(set));
            }
            Configuration options = options(topics, control);
            options.set(RerankOptions.SCORING_BATCH_TOKENS, NEVER_FULL);
            options.set(RerankOptions.SCORING_BATCH_DELAY, Duration.ofSeconds(15));
            JobClient job = start(options, 200);
            topics.awaitCheckpointOf("waiting", SETS);
            assertThat(control.batches()).as("pairs must still wait").isEmpty();

            kill(cluster);

            List<RerankedResult> results =
                    topics.read(topics.results(), false, SETS, RerankedResult.class);
            assertThat(attempts(cluster, job)).as("the job must have failed").contains(1);
            assertThat(control.batches().stream().mapToInt(List::size).sum())
                    .as("each pair is scored once")
                    .isEqualTo(SETS * CANDIDATES);
            assertAnsweredOnceInTheUndisturbedOrder(results, SETS);
            job.cancel().get();
        }
    }

    @Test
    void readersOfCommittedResultsSeeEachOnceWithExactlyOnce(@InjectMiniCluster MiniCluster cluster)
            throws Exception {
        TestingScorer.Control control = TestingScorer.control();
        try (TestingTopics topics = new TestingTopics(kafka, "once")) {
            Configuration options = options(topics, control);
            options.set(RerankOptions.KAFKA_DELIVERY_GUARANTEE, DeliveryGuarantee.EXACTLY_ONCE);
            options.set(RerankOptions.KAFKA_TRANSACTION_TIMEOUT, Duration.ofMinutes(5));
            JobClient job = start(options, 8_000);
            for (int set = 0; set < SETS; set++) {
                topics.send(set(set));
            }
            topics.read(topics.results(), true, SETS, RerankedResult.class);
            for (int set = SETS; set < 2 * SETS; set++) {
                topics.send(set(set));
            }
            topics.read(topics.results(), false, 2 * SETS, RerankedResult.class);
            assertThat(topics.countCommitted(topics.results()))
                    .as("the second half must be written and not committed when the kill comes")
                    .isEqualTo(SETS);

            kill(cluster);

            List<RerankedResult> committed =
                    topics.read(topics.results(), true, 2 * SETS, RerankedResult.class);
            assertAnsweredOnceInTheUndisturbedOrder(committed, 2 * SETS);
            List<RerankedResult> written =
                    topics.read(topics.results(), false, 3 * SETS, RerankedResult.class);
            assertThat(written)
                    .as("aborted results stay on the topic")
                    .hasSizeGreaterThan(2 * SETS);
            assertThat(new HashSet<>(written.stream().map(RerankedResult::resultId).toList()))
                    .as("what is written again has the same result_id")
                    .hasSize(2 * SETS);
            job.cancel().get();
        }
    }

    private static List<Integer> attempts(MiniCluster cluster, JobClient job) throws Exception {
        List<Integer> attempts = new ArrayList<>();
        for (var vertex :
                cluster.getArchivedExecutionGraph(job.getJobID()).get().getAllExecutionVertices()) {
            attempts.add(vertex.getCurrentExecutionAttempt().getAttemptNumber());
        }
        return attempts;
    }

    private static void kill(MiniCluster cluster) throws Exception {
        cluster.terminateTaskManager(taskManagersKilled++).get();
        cluster.startTaskManager();
    }

    private static JobClient start(Configuration options, long checkpointMillis) throws Exception {
        StreamExecutionEnvironment env =
                StreamExecutionEnvironment.getExecutionEnvironment(new Configuration());
        env.setParallelism(2);
        env.enableCheckpointing(checkpointMillis);
        RerankJob.build(env, options, new TestingScorer.Factory());
        return env.executeAsync();
    }

    private static Configuration options(TestingTopics topics, TestingScorer.Control control) {
        Configuration options =
                Configuration.fromMap(
                        Map.of(
                                "kafka.bootstrap-servers", kafka.bootstrapServers(),
                                "kafka.group-id", topics.candidateSets().split("-", 2)[0],
                                "kafka.transactional-id-prefix", topics.candidateSets(),
                                "kafka.topics.candidate-sets", topics.candidateSets(),
                                "kafka.topics.reranked-results", topics.results(),
                                "kafka.topics.dead-letters", topics.deadLetters(),
                                "scoring.model", control.packagePath(),
                                "scoring.check-at-submission", "false",
                                "scoring.model-linger", "0 ms"));
        return options;
    }

    private static void assertAnsweredOnceInTheUndisturbedOrder(
            List<RerankedResult> results, int sets) {
        assertThat(results)
                .extracting(RerankedResult::requestId)
                .containsExactlyInAnyOrderElementsOf(
                        IntStream.range(0, sets).mapToObj(set -> "r-" + set).toList());
        for (RerankedResult result : results) {
            int set = Integer.parseInt(result.requestId().substring(2));
            assertThat(result.status()).isEqualTo(Status.COMPLETE);
            assertThat(result.results())
                    .extracting(ResultItem::index)
                    .containsExactlyElementsOf(undisturbedOrder(set));
        }
    }

    private static List<Integer> undisturbedOrder(int set) {
        return IntStream.range(0, CANDIDATES)
                .boxed()
                .sorted(
                        Comparator.comparingDouble(
                                i -> -TestingScorer.expectedLogit("red dress", document(set, i))))
                .toList();
    }

    private static String set(int number) {
        return TestingJson.set(
                "r-" + number,
                IntStream.range(0, CANDIDATES)
                        .mapToObj(i -> document(number, i))
                        .toArray(String[]::new));
    }

    private static String document(int set, int candidate) {
        String words =
                switch (candidate % 3) {
                    case 0 -> "red dress";
                    case 1 -> "red coat";
                    default -> "blue coat";
                };
        return words + " " + set + "-" + candidate;
    }
}
