package dev.lychee.rerank.deploy.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.lychee.rerank.schemas.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The measurements that load the whole job. */
class LoadCommandsTest {

    @TempDir private Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"pipeline", "scale", "overload", "plot"})
    void helpsWithEach(String name) {
        TestingCommandLine run = TestingCommandLine.run("bench", name, "--help");

        assertThat(run.exitCode()).isZero();
        assertThat(run.output()).contains("Usage: lychee bench " + name, "--json FILE");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    pipeline --stand-in fast             | --stand-in must be a time such as 5ms
                    pipeline --stand-in 5ms --model /tmp | leave out either it or --model
                    pipeline --stand-in 5ms --set-size 0 | --set-size must be 1 to 1000, not 0.
                    pipeline --endurance soon            | --endurance must be a time of at least 5 s
                    pipeline --endurance 4s              | --endurance must be a time of at least 5 s
                    pipeline --stand-in 5ms --rates 0    | --rates must be at least 1, not 0.
                    pipeline --model /absent             | There is no model package /absent
                    scale --task-managers 2,1            | --task-managers must rise
                    scale --task-managers 0              | --task-managers must rise
                    scale --stand-in 0/s                 | --stand-in must be a time such as 5ms
                    scale --set-size 1001                | --set-size must be 1 to 1000, not 1001.
                    overload --stand-in 5ms --set-size 50,20   | --set-size must be one number or the least and the most
                    overload --stand-in 5ms --set-size 1,2,3   | --set-size must be one number or the least and the most
                    overload --stand-in 5ms --deadline-ms 0    | --deadline-ms must be at least 1, not 0.
                    overload --stand-in 5ms --load 0           | --load must be above 0
                    overload --json /absent/report.json        | /absent/report.json cannot be written
                    plot --json /absent --png target/absent.png | There is no file /absent: check --json.
                    """)
    void saysWhatIsWrongWithAnArgument(String arguments, String sentence) {
        TestingCommandLine run = TestingCommandLine.run(("bench " + arguments).split(" "));

        assertThat(run.errors()).contains("lychee: ").contains(sentence).doesNotContain("\tat ");
        assertThat(run.exitCode()).isEqualTo(ExitCodes.USER_MISTAKE);
    }

    @Test
    void saysThatAFileIsNoReport() throws IOException {
        Path json = Files.writeString(folder.resolve("some.json"), "{\"a\":1}");

        TestingCommandLine run =
                TestingCommandLine.run(
                        "bench",
                        "plot",
                        "--json",
                        json.toString(),
                        "--png",
                        folder.resolve("a.png").toString());

        assertThat(run.errors()).contains("is no report of bench scorer");
        assertThat(run.exitCode()).isEqualTo(ExitCodes.USER_MISTAKE);
    }

    @Test
    void answersEverySetOfAnOverloadAndDrawsIt() throws IOException {
        JsonNode report =
                measured(
                        "overload",
                        "--stand-in",
                        "400/s",
                        "--open-sets",
                        "4",
                        "--capacity-seconds",
                        "2",
                        "--seconds",
                        "2",
                        "--relief-seconds",
                        "2");

        assertThat(report.get("capacity_pairs_per_second").asDouble()).isBetween(1.0, 450.0);
        for (String part : new String[] {"overload", "relief"}) {
            JsonNode sets = report.get(part);
            int answered = 0;
            for (JsonNode count : sets.get("statuses")) {
                answered += count.asInt();
            }
            assertThat(sets.get("sent").asInt()).isPositive();
            assertThat(sets.get("lost").asInt()).isZero();
            assertThat(answered).isEqualTo(sets.get("sent").asInt());
        }
        assertThat(report.get("seconds")).hasSize(4);

        assertDrawn();
    }

    @Test
    void sumsUpARunOfSomeSeconds() throws IOException {
        JsonNode report =
                measured(
                        "pipeline", "--stand-in", "400/s", "--endurance", "6s", "--open-sets", "4");

        assertThat(report.get("samples")).hasSizeGreaterThan(10);
        assertThat(report.at("/samples/0/resident_kib").asLong()).isPositive();
        assertThat(report.at("/samples/0/threads").asInt()).isPositive();
        assertThat(report.get("settle_seconds").asDouble()).isEqualTo(3.0);
        assertThat(report.get("cache_bytes").asLong()).isEqualTo(16L << 20);
        assertThat(report.at("/pairs_per_second/0").asDouble()).isBetween(1.0, 450.0);

        assertDrawn();
    }

    private Path json() {
        return folder.resolve("report.json");
    }

    private JsonNode measured(String name, String... arguments) throws IOException {
        String[] all = new String[arguments.length + 4];
        all[0] = "bench";
        all[1] = name;
        all[2] = "--json";
        all[3] = json().toString();
        System.arraycopy(arguments, 0, all, 4, arguments.length);

        TestingCommandLine run = TestingCommandLine.run(all);

        assertThat(run.errors()).isEmpty();
        assertThat(run.exitCode()).isZero();
        return Json.mapper().readTree(json().toFile());
    }

    private void assertDrawn() throws IOException {
        Path png = folder.resolve("report.png");

        TestingCommandLine run =
                TestingCommandLine.run(
                        "bench", "plot", "--json", json().toString(), "--png", png.toString());

        assertThat(run.errors()).isEmpty();
        assertThat(png).isRegularFile();
        assertThat(Files.size(png)).isLessThan(60_000);
        assertThat(ImageIO.read(png.toFile()).getWidth()).isEqualTo(900);
    }
}
