package dev.lychee.rerank.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lychee.rerank.operators.image.source.ImageSettings;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.apache.flink.configuration.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SettingsReaderTest {

    private static final String MODELS = "../operators/src/test/resources/models/";

    @TempDir private Path folder;

    @Test
    void defaultsAreEnoughBesideTheModel() {
        RerankSettings settings = SettingsReader.read(options());

        assertThat(settings.defaultProfile()).isEqualTo("default");
        assertThat(settings.limits().maxCandidates()).isEqualTo(1_000);
        assertThat(settings.scoring().packagePath()).isEqualTo("/models/any");
    }

    @ParameterizedTest(name = "{0}={1}")
    @CsvSource(
            delimiter = '|',
            value = {
                "scoring.modle | x | there is no option scoring.modle; known are scoring.batch.max-delay",
                "nonsense | x | there is no option nonsense",
                "scoring.precision | int8 | scoring.precision: \"int8\" is not allowed; expected auto, fp32, bf16",
                "scoring.device | tpu | scoring.device: \"tpu\" is not a valid value",
                "scoring.capacity | 0 | scoring.capacity: 0 is too small",
                "scoring.capacity | many | scoring.capacity: \"many\" is not a valid value",
                "assembly.shard-wait | soon | assembly.shard-wait: \"soon\" is not a valid value",
                "exploration.share | 1.5 | exploration.share: 1.5 is out of range; 0 to 1 is allowed",
                "exploration.below-rank | -1 | exploration.below-rank: -1 is too small",
                "limits.record | 2 gb | limits.record: 2147483648 bytes is out of range",
                "profiles.default | fancy | profiles.default: there is no profile \"fancy\"; known are default",
                "profiles.file | /none.yaml | profiles.file: /none.yaml cannot be read",
                "text.dictionaries | /none.yaml | text.dictionaries: /none.yaml cannot be read",
                "calibration.file | /none.jsonl | calibration.file: /none.jsonl cannot be read",
                "scoring.check-at-submission | true | scoring.model: ",
                "images.roots | /data | images.roots: \"/data\" is not a folder with its scheme",
                "images.hosts | https://a.example | images.hosts: \"https://a.example\" is not a host",
                "images.max-bytes | 2 gb | images.max-bytes: 2147483648 bytes is out of range",
                "images.max-pixels | 0 | images.max-pixels: 0 is too small",
                "images.threads | 0 | images.threads: 0 is too small",
                "images.timeout | 0 s | images.timeout: it must be at least 1 ms",
            })
    void saysWhichOptionIsWrong(String key, String value, String sentence) {
        Configuration options = options();
        options.setString(key, value);

        assertThatThrownBy(() -> SettingsReader.read(options))
                .isInstanceOf(InvalidOptionException.class)
                .hasMessageContaining(sentence);
    }

    @ParameterizedTest(name = "{0}={1}")
    @CsvSource(
            delimiter = '|',
            value = {
                "profiles.default | aspects | profiles.aspects.aspects: model cls-one reads no instruction",
                "scoring.further-models | ../operators/src/test/resources/models/cls-one | scoring.further-models: ../operators/src/test/resources/models/cls-one is a second package named cls-one",
                "scoring.further-models | /none | scoring.further-models: There is no model package in /none",
            })
    void saysWhatTheModelPackagesCannotGive(String key, String value, String sentence) {
        Configuration options = new Configuration();
        options.set(RerankOptions.SCORING_MODEL, MODELS + "cls-one");
        options.setString(key, value);

        assertThatThrownBy(() -> SettingsReader.read(options))
                .isInstanceOf(InvalidOptionException.class)
                .hasMessageStartingWith(sentence);
    }

    @Test
    void aProfileMayNameTheModelsOfBothOptions() throws Exception {
        Path file = folder.resolve("profiles.yaml");
        Files.writeString(
                file,
                "{schema: 1, profiles: {both: {extends: default, models: {cls-one: 1, yes-no: 2}}}}");
        Configuration options = new Configuration();
        options.set(RerankOptions.PROFILES_FILE, file.toString());
        options.set(RerankOptions.SCORING_MODEL, MODELS + "cls-one");
        options.setString(
                RerankOptions.SCORING_FURTHER_MODELS.key(),
                MODELS + "yes-no;" + MODELS + "cls-two");

        assertThat(SettingsReader.read(options).scoring().furtherPackages())
                .containsExactly(MODELS + "yes-no", MODELS + "cls-two");
    }

    @Test
    void picturesMayComeFromWhereTheOptionsSay() {
        Configuration options = options();
        options.setString("images.roots", "file:///data/catalogue, s3://bucket/");
        options.setString("images.hosts", "cdn.example.com,*.example.org:8443");
        options.setString("images.max-bytes", "1 mb");
        options.setString("scoring.task.picture-tokens", "49");

        RerankSettings settings = SettingsReader.read(options);

        ImageSettings images = settings.scoring().limits().images();
        assertThat(images.roots()).containsExactly("file:///data/catalogue", "s3://bucket/");
        assertThat(images.hosts()).containsExactly("cdn.example.com", "*.example.org:8443");
        assertThat(images.maxBytes()).isEqualTo(1 << 20);
        assertThat(settings.pictureTokens()).isEqualTo(49);
        assertThat(SettingsReader.read(options()).scoring().limits().images())
                .isEqualTo(ImageSettings.DEFAULTS);
    }

    @Test
    void flinksOwnOptionsPass() {
        Configuration options = options();
        options.setString("execution.checkpointing.interval", "10 s");
        options.setString("taskmanager.numberOfTaskSlots", "2");
        options.setString("kafka.properties.security.protocol", "SSL");

        assertThat(SettingsReader.read(options)).isNotNull();
        assertThat(options.get(RerankOptions.KAFKA_PROPERTIES))
                .isEqualTo(Map.of("security.protocol", "SSL"));
    }

    @Test
    void aModelIsRequired() {
        assertThatThrownBy(() -> SettingsReader.read(new Configuration()))
                .isInstanceOf(InvalidOptionException.class)
                .hasMessageStartingWith("scoring.model is required");
    }

    @Test
    void argumentsOverrideTheFile() throws Exception {
        Path file = folder.resolve("job.yaml");
        Files.writeString(file, "scoring:\n  model: /a\n  capacity: 3\nkafka.group-id: g\n");

        Configuration options =
                JobArguments.parse(
                        new String[] {"--config", file.toString(), "-Dscoring.model=/b"});

        assertThat(options.get(RerankOptions.SCORING_MODEL)).isEqualTo("/b");
        assertThat(options.get(RerankOptions.SCORING_CAPACITY)).isEqualTo(3);
        assertThat(options.get(RerankOptions.KAFKA_GROUP_ID)).isEqualTo("g");
    }

    @ParameterizedTest
    @CsvSource({"--confg", "-Dkey", "-D=x", "--config"})
    void anArgumentThatIsNotUnderstoodIsNamed(String argument) {
        assertThatThrownBy(() -> JobArguments.parse(new String[] {argument}))
                .isInstanceOf(InvalidOptionException.class)
                .hasMessageContaining("argument \"" + argument + "\" is not understood; usage");
    }

    private static Configuration options() {
        Configuration options = new Configuration();
        options.set(RerankOptions.SCORING_MODEL, "/models/any");
        options.set(RerankOptions.SCORING_CHECK_AT_SUBMISSION, false);
        return options;
    }
}
