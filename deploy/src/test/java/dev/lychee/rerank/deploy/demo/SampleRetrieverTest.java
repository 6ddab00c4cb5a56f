package dev.lychee.rerank.deploy.demo;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lychee.rerank.schemas.Candidate;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SampleRetrieverTest {

    private SampleRetriever retriever;

    @BeforeEach
    void index(@TempDir Path folder) throws IOException {
        TestingSample.write(folder);
        retriever = new SampleRetriever(Sample.load(folder).catalogue());
    }

    @AfterEach
    void close() throws IOException {
        retriever.close();
    }

    @Test
    void findsEnglishAndChineseBestFirst() {
        assertThat(retriever.search("red dress", 10))
                .extracting(Candidate::id)
                .containsExactly("p-1", "p-2");
        assertThat(retriever.search("牛仔外套", 10))
                .extracting(Candidate::id)
                .containsExactly("p-3", "p-4");
    }

    @Test
    void carriesDescendingScores() {
        List<Candidate> found = retriever.search("red dress", 10);

        assertThat(found)
                .extracting(Candidate::retrievalScore)
                .allSatisfy(score -> assertThat(score).isPositive())
                .isSortedAccordingTo(Comparator.reverseOrder());
    }

    @Test
    void looksIntoSellingPoints() {
        assertThat(retriever.search("beach", 10)).extracting(Candidate::id).containsExactly("p-1");
    }

    @Test
    void returnsAtMostTheLimit() {
        assertThat(retriever.search("red dress", 1)).hasSize(1);
    }

    @Test
    void returnsNothingForAQueryWithoutWords() {
        assertThat(retriever.search("?!", 10)).isEmpty();
        assertThat(retriever.search("bicycle", 10)).isEmpty();
    }
}
