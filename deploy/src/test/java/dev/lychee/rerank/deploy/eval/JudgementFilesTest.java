package dev.lychee.rerank.deploy.eval;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lychee.rerank.deploy.UserMistakeException;
import dev.lychee.rerank.operators.calibration.JudgedPair;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class JudgementFilesTest {

    @TempDir private Path folder;

    @Test
    void readsQrelsBetweenSpacesOrTabs() throws IOException {
        Qrels qrels = Qrels.read(file("q1 0 d1 2\nq1\t0\td2\t0\n\nq2  0  d1  -1\r\n"));

        assertThat(qrels.grade("q1", "d1")).isEqualTo(2);
        assertThat(qrels.find("q1", "d2")).isZero();
        assertThat(qrels.find("q1", "d3")).isNull();
        assertThat(qrels.grade("q2", "d1")).isEqualTo(-1);
        assertThat(qrels.knows("q3")).isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "q1 0 d1, line 2 of, has 3 columns",
        "q1 0 d9 high, line 2 of, 'the grade \"high\" is not a whole number'",
        "q1 0 d1 1, line 2 of, judges document d1 for query q1 a second time"
    })
    void namesTheLineOfWrongQrels(String line, String place, String problem) throws IOException {
        Path file = file("q1 0 d1 2\n" + line + "\n");

        assertThatThrownBy(() -> Qrels.read(file))
                .isInstanceOf(UserMistakeException.class)
                .hasMessageContaining(place)
                .hasMessageContaining(problem);
    }

    @Test
    void ordersARunByItsScoresAsTrecEvalDoes() throws IOException {
        TrecRun run =
                TrecRun.read(
                        file(
                                """
                                q1 Q0 a 1 0.5 x
                                q1 Q0 b 2 0.9 x
                                q1 Q0 c 3 0.5 x
                                """));

        assertThat(run.ranked().get("q1")).containsExactly("b", "c", "a");
    }

    @Test
    void readsJudgedPairsIntoTheirSegmentsAndTheParents() throws IOException {
        JudgedPairs pairs =
                JudgedPairs.readLines(
                        file(
                                """
                                {"request_id":"r1","id":"a","logit":1.5,"label":1,"segment":"shop/mobile"}
                                {"request_id":"r1","id":"b","logit":null,"label":false,"fingerprint":"other"}
                                {"request_id":"r2","id":"a","logit":-1,"label":0.5}
                                """),
                        "made");

        assertThat(pairs.byFingerprintAndSegment()).containsOnlyKeys("made", "other");
        assertThat(pairs.byFingerprintAndSegment().get("made"))
                .containsOnlyKeys("default", "shop", "shop/mobile")
                .containsEntry(
                        "default",
                        List.of(new JudgedPair("r1", 1.5, 1), new JudgedPair("r2", -1, 0.5)))
                .containsEntry("shop", List.of(new JudgedPair("r1", 1.5, 1)));
        assertThat(pairs.byFingerprintAndSegment().get("other").get("default"))
                .singleElement()
                .satisfies(pair -> assertThat(pair.logit()).isNaN());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "not json | is not the JSON that was expected",
                "[1] | is not a JSON object",
                "{\"id\":\"a\",\"logit\":1,\"label\":1} | request_id is missing",
                "{\"request_id\":\"r\",\"logit\":1,\"label\":1} | id is missing",
                "{\"request_id\":\"r\",\"id\":\"a\",\"label\":1} | logit is missing",
                "{\"request_id\":\"r\",\"id\":\"a\",\"logit\":1} | label is missing",
                "{\"request_id\":\"r\",\"id\":\"a\",\"logit\":1,\"label\":3} | label is 3; 0 to 1 is needed",
                "{\"request_id\":\"r1\",\"id\":\"a\",\"logit\":1,\"label\":1} | candidate a of request r1 stands in the file twice"
            })
    void namesTheLineAndTheFieldThatIsWrong(String line, String problem) throws IOException {
        Path file =
                file(
                        "{\"request_id\":\"r1\",\"id\":\"a\",\"logit\":1,\"label\":1}\n"
                                + line
                                + "\n");

        assertThatThrownBy(() -> JudgedPairs.readLines(file, "made"))
                .isInstanceOf(UserMistakeException.class)
                .hasMessageContaining("line 2 of")
                .hasMessageContaining(problem);
    }

    @Test
    void asksForTheFingerprint() throws IOException {
        Path file = file("{\"request_id\":\"r1\",\"id\":\"a\",\"logit\":1,\"label\":1}\n");

        assertThatThrownBy(() -> JudgedPairs.readLines(file, null))
                .hasMessageContaining("line 1 of")
                .hasMessageContaining("--fingerprint");
    }

    private Path file(String content) throws IOException {
        return Files.writeString(folder.resolve("file"), content);
    }
}
