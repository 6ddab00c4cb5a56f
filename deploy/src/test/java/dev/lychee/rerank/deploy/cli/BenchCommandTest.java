package dev.lychee.rerank.deploy.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.lychee.rerank.schemas.Json;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BenchCommandTest {

    /** A package with a model of a few kilobytes. */
    private static final String MODEL = "../operators/src/test/resources/models/cls-one";

    @TempDir private Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"scorer", "post", "pipeline", "peers", "precision"})
    void helpsWithEachMeasurement(String name) {
        TestingCommandLine run = TestingCommandLine.run("bench", name, "--help");

        assertThat(run.exitCode()).isZero();
        assertThat(run.output()).contains("Usage: lychee bench " + name, "--json FILE");
    }

    @Test
    void asksForAMeasurement() {
        assertMistake(TestingCommandLine.run("bench"), "A command is missing.");
    }

    @Test
    void saysThatTheReportCannotBeWritten() {
        assertMistake(
                TestingCommandLine.run("bench", "post", "--json", "/absent/report.json"),
                "/absent/report.json cannot be written");
    }

    @Test
    void namesTheModelThatIsMissing() {
        assertMistake(
                TestingCommandLine.run("bench", "scorer", "--model", "/absent"),
                "There is no model package /absent: name its folder with --model.");
    }

    @Test
    void namesThePrecisionThatThePackageDoesNotHave() {
        assertMistake(
                TestingCommandLine.run("bench", "scorer", "--model", MODEL, "--precision", "fp16"),
                "has no fp16 weights");
    }

    @Test
    void refusesSetsThatTheJobWouldRefuse() {
        assertMistake(
                TestingCommandLine.run("bench", "post", "--candidates", "1001"),
                "--candidates must be 1 to 1000, not 1001.");
    }

    @Test
    void comparesTheSchedulerWithRawPassesOnTheSamePairs() throws IOException {
        JsonNode report =
                measured(
                        "scorer",
                        "--model",
                        MODEL,
                        "--batch-tokens",
                        "1024",
                        "--pairs",
                        "64",
                        "--rounds",
                        "1");

        assertThat(report.get("workload_sha256").asText()).hasSize(64);
        assertThat(report.get("variants"))
                .hasSize(9)
                .allSatisfy(
                        variant ->
                                assertThat(variant.at("/pairs_per_second/median").asDouble())
                                        .isPositive());
    }

    @Test
    void countsDecodingWherePairsHavePictures() throws IOException {
        JsonNode report =
                measured(
                        "scorer",
                        "--model",
                        "models/lychee-nano",
                        "--batch-tokens",
                        "1024",
                        "--pairs",
                        "40",
                        "--rounds",
                        "1",
                        "--sample",
                        "sample",
                        "--pictures",
                        "64",
                        "--picture-queries");

        assertThat(report.at("/pictures/pixels").asInt()).isEqualTo(64);
        assertThat(report.at("/pictures/decode_millis/median").asDouble()).isPositive();
        // [CLS] 16 [SEP] 16 [SEP]
        assertThat(report.at("/pair_tokens/min").asInt()).isEqualTo(35);
    }

    @Test
    void refusesPicturesOfNoSizeAndForModelsOfTexts() {
        assertMistake(
                TestingCommandLine.run("bench", "scorer", "--model", MODEL, "--pictures", "8"),
                "--pictures must be 16 to 4096, not 8.");
        assertMistake(
                TestingCommandLine.run("bench", "scorer", "--model", MODEL, "--picture-queries"),
                "--picture-queries needs --pictures and a size");
        assertMistake(
                TestingCommandLine.run(
                        "bench",
                        "scorer",
                        "--model",
                        MODEL,
                        "--batch-tokens",
                        "1024",
                        "--sample",
                        "sample",
                        "--pictures",
                        "64"),
                "cls-one reads no pixels: leave --pictures out");
    }

    @Test
    void namesThePackageThatHasNoOnnxFile() {
        assertMistake(
                TestingCommandLine.run("bench", "peers", "--model", MODEL),
                "--model needs a folder with model.yaml, model.pt (fp32), tokenizer.json and"
                        + " model.onnx.");
    }

    @Test
    void comparesBothPrecisionsOnTheCandidatesOfTheSample() throws IOException {
        JsonNode report = measured("precision", "--model", MODEL, "--sample", "sample");

        assertThat(report.get("sets").asInt()).isEqualTo(64);
        assertThat(report.get("mean_overlap").asDouble()).isBetween(0.5, 1.0);
        assertThat(report.at("/probability_change/max").asDouble()).isBetween(1e-9, 0.2);
    }

    @Test
    void measuresEachStepBesideTheModel() throws IOException {
        JsonNode report =
                measured(
                        "post",
                        "--candidates",
                        "20",
                        "--forks",
                        "0",
                        "--iterations",
                        "1",
                        "--iteration-millis",
                        "10");

        assertThat(report.get("steps"))
                .hasSize(9)
                .allSatisfy(step -> assertThat(step.get("micros").asDouble()).isPositive());
    }

    @Test
    void measuresTheWholeJob() throws IOException {
        JsonNode report =
                measured("pipeline", "--model", MODEL, "--seconds", "6", "--rates", "200,400");

        assertThat(report.get("loads"))
                .hasSize(3)
                .allSatisfy(
                        load -> {
                            assertThat(load.get("results").asInt()).isPositive();
                            assertThat(load.at("/latency_ms/p50").asDouble()).isPositive();
                        });
    }

    private JsonNode measured(String name, String... arguments) throws IOException {
        Path json = folder.resolve("report.json");
        String[] all = new String[arguments.length + 4];
        all[0] = "bench";
        all[1] = name;
        all[2] = "--json";
        all[3] = json.toString();
        System.arraycopy(arguments, 0, all, 4, arguments.length);

        TestingCommandLine run = TestingCommandLine.run(all);

        assertThat(run.errors()).isEmpty();
        assertThat(run.exitCode()).isZero();
        return Json.mapper().readTree(json.toFile());
    }

    private static void assertMistake(TestingCommandLine run, String sentence) {
        assertThat(run.errors()).contains("lychee: ").contains(sentence).doesNotContain("\tat ");
        assertThat(run.exitCode()).isEqualTo(ExitCodes.USER_MISTAKE);
    }
}
