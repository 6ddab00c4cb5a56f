package dev.lychee.rerank.operators.scoring;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.flink.util.FatalExitExceptionHandler;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BrokenDeviceExitTest {

    /** A process that would go on for ever if its device were well. */
    static final class TestingProcess {

        public static void main(String[] arguments) throws Exception {
            TestingScorer.Control control = TestingScorer.control();
            control.failAlways();
            ScoringService service =
                    SharedScorers.instance()
                            .acquire(
                                    List.of(
                                            new ScorerSpec(
                                                    control.packagePath(), "fp32", "gpu:1", 1)),
                                    new ServiceLimits(new BatchLimits(1, 0), 3, 0),
                                    new TestingScorer.Factory(),
                                    0)
                            .service();
            // Tells an orderly end from a crash.
            Runtime.getRuntime().addShutdownHook(new Thread(() -> System.out.println("hook ran")));
            var unused =
                    service.submit(
                            null, "red dress", List.of("one", "two", "three"), Long.MAX_VALUE);
            new CountDownLatch(1).await();
        }
    }

    @Test
    void endsTheProcessAsFlinkDoesAfterAFatalError(@TempDir Path folder) throws Exception {
        Path output = folder.resolve("output");
        Process process = start(output);
        try {
            assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
            assertThat(process.exitValue()).isEqualTo(FatalExitExceptionHandler.EXIT_CODE & 0xff);
            assertThat(Files.readString(output)).contains("hook ran");
        } finally {
            process.destroyForcibly();
        }
    }

    private static Process start(Path output) throws IOException {
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx128m",
                        "-cp",
                        System.getProperty("java.class.path"),
                        TestingProcess.class.getName())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
    }
}
