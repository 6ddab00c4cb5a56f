package dev.lychee.rerank.deploy.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.lychee.rerank.schemas.DeadLetter;
import dev.lychee.rerank.schemas.Json;
import dev.lychee.rerank.schemas.RerankedResult;
import dev.lychee.rerank.schemas.ResultItem;
import dev.lychee.rerank.schemas.Status;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.runtime.testutils.CommonTestUtils;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A client that shares no code with the project talks to the local stack and its real model. */
class ForeignClientTest {

    private static final Path MODEL = Path.of("models/lychee-nano").toAbsolutePath();
    private static final long RETRY_MILLIS = 200;

    @TempDir private static Path folder;

    private static @Nullable LocalStack stack;
    private static int files;

    @BeforeAll
    static void start() throws Exception {
        assumeTrue(isInstalled("kcat"), "kcat is not installed (Debian: apt-get install kcat)");
        stack =
                LocalStack.start(
                        FreePorts.any(),
                        FreePorts.any(),
                        Configuration.fromMap(
                                Map.of(
                                        "scoring.model", MODEL.toString(),
                                        "limits.document", "2 kb",
                                        "assembly.shard-wait", "3 s")));
    }

    @AfterAll
    static void stop() throws IOException {
        if (stack != null) {
            stack.close();
        }
    }

    @Test
    void aSetMadeByHandComesBackInASensibleOrder() throws Exception {
        produce(
                "{\"request_id\":\"by-hand\",\"query\":\"red summer dress\",\"documents\":[\"blue men's"
                        + " winter coat\",\"leather office chair\",\"red floral summer dress for women\"]}");

        RerankedResult result = awaitResult("by-hand");

        assertThat(result.status()).isEqualTo(Status.COMPLETE);
        assertThat(result.results().get(0).id()).isEqualTo("2");
        assertThat(result.models())
                .extracting(model -> model.name())
                .containsExactly("lychee-nano");
    }

    @Test
    void whatCannotBeUsedIsADeadLetterWithASentenceAndTheJobGoesOn() throws Exception {
        produce("garbage");
        produce("{\"request_id\":\"empty\",\"query\":\"q\",\"candidates\":[]}");
        produce(
                "{\"request_id\":\"twice\",\"query\":\"q\",\"candidates\":[{\"id\":\"a\",\"text\":\"x\"},"
                        + "{\"id\":\"a\",\"text\":\"y\"}]}");
        produce(
                "{\"request_id\":\"long\",\"query\":\"q\",\"documents\":[\""
                        + "x".repeat(3_000)
                        + "\"]}");
        produce(
                "{\"request_id\":\"profile\",\"query\":\"q\",\"documents\":[\"x\"],\"profile\":\"fancy\"}");
        produce(new byte[] {'{', '"', (byte) 0xFF, '"', ':', '1', '}'});
        produce("{\"request_id\":\"after-all\",\"query\":\"q\",\"documents\":[\"x\"]}");

        assertThat(awaitResult("after-all").status()).isEqualTo(Status.COMPLETE);
        awaitDeadLetters(6);
        assertThat(deadLetters())
                .extracting(DeadLetter::message)
                .anySatisfy(m -> assertThat(m).startsWith("not JSON at line 1, column"))
                .anySatisfy(m -> assertThat(m).startsWith("candidates: the list is empty"))
                .anySatisfy(m -> assertThat(m).startsWith("candidates[1].id: \"a\" stands twice"))
                .anySatisfy(
                        m ->
                                assertThat(m)
                                        .startsWith(
                                                "candidates[0]: 3,000 bytes of text, the limit is 2,048"))
                .anySatisfy(
                        m -> assertThat(m).startsWith("profile: there is no \"fancy\"; known are"))
                .anySatisfy(m -> assertThat(m).startsWith("byte 2 is not valid UTF-8"));
        assertThat(running().job().isReady()).isTrue();
        assertThat(running().job().isRestarting()).isFalse();
    }

    @Test
    void oneCandidateAndAThousandComeBackWhole() throws Exception {
        produce("{\"request_id\":\"one\",\"query\":\"red dress\",\"documents\":[\"red dress\"]}");
        produce(
                "{\"request_id\":\"thousand\",\"query\":\"red dress\",\"documents\":[%s]}"
                        .formatted(
                                IntStream.range(0, 1_000)
                                        .mapToObj(
                                                i ->
                                                        "\"%s %d\""
                                                                .formatted(
                                                                        i % 10 == 0
                                                                                ? "red dress"
                                                                                : "blue office chair",
                                                                        i))
                                        .collect(Collectors.joining(","))));

        assertThat(awaitResult("one").results())
                .singleElement()
                .satisfies(item -> assertThat(item.score()).isEqualTo(0.5));
        RerankedResult thousand = awaitResult("thousand");
        assertThat(thousand.results())
                .extracting(ResultItem::index)
                .containsExactlyInAnyOrderElementsOf(IntStream.range(0, 1_000).boxed().toList());
        assertThat(thousand.results().subList(0, 100))
                .allSatisfy(item -> assertThat(item.index() % 10).isZero());
        assertThat(thousand.results()).allSatisfy(item -> assertThat(item.scored()).isTrue());
    }

    @Test
    void shardsAreMergedAMissingOneIsWaitedForAndALateOneRefused() throws Exception {
        produce(shard("merged", 0, 3, "a", "b"));
        produce(shard("merged", 2, 3, "d"));
        produce(shard("merged", 1, 3, "b", "c"));
        produce(shard("torn", 0, 2, "a"));

        RerankedResult merged = awaitResult("merged");
        assertThat(merged.status()).isEqualTo(Status.COMPLETE);
        assertThat(merged.results())
                .extracting(ResultItem::id)
                .containsExactlyInAnyOrder("a", "b", "c", "d");
        assertThat(awaitResult("torn").status()).isEqualTo(Status.PARTIAL);
        produce(shard("torn", 1, 2, "b"));
        CommonTestUtils.waitUntilCondition(
                () ->
                        deadLetters().stream()
                                .anyMatch(
                                        letter ->
                                                letter.message().contains("shard 1 came too late")),
                RETRY_MILLIS);
    }

    @Test
    void theTraceOfTheProducerComesThroughWithTheSchemaVersion() throws Exception {
        String traceparent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
        Path file = folder.resolve("traced");
        Files.writeString(
                file, "{\"request_id\":\"traced\",\"query\":\"q\",\"documents\":[\"x\"]}");
        kcat(
                "-P",
                "-t",
                running().topics().candidateSets(),
                "-H",
                "traceparent=" + traceparent,
                file.toString());
        awaitResult("traced");

        String headers =
                kcat(
                        "-C",
                        "-t",
                        running().topics().rerankedResults(),
                        "-o",
                        "beginning",
                        "-e",
                        "-q",
                        "-f",
                        "%k %h\\n");

        assertThat(headers.lines()).contains("traced schema=1,traceparent=" + traceparent);
    }

    private static String shard(String id, int index, int count, String... ids) {
        return "{\"request_id\":\"%s\",\"query\":\"red dress\",\"candidates\":[%s],\"shard\":{\"index\":%d,\"count\":%d}}"
                .formatted(
                        id,
                        List.of(ids).stream()
                                .map(
                                        each ->
                                                "{\"id\":\"%s\",\"text\":\"dress %s\"}"
                                                        .formatted(each, each))
                                .collect(Collectors.joining(",")),
                        index,
                        count);
    }

    private static LocalStack running() {
        if (stack == null) {
            throw new IllegalStateException("the stack was not started");
        }
        return stack;
    }

    private static void produce(String message) throws Exception {
        produce(message.getBytes(StandardCharsets.UTF_8));
    }

    private static void produce(byte[] message) throws Exception {
        Path file = folder.resolve("message-" + files++);
        Files.write(file, message);
        // A file named on the command line is sent as one message, whatever bytes it holds.
        kcat("-P", "-t", running().topics().candidateSets(), file.toString());
    }

    private static RerankedResult awaitResult(String requestId) throws Exception {
        List<RerankedResult> found = new ArrayList<>();
        CommonTestUtils.waitUntilCondition(
                () -> {
                    found.clear();
                    for (String line : consume(running().topics().rerankedResults())) {
                        RerankedResult result = Json.mapper().readValue(line, RerankedResult.class);
                        if (result.requestId().equals(requestId)) {
                            found.add(result);
                        }
                    }
                    return !found.isEmpty();
                },
                RETRY_MILLIS);
        assertThat(found).as("answered once").hasSize(1);
        return found.get(0);
    }

    private static void awaitDeadLetters(int atLeast) throws Exception {
        CommonTestUtils.waitUntilCondition(() -> deadLetters().size() >= atLeast, RETRY_MILLIS);
    }

    private static List<DeadLetter> deadLetters() throws Exception {
        List<DeadLetter> letters = new ArrayList<>();
        for (String line : consume(running().topics().deadLetters())) {
            letters.add(Json.mapper().readValue(line, DeadLetter.class));
        }
        return letters;
    }

    private static List<String> consume(String topic) throws Exception {
        return kcat("-C", "-t", topic, "-o", "beginning", "-e", "-q")
                .lines()
                .filter(line -> !line.isBlank())
                .toList();
    }

    private static String kcat(String... arguments) throws Exception {
        List<String> command =
                new ArrayList<>(List.of("kcat", "-b", running().kafka().bootstrapServers()));
        command.addAll(List.of(arguments));
        Path output = folder.resolve("kcat-output");
        Process process =
                new ProcessBuilder(command)
                        .redirectErrorStream(false)
                        .redirectOutput(output.toFile())
                        .redirectError(ProcessBuilder.Redirect.DISCARD)
                        .start();
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).as("kcat %s", command).isTrue();
        assertThat(process.exitValue()).as("kcat %s", command).isZero();
        return Files.readString(output);
    }

    private static boolean isInstalled(String program) {
        try {
            return new ProcessBuilder(program, "-V")
                            .redirectErrorStream(true)
                            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                            .start()
                            .waitFor()
                    == 0;
        } catch (IOException e) {
            return false;
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
