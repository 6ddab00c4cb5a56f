package dev.lychee.rerank.deploy.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lychee.rerank.deploy.local.FreePorts;
import dev.lychee.rerank.deploy.local.LocalKafka;
import dev.lychee.rerank.deploy.local.LocalStack;
import dev.lychee.rerank.job.RerankOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.configuration.Configuration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The command against the local stack: a real broker and the real job. */
class ProfilesCommandTest {

    private static final String MODEL = "../operators/src/test/resources/models/cls-one";

    private static LocalStack stack;

    @TempDir private Path folder;

    @BeforeAll
    static void startStack() throws IOException {
        Configuration options = new Configuration();
        options.set(
                RerankOptions.SCORING_MODEL,
                Path.of(MODEL).toAbsolutePath().normalize().toString());
        stack = LocalStack.start(FreePorts.any(), 0, options);
    }

    @AfterAll
    static void stopStack() throws IOException {
        stack.close();
    }

    @Test
    void aProfileIsPublishedListedShownAndReset() throws IOException {
        Path file = write("extends: production\ntemperature: 1.5\nrank: {top_n: 7}\n");

        TestingCommandLine set = run("set", "my-shop", "--file", file.toString());
        TestingCommandLine list = run("list");
        TestingCommandLine show = run("show", "my-shop");
        TestingCommandLine reset = run("reset", "my-shop");
        TestingCommandLine gone = run("show", "my-shop");

        assertThat(set.errors()).isEmpty();
        assertThat(set.exitCode()).isZero();
        assertThat(set.output()).containsPattern("Profile my-shop is version \\d+ now\\.");
        assertThat(list.output())
                .containsPattern("my-shop +\\d+  [0-9a-f]{16}  published ")
                .containsPattern("production +0  [0-9a-f]{16}  preset");
        assertThat(show.output())
                .contains(
                        "# my-shop, version ",
                        "temperature: 1.5",
                        "top_n: 7",
                        "strategy: \"otsu\"");
        assertThat(reset.output()).contains("There is no profile my-shop any more.");
        assertMistake(gone, "There is no profile my-shop");
    }

    @Test
    void aVersionIsPublishedAgain() throws IOException {
        TestingCommandLine first =
                run("set", "again", "--file", write("extends: robust\n").toString());
        run("set", "again", "--file", write("extends: precise\n").toString());
        String version = first.output().replaceAll("(?s).*is version (\\d+) now.*", "$1");

        TestingCommandLine again = run("set", "again", "--version-again", version);

        assertThat(again.errors()).isEmpty();
        assertThat(again.output())
                .contains("which says what version " + version + " said")
                .contains(hash(first));
    }

    @Test
    void anExperimentIsTakenFromAFileOfProfiles() throws IOException {
        Path file =
                write(
                        """
                        schema: 1
                        profiles: {}
                        experiments:
                          fewer: {profile: compare, arms: [{name: A, share: 1, profile: precise}]}
                        """);

        TestingCommandLine set = run("set", "fewer", "--experiment", "--file", file.toString());
        TestingCommandLine list = run("list");
        TestingCommandLine show = run("show", "fewer", "--experiment");
        TestingCommandLine reset = run("reset", "fewer", "--experiment");

        assertThat(set.errors()).isEmpty();
        assertThat(set.output()).containsPattern("Experiment fewer is version \\d+ now\\.");
        assertThat(list.output()).contains("EXPERIMENT").contains("fewer");
        assertThat(show.output()).contains("share: 1.0", "profile: \"compare\"");
        assertThat(reset.output()).contains("There is no experiment fewer any more.");
    }

    @Test
    void saysWhatIsWrongWithAProfile() throws IOException {
        Path file = write("extends: production\nthreshold: {strategy: guess}\n");

        assertMistake(
                run("set", "wrong", "--file", file.toString()),
                "The job refused the change: profile.threshold.strategy: \"guess\" is not allowed");
    }

    @Test
    void saysWhatIsWrongWithTheFile() throws IOException {
        assertMistake(run("set", "p", "--file", "/absent"), "/absent cannot be read");
        assertMistake(
                run("set", "p", "--file", write("rank: [").toString()), "is not YAML at line 1");
        assertMistake(run("set", "p", "--file", write("7").toString()), "has no fields");
        assertMistake(
                run("set", "p", "--file", write("{schema: 1, profiles: {}}").toString()),
                "There is no profiles.p in ");
        assertMistake(run("set", "p"), "Missing required argument");
    }

    @Test
    void showsAPresetThatNobodyChanged() {
        TestingCommandLine show = run("show", "screening");

        assertThat(show.exitCode()).isZero();
        assertThat(show.output()).contains("version 0 (preset)", "top_n: 20");
    }

    @Test
    void namesTheTopicThatIsMissing() {
        assertMistake(
                run("list", "--replies-topic", "absent"), "There is no topic absent at localhost:");
    }

    @Test
    void saysWhenNoJobAnswers() throws IOException {
        try (LocalKafka kafka = LocalKafka.start()) {
            kafka.createTopics(1, List.of("control", "control-replies"));
            Path file = write("extends: robust\n");

            TestingCommandLine set =
                    TestingCommandLine.run(
                            "profiles",
                            "set",
                            "p",
                            "--file",
                            file.toString(),
                            "--timeout",
                            "1",
                            "--bootstrap-servers",
                            kafka.bootstrapServers());
            TestingCommandLine list =
                    TestingCommandLine.run(
                            "profiles", "list", "--bootstrap-servers", kafka.bootstrapServers());

            assertThat(set.exitCode()).isEqualTo(ExitCodes.FAILED);
            assertThat(set.errors()).contains("No job answered within 1 s");
            assertThat(list.output()).contains("Changes without an answer: 1.");
        }
    }

    private Path write(String yaml) throws IOException {
        return Files.writeString(Files.createTempFile(folder, "profile", ".yaml"), yaml);
    }

    private static String hash(TestingCommandLine run) {
        return run.output().lines().filter(line -> line.startsWith("hash ")).findFirst().orElse("");
    }

    private static TestingCommandLine run(String... arguments) {
        List<String> all = new ArrayList<>(List.of("profiles"));
        all.addAll(List.of(arguments));
        all.addAll(List.of("--bootstrap-servers", stack.kafka().bootstrapServers()));
        return TestingCommandLine.run(all.toArray(String[]::new));
    }

    private static void assertMistake(TestingCommandLine run, String sentence) {
        assertThat(run.errors()).contains("lychee: ").contains(sentence).doesNotContain("\tat ");
        assertThat(run.exitCode()).isEqualTo(ExitCodes.USER_MISTAKE);
    }
}
