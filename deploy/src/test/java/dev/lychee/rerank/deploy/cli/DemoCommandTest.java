package dev.lychee.rerank.deploy.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.lychee.rerank.deploy.demo.TestingSample;
import dev.lychee.rerank.schemas.Json;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The demo with a real broker, a real cluster, the real job and a model of a few kilobytes. */
class DemoCommandTest {

    private static final String MODEL = "../operators/src/test/resources/models/cls-one";

    @TempDir private Path folder;

    @BeforeEach
    void writeSample() throws IOException {
        TestingSample.write(folder);
    }

    @Test
    void answersEachQueryOnceAndWritesAReport() throws IOException {
        Path report = folder.resolve("report.json");

        TestingCommandLine run =
                TestingCommandLine.run(
                        "demo",
                        "--once",
                        "--pause",
                        "0",
                        "--sample",
                        folder.toString(),
                        "--model",
                        MODEL,
                        "--no-clicks",
                        "--report",
                        report.toString());

        assertThat(run.errors()).isEmpty();
        assertThat(run.exitCode()).isZero();
        assertThat(run.output())
                .contains("red dress", "牛仔外套", "1 ← ", "NDCG@10", "2 in, 2 results out")
                .doesNotContain("people click");
        JsonNode measured = Json.mapper().readTree(report.toFile());
        assertThat(measured.path("sets_in").asInt()).isEqualTo(2);
        assertThat(measured.path("results_out").asInt()).isEqualTo(2);
        assertThat(measured.path("dead_letters").asInt(-1)).isZero();
        assertThat(measured.path("pairs_scored").asInt()).isEqualTo(4);
        assertThat(measured.path("latency_ms").path("p50").asDouble()).isPositive();
        assertThat(measured.path("ndcg10_before").asDouble()).isEqualTo(1);
        assertThat(measured.path("ndcg10_after").asDouble()).isBetween(0.5, 1.0);
        assertThat(measured.path("calibration").isNull()).isTrue();
    }

    /** Two jobs, a broker and users: maps come to hold that were learned from simulated clicks. */
    @Test
    void peopleClickAndMapsComeToHold() throws IOException {
        Path report = folder.resolve("report.json");

        TestingCommandLine run =
                TestingCommandLine.run(
                        "demo",
                        "--once",
                        "--pause",
                        "0",
                        "--sample",
                        folder.toString(),
                        "--model",
                        MODEL,
                        "--click-time",
                        "120",
                        "-Drecalibration.epoch=1s",
                        "-Drecalibration.attribution=500ms",
                        "-Drecalibration.guards.min-support=20",
                        "--report",
                        report.toString());

        assertThat(run.errors()).isEmpty();
        assertThat(run.exitCode()).isZero();
        assertThat(run.output())
                .containsSubsequence(
                        "Summary", "Now people click", "map in force", "none", "#1 ", "→");
        JsonNode measured = Json.mapper().readTree(report.toFile());
        assertThat(measured.path("sets_in").asInt()).isEqualTo(2);
        JsonNode calibration = measured.path("calibration");
        assertThat(calibration.path("truth").asText()).startsWith("P(relevant) = ");
        assertThat(calibration.path("maps").asInt()).isPositive();
        assertThat(calibration.path("clicks").asLong())
                .isPositive()
                .isLessThan(calibration.path("impressions").asLong());
        assertThat(calibration.path("error_before").asDouble(-1)).isBetween(0.0, 1.0);
        assertThat(calibration.path("error_after").asDouble(-1)).isBetween(0.0, 1.0);
    }

    @Test
    void failsWhenARecordIsRefused() {
        TestingCommandLine run =
                TestingCommandLine.run(
                        "demo",
                        "--once",
                        "--pause",
                        "0",
                        "--sample",
                        folder.toString(),
                        "--model",
                        MODEL,
                        "--no-clicks",
                        "-Dlimits.candidates=1");

        assertThat(run.exitCode()).isEqualTo(ExitCodes.FAILED);
        assertThat(run.output()).contains("Refused", "2 dead letters");
    }
}
