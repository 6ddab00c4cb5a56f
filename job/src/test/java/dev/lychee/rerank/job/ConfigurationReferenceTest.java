package dev.lychee.rerank.job;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.description.HtmlFormatter;
import org.apache.flink.util.TimeUtils;
import org.junit.jupiter.api.Test;

/**
 * Keeps {@code docs/configuration.md} equal to the options; {@code -Ddocs.write=true} writes it.
 */
class ConfigurationReferenceTest {

    private static final Path PAGE = Path.of("../docs/configuration.md");

    @Test
    void thePageSaysWhatTheOptionsSay() throws IOException {
        String expected = page();
        if (Boolean.getBoolean("docs.write")) {
            Files.writeString(PAGE, expected);
        }

        assertThat(Files.readString(PAGE))
                .as(
                        "run: mvn -pl job -am test -Dtest=ConfigurationReferenceTest -Ddocs.write=true"
                                + " -Dsurefire.failIfNoSpecifiedTests=false")
                .isEqualTo(expected);
    }

    @Test
    void everyOptionIsDescribed() {
        assertThat(SettingsReader.declaredOptions())
                .isNotEmpty()
                .allSatisfy(option -> assertThat(describe(option)).as(option.key()).endsWith("."));
    }

    private static String page() {
        StringBuilder page =
                new StringBuilder(
                        """
                        # Configuration

                        Options of the rerank job and of the recalibrate job (`recalibration.*`, and the topics), set with
                        `-Dkey=value` or in the file that `--config` names. Options of Flink itself go the same way. This page is generated from the class `RerankOptions`; a test fails when
                        the two differ.

                        | Option | Default | What it does |
                        |---|---|---|
                        """);
        for (ConfigOption<?> option : SettingsReader.declaredOptions()) {
            page.append(
                    "| `%s` | %s | %s |\n"
                            .formatted(option.key(), defaultOf(option), describe(option)));
        }
        return page.toString();
    }

    private static String defaultOf(ConfigOption<?> option) {
        Object value = option.defaultValue();
        if (value == null || value.toString().isEmpty() || value.equals(java.util.Map.of())) {
            return "-";
        }
        if (value instanceof java.util.Map<?, ?> map) {
            return new java.util.TreeMap<>(map)
                    .entrySet().stream()
                            .map(entry -> entry.getKey() + ":" + entry.getValue())
                            .collect(java.util.stream.Collectors.joining(",", "`", "`"));
        }
        if (value instanceof Duration duration) {
            return "`" + TimeUtils.formatWithHighestUnit(duration) + "`";
        }
        if (value instanceof Enum<?> constant) {
            return "`"
                    + constant.toString().toLowerCase(java.util.Locale.ROOT).replace('_', '-')
                    + "`";
        }
        return "`" + value + "`";
    }

    private static String describe(ConfigOption<?> option) {
        return new HtmlFormatter().format(option.description()).replace("|", "\\|");
    }
}
