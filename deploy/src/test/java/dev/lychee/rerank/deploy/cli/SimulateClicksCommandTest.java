package dev.lychee.rerank.deploy.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lychee.rerank.deploy.clicks.TestingResults;
import dev.lychee.rerank.deploy.local.FreePorts;
import dev.lychee.rerank.deploy.local.LocalKafka;
import dev.lychee.rerank.deploy.local.TestingRecords;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The command against a real broker, to which results come all the time. */
class SimulateClicksCommandTest {

    private static LocalKafka kafka;

    @TempDir private Path folder;

    @BeforeAll
    static void startBroker() throws IOException {
        kafka = LocalKafka.start();
        kafka.createTopics(1, List.of("reranked-results", "interactions"));
    }

    @AfterAll
    static void stopBroker() throws IOException {
        kafka.close();
    }

    @Test
    void showsTheErrorOfEachMapThatComesToHold() throws Exception {
        TestingCommandLine run =
                whileResultsCome("--count", "400", "--window", "50", "--delay", "0");

        assertThat(run.errors()).isEmpty();
        assertThat(run.exitCode()).isZero();
        assertThat(run.output())
                .contains(
                        "The truth: P(relevant) = sigmoid((logit - 1.5) / 1.8).",
                        "Calibration error 0.270 → 0.270, 1 new maps.")
                .containsPattern("0:\\d\\d +[0-9,]+ +[0-9,]+ +none +0\\.\\d{3} +█+")
                .containsPattern("#1 7 ")
                .containsPattern("[0-9,]+ results \\([0-9,]+ unusable\\), [0-9,]+ impressions");
    }

    @Test
    void takesTheTruthFromJudgements() throws Exception {
        Path qrels = Files.writeString(folder.resolve("qrels"), "r 0 sku-1 1\n");

        TestingCommandLine run =
                whileResultsCome("--count", "50", "--judgements", qrels.toString());

        assertThat(run.errors()).isEmpty();
        assertThat(run.output()).contains("P(relevant) by grade from 0 on: 0.000 0.500");
    }

    @Test
    void endsAfterItsTimeThoughNothingComes() {
        TestingCommandLine run = run("--duration", "1");

        assertThat(run.exitCode()).isZero();
        assertThat(run.output()).contains("0 impressions, 0 clicks");
    }

    @Test
    void saysWhatIsWrong() throws IOException {
        Path qrels = Files.writeString(folder.resolve("qrels"), "r 0 sku-1 1\n");

        assertMistake(run("--results-topic", "absent"), "There is no topic absent at ");
        assertMistake(run("--browsing", "upwards"), "--browsing must be position-based or cascade");
        assertMistake(run("--trust", "2"), "together at most 1");
        assertMistake(run("--truth-scale", "0"), "the scale must be above 0");
        assertMistake(run("--clients", "0"), "clients and places must be at least 1");
        assertMistake(run("--window", "0"), "--window 1 or more");
        assertMistake(run("--grades", "0,1"), "--grades needs --judgements.");
        assertMistake(
                run("--judgements", qrels.toString(), "--truth-shift", "1"), "are two truths");
        assertMistake(run("--judgements", "/absent"), "There is no file /absent.");
    }

    @Test
    void saysThatNoBrokerAnswers() throws IOException {
        int port = FreePorts.any();

        assertMistake(
                TestingCommandLine.run(
                        "simulate-clicks", "--bootstrap-servers", "localhost:" + port),
                "No Kafka broker answers at localhost:" + port + ": check --bootstrap-servers.");
    }

    private static TestingCommandLine whileResultsCome(String... arguments)
            throws InterruptedException {
        Thread sending = new Thread(SimulateClicksCommandTest::send, "results");
        sending.start();
        try {
            return run(arguments);
        } finally {
            sending.interrupt();
            sending.join();
        }
    }

    /** First without a map, then with one, and a line of garbage in between. */
    private static void send() {
        try (KafkaProducer<String, String> producer = TestingRecords.producer(kafka)) {
            for (int i = 0; !Thread.currentThread().isInterrupted(); i++) {
                String id = "r-" + i;
                String value =
                        i % 10 == 9
                                ? "garbage"
                                : TestingResults.json(id, (i / 150) % 2 * 7L, 2, 1, 0);
                producer.send(new ProducerRecord<>("reranked-results", id, value)).get();
            }
        } catch (Exception stopped) {
            Thread.currentThread().interrupt();
        }
    }

    private static TestingCommandLine run(String... arguments) {
        List<String> all = new ArrayList<>(List.of("simulate-clicks"));
        all.add("--bootstrap-servers");
        all.add(kafka.bootstrapServers());
        all.addAll(List.of(arguments));
        return TestingCommandLine.run(all.toArray(String[]::new));
    }

    private static void assertMistake(TestingCommandLine run, String sentence) {
        assertThat(run.errors()).contains("lychee: ").contains(sentence).doesNotContain("\tat ");
        assertThat(run.exitCode()).isEqualTo(ExitCodes.USER_MISTAKE);
    }
}
