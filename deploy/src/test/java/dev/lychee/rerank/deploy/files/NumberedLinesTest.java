package dev.lychee.rerank.deploy.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NumberedLinesTest {

    @TempDir private Path folder;

    @Test
    void writesTheLinesOfAllFilesInOrder() throws IOException {
        part("a/part-0", "3\t{\"三\":3}\n1\tone\n");
        part("b/part-1", "2\ttwo\n");

        try (NumberedLines lines = NumberedLines.index(folder)) {
            Path target = folder.resolveSibling(folder.getFileName() + "-out");
            lines.writeInOrder(target);

            assertThat(Files.readAllLines(target)).containsExactly("one", "two", "{\"三\":3}");
            assertThat(lines.count()).isEqualTo(3);
        }
    }

    @Test
    void leavesOutFilesThatAreNotFinished() throws IOException {
        part("part-0", "1\tone\n");
        part(".part-1.inprogress", "2\ttw");

        try (NumberedLines lines = NumberedLines.index(folder)) {
            assertThat(lines.contains(1)).isTrue();
            assertThat(lines.contains(2)).isFalse();
        }
    }

    @Test
    void readsFromMoreFilesThanItKeepsOpen() throws IOException {
        for (int i = 1; i <= 200; i++) {
            part("part-" + i, i + "\tline " + i + "\n");
        }

        try (NumberedLines lines = NumberedLines.index(folder)) {
            assertThat(IntStream.rangeClosed(1, 200))
                    .allSatisfy(i -> assertThat(text(lines, i)).isEqualTo("line " + i));
            assertThat(text(lines, 1)).isEqualTo("line 1");
        }
    }

    @Test
    void hasNoLinesWhenThereIsNoFolder() throws IOException {
        try (NumberedLines lines = NumberedLines.index(folder.resolve("absent"))) {
            assertThat(lines.count()).isZero();
            assertThat(lines.maxNumber()).isEqualTo(-1);
        }
    }

    @Test
    void refusesALineWithoutANumber() throws IOException {
        part("part-0", "no number\n");

        assertThatThrownBy(() -> NumberedLines.index(folder))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("without a number");
    }

    private static String text(NumberedLines lines, int number) throws IOException {
        return new String(lines.content(number), StandardCharsets.UTF_8);
    }

    private void part(String name, String content) throws IOException {
        Path file = folder.resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, content);
    }
}
