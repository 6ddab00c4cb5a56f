package dev.lychee.rerank.deploy.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.lychee.rerank.deploy.local.FreePorts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The {@code lychee} script as users start it. */
class LycheeScriptIT {

    private static final Path SCRIPT = Path.of("lychee").toAbsolutePath();
    private static final String MODEL =
            Path.of("../operators/src/test/resources/models/cls-one")
                    .toAbsolutePath()
                    .normalize()
                    .toString();
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    @TempDir private Path folder;

    @Test
    void worksThroughALinkFromAnotherFolder() throws Exception {
        Path link = Files.createSymbolicLink(folder.resolve("link"), SCRIPT);

        Process process = start("version", List.of(link.toString(), "--version"), Map.of());

        assertThat(process.waitFor()).isZero();
        assertThat(output("version")).startsWith("lychee ");
    }

    @Test
    void letsAForeignClientProduceAndConsumeAndStopsCleanly() throws Exception {
        assumeTrue(isInstalled("kcat"), "kcat is not installed");
        int port = FreePorts.any();
        Path temporary = Files.createDirectory(folder.resolve("tmp"));
        Process up =
                start(
                        "up",
                        List.of(
                                SCRIPT.toString(),
                                "up",
                                "--model",
                                MODEL,
                                "--kafka-port",
                                String.valueOf(port),
                                "--ui-port",
                                String.valueOf(FreePorts.any())),
                        Map.of("LYCHEE_JAVA_OPTS", "-Djava.io.tmpdir=" + temporary));
        try {
            await("the stack runs", () -> output("up").contains("Running."));
            Path set =
                    Files.writeString(
                            folder.resolve("set.json"),
                            "{\"request_id\":\"r-1\",\"query\":\"红色 dress\",\"documents\":[\"a\",\"b\"]}\n");

            kcat(
                    "produce",
                    "-P",
                    "-b",
                    "localhost:" + port,
                    "-t",
                    "candidate-sets",
                    "-l",
                    set.toString());
            kcat(
                    "consume",
                    "-C",
                    "-b",
                    "localhost:" + port,
                    "-t",
                    "reranked-results",
                    "-o",
                    "beginning",
                    "-c",
                    "1");

            assertThat(output("consume")).contains("\"request_id\":\"r-1\"", "红色 dress");
        } finally {
            // As the first Ctrl-C: a process that a test starts may ignore SIGINT.
            up.destroy();
        }
        assertThat(up.waitFor(1, TimeUnit.MINUTES)).isTrue();
        assertThat(output("up")).contains("Stopped.").doesNotContain("Exception");
        try (Stream<Path> left = Files.list(temporary)) {
            assertThat(left.map(path -> path.getFileName().toString()))
                    .noneMatch(name -> name.startsWith("lychee-local-"));
        }
    }

    private void kcat(String name, String... arguments) throws Exception {
        Process process =
                start(
                        name,
                        Stream.concat(Stream.of("kcat"), Stream.of(arguments)).toList(),
                        Map.of());
        assertThat(process.waitFor(1, TimeUnit.MINUTES)).isTrue();
        assertThat(process.exitValue()).as(output(name)).isZero();
    }

    private static boolean isInstalled(String program) {
        return Stream.of(System.getenv().getOrDefault("PATH", "").split(":", -1))
                .anyMatch(directory -> Files.isExecutable(Path.of(directory, program)));
    }

    private Process start(String name, List<String> command, Map<String, String> environment)
            throws IOException {
        ProcessBuilder builder =
                new ProcessBuilder(command)
                        .directory(folder.toFile())
                        .redirectErrorStream(true)
                        .redirectOutput(folder.resolve(name + ".out").toFile());
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        builder.environment().putAll(environment);
        return builder.start();
    }

    private String output(String name) throws IOException {
        return Files.readString(folder.resolve(name + ".out"));
    }

    private void await(String what, Callable<Boolean> condition) throws Exception {
        Instant deadline = Instant.now().plus(PATIENCE);
        while (!condition.call()) {
            assertThat(Instant.now()).as(what).isBefore(deadline);
            TimeUnit.MILLISECONDS.sleep(200);
        }
    }
}
