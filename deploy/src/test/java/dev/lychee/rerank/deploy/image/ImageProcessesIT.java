package dev.lychee.rerank.deploy.image;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.lychee.rerank.deploy.cli.TestingCommandLine;
import dev.lychee.rerank.deploy.local.FreePorts;
import dev.lychee.rerank.deploy.local.LocalKafka;
import dev.lychee.rerank.deploy.local.TestingRecords;
import dev.lychee.rerank.schemas.Json;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * JobManager and TaskManager as processes of their own, from the image: what class loading and
 * native libraries do there shows in no test that runs in one JVM.
 */
class ImageProcessesIT {

    private static final Path MODEL =
            Path.of("../operators/src/test/resources/models/cls-one").toAbsolutePath().normalize();

    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final HttpClient HTTP = HttpClient.newHttpClient();

    @TempDir private Path folder;

    private LocalKafka kafka;
    private ImageProcess jobManager;
    private ImageProcess taskManager;
    private int restPort;
    private int rpcPort;

    @BeforeEach
    void startProcesses() throws Exception {
        System.setProperty("lychee.home", Path.of("").toAbsolutePath().toString());
        kafka = LocalKafka.start();
        kafka.createTopics(2, List.of("candidate-sets", "reranked-results", "dead-letters"));
        kafka.createTopics(1, List.of("control", "control-replies"));
        restPort = FreePorts.any();
        rpcPort = FreePorts.any();
        jobManager =
                ImageProcess.start(
                        folder,
                        "jobmanager.sh",
                        List.of(
                                "-Drest.port=" + restPort,
                                "-Djobmanager.rpc.port=" + rpcPort,
                                "-Djobmanager.memory.process.size=1g",
                                "-Dexecution.checkpointing.dir=" + folder.resolve("chk").toUri(),
                                "-Dio.tmp.dirs=" + folder));
        taskManager = startTaskManager();
        await(
                "the TaskManager registers",
                () -> rest("/overview").path("taskmanagers").asInt() == 1);
    }

    @AfterEach
    void stopProcesses() throws Exception {
        taskManager.close();
        jobManager.close();
        kafka.close();
        System.clearProperty("lychee.home");
    }

    @Test
    void runsTheJobTwiceOnOneTaskManagerWithOneLoadOfTheModel() throws Exception {
        String first = submit();
        assertThat(answerTo("r-1")).contains("\"request_id\":\"r-1\"", "\"status\":\"complete\"");
        cancel(first);

        String second = submit();
        assertThat(answerTo("r-2")).contains("\"request_id\":\"r-2\"", "\"status\":\"complete\"");
        cancel(second);

        String log = taskManager.output();
        assertThat(log).containsOnlyOnce("Loaded model ");
        assertThat(log).contains("is resident, reused");
        assertThat(log).doesNotContain("already loaded in another classloader");
        assertThat(log).doesNotContain("UnsatisfiedLinkError");
    }

    @Test
    void answersAgainAfterTheTaskManagerWasKilled() throws Exception {
        String job = submit();
        assertThat(answerTo("r-1")).contains("\"status\":\"complete\"");

        taskManager.kill();
        taskManager = startTaskManager();

        assertThat(answerTo("r-2")).contains("\"status\":\"complete\"");
        cancel(job);
    }

    private ImageProcess startTaskManager() throws IOException {
        return ImageProcess.start(
                folder,
                "taskmanager.sh",
                List.of(
                        "-Djobmanager.rpc.port=" + rpcPort,
                        "-Dtaskmanager.memory.process.size=2g",
                        "-Dtaskmanager.memory.task.off-heap.size=256m",
                        "-Dio.tmp.dirs=" + folder));
    }

    private String submit() throws Exception {
        TestingCommandLine run =
                TestingCommandLine.run(
                        "submit",
                        "--jobmanager",
                        "localhost:" + restPort,
                        "--bootstrap-servers",
                        kafka.bootstrapServers(),
                        "--model",
                        MODEL.toString(),
                        "-Dexecution.checkpointing.interval=1s",
                        "-Dexecution.checkpointing.dir=" + folder.resolve("chk").toUri());
        assertThat(run.errors()).isEmpty();
        assertThat(run.exitCode()).isZero();
        Matcher id = Pattern.compile("Job {2}([0-9a-f]{32})").matcher(run.output());
        assertThat(id.find()).as(run.output()).isTrue();
        return id.group(1);
    }

    private String answerTo(String requestId) throws Exception {
        try (KafkaProducer<String, String> producer = TestingRecords.producer(kafka)) {
            TestingRecords.send(
                    producer,
                    "candidate-sets",
                    requestId,
                    "{\"request_id\":\"%s\",\"query\":\"red dress\",\"documents\":[\"a\",\"b\"]}"
                            .formatted(requestId));
        }
        try (KafkaConsumer<String, String> results =
                TestingRecords.reader(kafka, "reranked-results")) {
            return TestingRecords.await(results, requestId, PATIENCE);
        }
    }

    private void cancel(String job) throws Exception {
        HTTP.send(
                HttpRequest.newBuilder(uri("/jobs/" + job + "?mode=cancel"))
                        .method("PATCH", HttpRequest.BodyPublishers.noBody())
                        .build(),
                HttpResponse.BodyHandlers.discarding());
        await(
                "the job is cancelled",
                () -> rest("/jobs/" + job).path("state").asText().equals("CANCELED"));
    }

    private JsonNode rest(String path) throws Exception {
        try {
            return Json.mapper()
                    .readTree(
                            HTTP.send(
                                            HttpRequest.newBuilder(uri(path)).build(),
                                            HttpResponse.BodyHandlers.ofString())
                                    .body());
        } catch (IOException notYetUp) {
            return Json.mapper().createObjectNode();
        }
    }

    private URI uri(String path) {
        return URI.create("http://localhost:" + restPort + path);
    }

    private void await(String what, Callable<Boolean> condition) throws Exception {
        Instant deadline = Instant.now().plus(PATIENCE);
        while (!condition.call()) {
            assertThat(Instant.now())
                    .as("%s; JobManager: %s", what, jobManager.output())
                    .isBefore(deadline);
            assertThat(jobManager.isAlive()).as(jobManager.output()).isTrue();
            TimeUnit.MILLISECONDS.sleep(200);
        }
    }
}
