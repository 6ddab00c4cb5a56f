package dev.lychee.rerank.deploy.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lychee.rerank.deploy.UserMistakeException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SampleTest {

    @TempDir private Path folder;

    @BeforeEach
    void writeSample() throws IOException {
        TestingSample.write(folder);
    }

    @Test
    void readsCatalogueQueriesAndGrades() throws IOException {
        Sample sample = Sample.load(folder);

        assertThat(sample.catalogue()).hasSize(4);
        assertThat(sample.queries())
                .extracting(Sample.SampleQuery::id)
                .containsExactly("q-1", "q-2");
        assertThat(sample.grade("q-1", "p-1")).isEqualTo(3);
        assertThat(sample.grade("q-1", "p-4")).isZero();
    }

    @Test
    void saysWhichFileIsMissing() throws IOException {
        Files.delete(folder.resolve("qrels.tsv"));

        assertThatThrownBy(() -> Sample.load(folder))
                .isInstanceOf(UserMistakeException.class)
                .hasMessageContaining("qrels.tsv does not exist");
    }

    @Test
    void saysWhichLineCannotBeRead() throws IOException {
        Files.writeString(folder.resolve("qrels.tsv"), "q-1\t0\tp-1\t3\nq-1 0 p-2 1\n");

        assertThatThrownBy(() -> Sample.load(folder))
                .isInstanceOf(UserMistakeException.class)
                .hasMessageStartingWith("Line 2 of ");
    }
}
