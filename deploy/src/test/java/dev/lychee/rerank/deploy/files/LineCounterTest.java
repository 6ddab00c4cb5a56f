package dev.lychee.rerank.deploy.files;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LineCounterTest {

    @TempDir private Path folder;

    @Test
    void countsLinesThatAreNotBlank() throws IOException {
        Path file = Files.writeString(folder.resolve("f"), "a\n\n  \r\nb\nc");

        assertThat(LineCounter.countFilled(file)).isEqualTo(3);
    }

    @Test
    void followsAFileThatGrowsAndIsRenamed() throws IOException {
        LineCounter counter = new LineCounter();
        Path growing = Files.writeString(folder.resolve(".part"), "a\nb");
        assertThat(counter.countBelow(folder)).isEqualTo(1);

        Files.writeString(growing, "\nc\n", StandardOpenOption.APPEND);
        assertThat(counter.countBelow(folder)).isEqualTo(3);

        Files.move(growing, folder.resolve("part"));
        assertThat(counter.countBelow(folder)).isEqualTo(3);
    }

    @Test
    void countsAgainAfterAFileWasTruncated() throws IOException {
        LineCounter counter = new LineCounter();
        Path file = Files.writeString(folder.resolve("part"), "a\nb\nc\n");
        assertThat(counter.countBelow(folder)).isEqualTo(3);

        Files.writeString(file, "a\n");
        counter.countBelow(folder);

        assertThat(counter.countBelow(folder)).isEqualTo(1);
    }
}
