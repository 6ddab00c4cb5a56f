package dev.lychee.rerank.deploy.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.lychee.rerank.deploy.demo.TestingSample;
import dev.lychee.rerank.operators.calibration.CalibrationMaps;
import dev.lychee.rerank.schemas.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code lychee eval} and {@code lychee calibrate}. */
class EvalCommandTest {

    private static final String MODEL = "../operators/src/test/resources/models/cls-one";

    @TempDir private Path folder;

    @Test
    void measuresEachProfileAndWritesEveryReport() throws IOException {
        TestingSample.write(folder);

        TestingCommandLine run =
                TestingCommandLine.run(
                        "eval",
                        "--sample",
                        folder.toString(),
                        "--model",
                        MODEL,
                        "--profiles",
                        "default,robust",
                        "--sweep",
                        "temperature=0.5,2",
                        "--json",
                        folder.resolve("report.json").toString(),
                        "--html",
                        folder.resolve("report.html").toString(),
                        "--run",
                        folder.resolve("run.txt").toString(),
                        "--qrels-out",
                        folder.resolve("qrels.txt").toString(),
                        "--results",
                        folder.resolve("results.jsonl").toString());

        assertThat(run.errors()).isEmpty();
        assertThat(run.exitCode()).isZero();
        assertThat(run.output())
                .contains(
                        "default temperature=0.5",
                        "Compared with default temperature=0.5",
                        "robust temperature=2",
                        "class-balanced",
                        "NDCG@10 style",
                        "NDCG@10 visual");
        JsonNode report = Json.mapper().readTree(folder.resolve("report.json").toFile());
        assertThat(report.path("variants")).hasSize(4);
        assertThat(report.path("variants").get(0).path("requests").asInt()).isEqualTo(2);
        assertThat(Files.readString(folder.resolve("report.html"))).contains("<svg");
        assertThat(Files.readAllLines(folder.resolve("run.txt"))).isNotEmpty();
        assertThat(Files.readAllLines(folder.resolve("qrels.txt")))
                .containsExactly("q-1 0 p-1 3", "q-1 0 p-2 1", "q-2 0 p-3 3", "q-2 0 p-4 1");
        JsonNode errors = report.path("variants").get(0).path("calibration").path("after");
        assertThat(errors.path("equal_mass_ece").asDouble()).isBetween(0.0, 1.0);
        assertThat(errors.path("class_balanced_ece").asDouble()).isBetween(0.0, 1.0);
        assertThat(Files.readAllLines(folder.resolve("results.jsonl")))
                .hasSize(2)
                .first()
                .asString()
                .contains("\"request_id\":\"q-1\"");

        TestingCommandLine fitted =
                TestingCommandLine.run(
                        "calibrate",
                        "--judgements",
                        folder.resolve("qrels.tsv").toString(),
                        "--results",
                        folder.resolve("results.jsonl").toString(),
                        "--relevant-from",
                        "3");
        // Two requests cannot tell much, but the files fit together.
        assertThat(fitted.output() + fitted.errors()).contains("pairs");
    }

    @Test
    void namesWhatIsMissingBeforeItStarts() throws IOException {
        TestingSample.write(folder);

        assertMistake(
                TestingCommandLine.run("eval", "--sets", "sets.jsonl"),
                "--sets and --qrels are needed together");
        assertMistake(TestingCommandLine.run("eval", "--at", "0"), "--at must be at least 1");
        assertMistake(
                TestingCommandLine.run("eval", "--sample", folder.toString(), "--sweep", "top_n=3"),
                "--sweep top_n=3 is not understood");
        assertMistake(
                TestingCommandLine.run("eval", "--html", "/absent/report.html"),
                "/absent/report.html cannot be written");
    }

    @Test
    void fitsAMapThatTheJobReads() throws Exception {
        Path judgements = judgements();
        Path maps = folder.resolve("maps.jsonl");

        TestingCommandLine run =
                TestingCommandLine.run(
                        "calibrate",
                        "--judgements",
                        judgements.toString(),
                        "--fingerprint",
                        "f",
                        "--method",
                        "platt",
                        "--map-version",
                        "7",
                        "--output",
                        maps.toString());

        assertThat(run.errors()).isEmpty();
        assertThat(run.exitCode()).isZero();
        assertThat(run.output())
                .contains(
                        "Segment default, fingerprint f",
                        "before, sigmoid(logit)",
                        "<- this map",
                        "Reliability of platt, held out",
                        "guarantee: logit >=",
                        "Segment rare has 50 pairs, fewer than --min-pairs",
                        "2 maps in ",
                        "to be used with -D calibration.file=");
        CalibrationMaps read = CalibrationMaps.ofJsonLines(Files.readString(maps));
        assertThat(read.all()).hasSize(2);
        assertThat(read.find("f", "usual")).isNotNull().returns(7L, map -> map.version());
        assertThat(read.find("f", "rare")).isNotNull().returns("default", map -> map.segment());
    }

    @Test
    void saysWhatIsWrongWithAJudgement() throws IOException {
        Path file =
                Files.writeString(
                        folder.resolve("j"),
                        "{\"request_id\":\"r\",\"id\":\"a\",\"logit\":1,\"label\":2}\n");

        assertMistake(
                TestingCommandLine.run(
                        "calibrate", "--judgements", file.toString(), "--fingerprint", "f"),
                "line 1 of " + file + ": label is 2");
        assertMistake(
                TestingCommandLine.run(
                        "calibrate", "--judgements", file.toString(), "--method", "spline"),
                "--method must be one of isotonic, platt, temperature");
        assertMistake(
                TestingCommandLine.run("calibrate", "--judgements", "/absent"),
                "There is no file /absent");
        Path qrels = Files.writeString(folder.resolve("qrels.tsv"), "q-1\t0\tsku-1\t2\n");
        assertMistake(
                TestingCommandLine.run("calibrate", "--judgements", qrels.toString()),
                "name the results that they judge with --results");
    }

    private Path judgements() throws IOException {
        Random random = new Random(3);
        StringBuilder lines = new StringBuilder();
        for (int request = 0; request < 150; request++) {
            for (int i = 0; i < 10; i++) {
                double truth = 2 * random.nextGaussian();
                lines.append(
                        "{\"request_id\":\"r%d\",\"id\":\"d%d\",\"logit\":%s,\"label\":%b,\"segment\":\"%s\"}\n"
                                .formatted(
                                        request,
                                        i,
                                        3 * truth,
                                        random.nextDouble() < 1 / (1 + Math.exp(-truth)),
                                        request < 5 ? "rare" : "usual"));
            }
        }
        return Files.writeString(folder.resolve("judgements.jsonl"), lines);
    }

    private static void assertMistake(TestingCommandLine run, String sentence) {
        assertThat(run.errors()).contains("lychee: ").contains(sentence).doesNotContain("\tat ");
        assertThat(run.exitCode()).isEqualTo(ExitCodes.USER_MISTAKE);
    }
}
