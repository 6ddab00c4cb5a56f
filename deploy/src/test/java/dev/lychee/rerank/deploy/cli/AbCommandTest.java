package dev.lychee.rerank.deploy.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lychee.rerank.deploy.local.FreePorts;
import dev.lychee.rerank.deploy.local.LocalKafka;
import dev.lychee.rerank.deploy.local.TestingRecords;
import dev.lychee.rerank.schemas.Estimate;
import dev.lychee.rerank.schemas.ExperimentPeriod;
import dev.lychee.rerank.schemas.ExperimentRates;
import dev.lychee.rerank.schemas.ExperimentResult;
import dev.lychee.rerank.schemas.Json;
import dev.lychee.rerank.schemas.SampleRatio;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The command against a real broker. */
class AbCommandTest {

    private static final String TOPIC = "experiment-results";

    private static LocalKafka kafka;

    @BeforeAll
    static void writeResults() throws Exception {
        kafka = LocalKafka.start();
        kafka.createCompactedTopic(TOPIC, Duration.ZERO);
        kafka.createTopics(1, List.of("empty"));
        try (KafkaProducer<String, String> producer = TestingRecords.producer(kafka)) {
            send(producer, result("gap", "old", "A", 0, "default", 30, false));
            send(producer, result("gap", "new", "A", 0, "default", 40, false));
            // What came first is not what holds: a restart may write a window again.
            send(producer, result("gap", "new", "B", 1, "default", 42, false));
            send(producer, result("gap", "new", "B", 1, "default", 41, false));
            send(producer, result("gap", "new", "A", 0, "free", 40, true));
            send(producer, result("gap", "new", "B", 1, "free", 40, true));
            send(producer, result("other", "x", "A", 0, "default", 40, false));
            TestingRecords.send(producer, TOPIC, "foreign", "{\"schema\":1}");
            TestingRecords.send(producer, TOPIC, "foreign", "not JSON");
        }
    }

    @AfterAll
    static void stop() throws IOException {
        kafka.close();
    }

    @Test
    void printsWhatIsKnownPerSegment() {
        TestingCommandLine run = run("gap");

        assertThat(run.errors()).isEmpty();
        assertThat(run.exitCode()).isZero();
        assertThat(run.output())
                .contains("gap, segment default, 2026-03-01T00:00:00Z to 2026-03-01T00:00:4")
                .contains("gap, segment free, ")
                .containsPattern("ARM +RESULTS +SEEN +UNITS +SHARE +EXPECTED")
                .containsPattern("B +42,000 +900 +310 +50\\.4 % +50\\.0 %")
                .containsPattern("click, % +A +20\\.00 +19\\.00 to 21\\.00\\s")
                .containsPattern(
                        "B +25\\.00 +23\\.00 to 27\\.00 +\\+5\\.00 +\\+3\\.00 to \\+7\\.00 +better")
                .containsPattern("cart, % +A ")
                .containsPattern("B .*-1\\.00 +-2\\.00 to -0\\.50 +worse")
                .containsPattern("B .*\\+0\\.100 +-0\\.100 to \\+0\\.300 +not known yet")
                .containsPattern("NDCG +A +0\\.700 +0\\.650 to 0\\.750")
                .doesNotContain("other", "30,000");
        assertThat(run.output().indexOf("segment default"))
                .isLessThan(run.output().indexOf("segment free"));
    }

    @Test
    void warnsOfArmsOfTheWrongSize() {
        assertThat(run("gap", "--segment", "default").output()).doesNotContain("believe no");
        assertThat(run("gap", "--segment", "free").output())
                .contains("(p = 0.000020): believe no difference until you know why.");
    }

    @Test
    void printsTheRecordsAsTheyAre() throws IOException {
        TestingCommandLine run = run("gap", "--segment", "default", "--json");

        List<String> lines = run.output().lines().toList();
        assertThat(lines).hasSize(2);
        ExperimentResult b = Json.mapper().readValue(lines.get(1), ExperimentResult.class);
        assertThat(b).isEqualTo(result("gap", "new", "B", 1, "default", 42, false));
    }

    @Test
    void printsAllExperimentsWhenNoneIsNamed() {
        assertThat(run().output()).contains("gap, segment default", "other, segment default");
    }

    @Test
    void saysWhatThereIsInsteadOfWhatWasAskedFor() {
        assertMistake(
                run("absent"),
                "There is nothing about experiment absent; there is something about gap, other.");
        assertMistake(
                run("gap", "--segment", "absent"),
                "There is no segment absent here; there are default, free.");
    }

    @Test
    void saysThatNothingIsKnownYet() {
        TestingCommandLine run = run("--topic", "empty");

        assertThat(run.exitCode()).isZero();
        assertThat(run.output()).contains("Nothing is known yet: ").contains(" writes to empty ");
    }

    @Test
    void namesTheTopicOrTheBrokerThatIsMissing() throws IOException {
        assertMistake(run("--topic", "absent"), "There is no topic absent at localhost:");
        String nowhere = "localhost:" + FreePorts.any();
        assertMistake(
                TestingCommandLine.run("ab", "--bootstrap-servers", nowhere),
                "No Kafka broker answers at " + nowhere);
    }

    private static void send(KafkaProducer<String, String> producer, ExperimentResult result)
            throws Exception {
        TestingRecords.send(
                producer,
                TOPIC,
                result.experiment() + "/" + result.variant() + "/" + result.segment(),
                Json.mapper().writeValueAsString(result));
    }

    private static ExperimentResult result(
            String experiment,
            String hash,
            String variant,
            int arm,
            String segment,
            int seconds,
            boolean mismatch) {
        ExperimentPeriod period =
                new ExperimentPeriod(
                        Instant.parse("2026-03-01T00:00:00Z"),
                        Instant.parse("2026-03-01T00:00:00Z").plusSeconds(seconds),
                        seconds * 1_000L,
                        900,
                        310,
                        arm == 0 ? rates(0.2, 0.01) : rates(0.25, 0.02),
                        arm == 0 ? null : differences());
        return new ExperimentResult(
                ExperimentResult.SCHEMA,
                experiment,
                hash,
                variant,
                arm,
                "A",
                segment,
                period,
                period,
                new SampleRatio(0.5, 0.504, mismatch ? 2e-5 : 0.7, mismatch));
    }

    private static ExperimentRates rates(double click, double half) {
        return new ExperimentRates(
                estimate(click, click - half, click + half),
                estimate(0.1, 0.09, 0.11),
                null,
                estimate(0.7, 0.65, 0.75));
    }

    private static ExperimentRates differences() {
        return new ExperimentRates(
                estimate(0.05, 0.03, 0.07),
                estimate(-0.01, -0.02, -0.005),
                null,
                estimate(0.1, -0.1, 0.3));
    }

    private static Estimate estimate(double value, double low, double high) {
        return new Estimate(value, low, high);
    }

    private static TestingCommandLine run(String... arguments) {
        String[] all = new String[arguments.length + 3];
        all[0] = "ab";
        System.arraycopy(arguments, 0, all, 1, arguments.length);
        all[arguments.length + 1] = "--bootstrap-servers";
        all[arguments.length + 2] = kafka.bootstrapServers();
        return TestingCommandLine.run(all);
    }

    private static void assertMistake(TestingCommandLine run, String sentence) {
        assertThat(run.errors()).contains("lychee: ").contains(sentence).doesNotContain("\tat ");
        assertThat(run.exitCode()).isEqualTo(ExitCodes.USER_MISTAKE);
    }
}
