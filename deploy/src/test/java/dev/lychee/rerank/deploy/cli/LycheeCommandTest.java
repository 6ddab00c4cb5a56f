package dev.lychee.rerank.deploy.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.lychee.rerank.deploy.demo.TestingSample;
import dev.lychee.rerank.schemas.Json;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LycheeCommandTest {

    /** A package with a model of a few kilobytes. */
    private static final String MODEL = "../operators/src/test/resources/models/cls-one";

    private static final String MODELS = "../operators/src/test/resources/models/";

    private static final String SET =
            "{\"request_id\":\"r-1\",\"query\":\"red dress\",\"documents\":[\"a red dress\",\"a blue shirt\"]}\n";

    @TempDir private Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"demo", "up", "rerank", "submit", "eval"})
    void helpsWithEachCommand(String command) {
        TestingCommandLine run = TestingCommandLine.run(command, "--help");

        assertThat(run.exitCode()).isZero();
        assertThat(run.output()).contains("Usage: lychee " + command, "KEY=VALUE", "--model DIR");
    }

    @Test
    void listsCommandsAndExitCodes() {
        TestingCommandLine run = TestingCommandLine.run("--help");

        assertThat(run.exitCode()).isZero();
        assertThat(run.output())
                .contains("demo", "up", "rerank", "submit", "profiles", "ab", "eval")
                .contains("calibrate", "calibration")
                .contains("simulate-clicks")
                .contains("Exit codes:");
    }

    @Test
    void asksForACommand() {
        assertMistake(TestingCommandLine.run(), "A command is missing.");
    }

    @Test
    void suggestsTheOptionThatWasMeant() {
        assertMistake(TestingCommandLine.run("demo", "--onse"), "Unknown option: '--onse'");
    }

    @Test
    void namesTheModelThatIsMissing() {
        assertMistake(
                TestingCommandLine.run("up", "--model", "/absent"),
                "There is no model package /absent: name its folder with --model.");
    }

    @Test
    void namesTheInputThatIsMissing() {
        assertMistake(
                TestingCommandLine.run("rerank", "--input", "/absent", "--output", "out"),
                "There is no file /absent: check --input.");
    }

    @Test
    void refusesToOverwriteTheInput() throws IOException {
        String input = Files.writeString(folder.resolve("sets.jsonl"), SET).toString();

        assertMistake(
                TestingCommandLine.run("rerank", "--input", input, "--output", input),
                "is the input itself");
    }

    @Test
    void refusesAnEmptyInput() throws IOException {
        String input = Files.writeString(folder.resolve("sets.jsonl"), "\n\n").toString();

        assertMistake(
                TestingCommandLine.run(
                        "rerank", "--model", MODEL, "--input", input, "--output", input + ".out"),
                "is empty: it needs one candidate set per line.");
    }

    @Test
    void namesAnOptionThatTheJobDoesNotHave() throws IOException {
        String input = Files.writeString(folder.resolve("sets.jsonl"), SET).toString();

        assertMistake(
                TestingCommandLine.run(
                        "rerank",
                        "--model",
                        MODEL,
                        "--input",
                        input,
                        "--output",
                        input + ".out",
                        "-Dscoring.presicion=fp32"),
                "there is no option scoring.presicion");
    }

    @Test
    void namesTheProfileThatDoesNotExist() throws IOException {
        String input = Files.writeString(folder.resolve("sets.jsonl"), SET).toString();

        assertMistake(
                TestingCommandLine.run(
                        "rerank",
                        "--model",
                        MODEL,
                        "--input",
                        input,
                        "--output",
                        input + ".out",
                        "--profile",
                        "absent"),
                "there is no profile \"absent\"");
    }

    @Test
    void namesTheModelThatCannotTellAspectsApart() throws IOException {
        String input = Files.writeString(folder.resolve("sets.jsonl"), SET).toString();

        assertMistake(
                TestingCommandLine.run(
                        "rerank",
                        "--model",
                        MODEL,
                        "--input",
                        input,
                        "--output",
                        input + ".out",
                        "--profile",
                        "aspects"),
                "profiles.aspects.aspects: model cls-one reads no instruction");
    }

    @Test
    void reranksByAspectsOfOneModelAndByTwoModels() throws IOException {
        String profiles =
                Files.writeString(
                                folder.resolve("p.yaml"),
                                "{schema: 1, profiles: {mixed: {extends: aspects, models: {yes-no: 1, yes-no-last: 3}}}}")
                        .toString();
        String input =
                Files.writeString(
                                folder.resolve("sets.jsonl"),
                                SET
                                        + SET.replace(
                                                "{\"request_id\":\"r-1\"",
                                                "{\"request_id\":\"r-2\",\"profile\":\"mixed\""))
                        .toString();
        Path output = folder.resolve("results.jsonl");

        TestingCommandLine run =
                TestingCommandLine.run(
                        "rerank",
                        "--model",
                        MODELS + "yes-no",
                        "--model",
                        MODELS + "yes-no-last",
                        "--input",
                        input,
                        "--output",
                        output.toString(),
                        "--profiles-file",
                        profiles,
                        "--profile",
                        "aspects");

        assertThat(run.exitCode()).as(run.errors()).isZero();
        List<String> results = Files.readAllLines(output);
        assertThat(results.get(0))
                .contains("\"models\":[{\"name\":\"yes-no\",\"version\":\"1\"}]")
                .contains("semantic_match", "completeness", "timeliness", "credibility");
        assertThat(results.get(1)).contains("yes-no-last", "semantic_match", "credibility");
    }

    @Test
    void saysThatAFileIsNotYaml() throws IOException {
        String profiles = Files.writeString(folder.resolve("p.yaml"), "profiles: [\n").toString();
        String input = Files.writeString(folder.resolve("sets.jsonl"), SET).toString();

        assertMistake(
                TestingCommandLine.run(
                        "rerank",
                        "--model",
                        MODEL,
                        "--input",
                        input,
                        "--output",
                        input + ".out",
                        "--profiles-file",
                        profiles),
                "profiles.file: ");
    }

    @Test
    void saysThatAPortIsInUse() throws IOException {
        TestingSample.write(folder);
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            String port = String.valueOf(taken.getLocalPort());

            assertMistake(
                    TestingCommandLine.run(
                            "demo",
                            "--sample",
                            folder.toString(),
                            "--model",
                            MODEL,
                            "--kafka-port",
                            port),
                    "Port " + port + " is in use: choose another with --kafka-port");
        }
    }

    @Test
    void namesAFlinkOptionWithAWrongValue() {
        assertMistake(
                TestingCommandLine.run("up", "--model", MODEL, "-Dparallelism.default=many"),
                "Could not parse value 'many' for key 'parallelism.default'");
    }

    @Test
    void refusesANegativePause() {
        assertMistake(TestingCommandLine.run("demo", "--pause=-5"), "--pause must be 0 or more");
    }

    @Test
    void saysThatAReportCannotBeWritten() {
        assertMistake(
                TestingCommandLine.run("demo", "--report", "/absent/report.json"),
                "/absent/report.json cannot be written");
    }

    @Test
    void reranksAFileInItsOrderAndReportsBadLines() throws IOException {
        StringBuilder sets = new StringBuilder();
        for (int i = 1; i <= 20; i++) {
            sets.append(i == 7 ? "{\"not json\n" : SET.replace("r-1", "r-" + i));
        }
        Path input = Files.writeString(folder.resolve("sets.jsonl"), sets);
        Path output = folder.resolve("results.jsonl");

        TestingCommandLine run =
                TestingCommandLine.run(
                        "rerank",
                        "--model",
                        MODEL,
                        "--input",
                        input.toString(),
                        "--output",
                        output.toString());

        assertThat(run.errors()).isEmpty();
        assertThat(run.exitCode()).isEqualTo(ExitCodes.BAD_INPUT);
        assertThat(run.output()).contains("20 sets in, 19 results in", "line 7: not JSON");
        assertThat(Files.readAllLines(output))
                .hasSize(19)
                .satisfies(
                        lines -> {
                            assertThat(lines.get(0)).contains("\"request_id\":\"r-1\"");
                            assertThat(lines.get(6)).contains("\"request_id\":\"r-8\"");
                            assertThat(lines.get(18)).contains("\"request_id\":\"r-20\"");
                        });
        assertThat(Files.readAllLines(folder.resolve("results.jsonl.bad-lines.jsonl")))
                .singleElement()
                .asString()
                .startsWith("{\"line\":7,");
    }

    @Test
    void readsPicturesBelowTheFolderItIsGivenAndTellsOfThoseItCannotRead() throws IOException {
        Path pictures = Files.createDirectory(folder.resolve("pictures"));
        Files.writeString(pictures.resolve("text.jpg"), "no picture");
        BufferedImage red = new BufferedImage(40, 50, BufferedImage.TYPE_INT_RGB);
        ImageIO.write(red, "png", pictures.resolve("good.png").toFile());
        String set =
                "{\"request_id\":\"r-1\",\"query\":\"red dress\",\"candidates\":["
                        + "{\"id\":\"good\",\"text\":\"a dress\",\"image\":{\"uri\":\"%s\"}},"
                        + "{\"id\":\"bad\",\"text\":\"a dress\",\"image\":{\"uri\":\"%s\"}}]}";
        Path input =
                Files.writeString(
                        folder.resolve("sets.jsonl"),
                        set.formatted(
                                pictures.resolve("good.png").toUri(),
                                pictures.resolve("text.jpg").toUri()));
        Path output = folder.resolve("results.jsonl");

        TestingCommandLine run =
                TestingCommandLine.run(
                        "rerank",
                        "--model",
                        MODELS + "pictures",
                        "--images",
                        pictures.toString(),
                        "--input",
                        input.toString(),
                        "--output",
                        output.toString());

        assertThat(run.errors()).isEmpty();
        assertThat(run.output())
                .contains("1 sets in, 1 results in", "1 sets have pictures that could not be read")
                .doesNotContain("lines cannot be used");
        assertThat(run.exitCode()).isEqualTo(ExitCodes.BAD_INPUT);
        assertThat(Files.readString(output))
                .contains("\"image\":\"ok\"", "\"image\":\"not-an-image\"");
        assertThat(folder.resolve("results.jsonl.bad-lines.jsonl")).doesNotExist();
    }

    @Test
    void doesNotFollowARedirectIntoAPrivateNetworkAndScoresTheRest() throws IOException {
        ByteArrayOutputStream picture = new ByteArrayOutputStream();
        ImageIO.write(new BufferedImage(40, 50, BufferedImage.TYPE_INT_RGB), "png", picture);
        AtomicInteger askedInside = new AtomicInteger();
        HttpServer inside = server();
        inside.createContext(
                "/",
                exchange -> {
                    askedInside.incrementAndGet();
                    answer(exchange, 200, null, picture.toByteArray());
                });
        HttpServer outside = server();
        outside.createContext(
                "/good.png", exchange -> answer(exchange, 200, null, picture.toByteArray()));
        Map<String, String> redirects =
                Map.of(
                        "/same-machine.png",
                        "http://127.0.0.1:" + inside.getAddress().getPort() + "/secret.png",
                        "/private.png",
                        "http://10.0.0.1/secret.png",
                        "/metadata.png",
                        "http://169.254.169.254/latest/meta-data/");
        redirects.forEach(
                (path, target) ->
                        outside.createContext(
                                path, exchange -> answer(exchange, 302, target, new byte[0])));
        String host = "localhost:" + outside.getAddress().getPort();
        String candidates =
                Stream.concat(Stream.of("/good.png"), redirects.keySet().stream())
                        .map(
                                path ->
                                        "{\"id\":\"%s\",\"text\":\"a dress\",\"image\":{\"uri\":\"http://%s%s\"}}"
                                                .formatted(path, host, path))
                        .collect(Collectors.joining(","));
        Path input =
                Files.writeString(
                        folder.resolve("sets.jsonl"),
                        "{\"request_id\":\"r-1\",\"query\":\"red dress\",\"candidates\":[%s]}"
                                .formatted(candidates));
        Path output = folder.resolve("results.jsonl");
        TestingCommandLine run;
        try {
            run =
                    TestingCommandLine.run(
                            "rerank",
                            "--model",
                            MODELS + "pictures",
                            "-D",
                            "images.hosts=" + host,
                            // Else not even the server of this test could be asked.
                            "-D",
                            "images.private-addresses=true",
                            "--input",
                            input.toString(),
                            "--output",
                            output.toString());
        } finally {
            outside.stop(0);
            inside.stop(0);
        }

        assertThat(run.output()).contains("1 sets in, 1 results in");
        JsonNode results = Json.mapper().readTree(output.toFile()).get("results");
        assertThat(results)
                .hasSize(4)
                .allSatisfy(
                        result -> {
                            boolean good = result.get("id").asText().equals("/good.png");
                            assertThat(result.get("image").asText())
                                    .isEqualTo(good ? "ok" : "not-allowed");
                            assertThat(result.get("score").isNumber()).isTrue();
                        });
        assertThat(askedInside).hasValue(0);
    }

    private static HttpServer server() throws IOException {
        HttpServer server =
                HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.start();
        return server;
    }

    private static void answer(
            HttpExchange exchange, int status, @Nullable String location, byte[] content)
            throws IOException {
        if (location != null) {
            exchange.getResponseHeaders().add("Location", location);
        }
        exchange.sendResponseHeaders(status, content.length == 0 ? -1 : content.length);
        exchange.getResponseBody().write(content);
        exchange.close();
    }

    private static void assertMistake(TestingCommandLine run, String sentence) {
        assertThat(run.errors()).contains("lychee: ").contains(sentence).doesNotContain("\tat ");
        assertThat(run.exitCode()).isEqualTo(ExitCodes.USER_MISTAKE);
    }
}
