package dev.lychee.rerank.deploy.eval;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.lychee.rerank.deploy.UserMistakeException;
import dev.lychee.rerank.deploy.eval.EvaluationReport.VariantReport;
import dev.lychee.rerank.operators.evaluation.RankingMetrics.Gain;
import dev.lychee.rerank.schemas.Json;
import dev.lychee.rerank.schemas.RerankedResult;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EvaluationTest {

    private static final Qrels QRELS =
            new Qrels(
                    Map.of(
                            "r1", Map.of("a", 1, "b", 0, "c", 0),
                            "r2", Map.of("a", 1, "z", 1),
                            "r3", Map.of("a", 0)));

    @TempDir private Path folder;

    @Test
    void measuresTheOrderBeforeAndAfter() throws IOException {
        // Retrieved c, b, a; served a, then c was cut before b.
        VariantReport report =
                evaluation()
                        .measure(
                                "v",
                                List.of(result("r1", List.of("a"), List.of("c", "b"), 3, 1, 2)));

        assertThat(report.metrics().get("mrr").before()).isCloseTo(1 / 3.0, within(1e-12));
        assertThat(report.metrics().get("mrr").after()).isEqualTo(1);
        assertThat(report.metrics().get("ndcg").before()).isCloseTo(0.5, within(1e-12));
        assertThat(report.metrics().get("ndcg").after()).isEqualTo(1);
        assertThat(report.metrics().get("map").difference()).isCloseTo(2 / 3.0, within(1e-12));
        assertThat(report.ndcgByQueryType()).containsOnlyKeys("style");
    }

    @Test
    void countsRelevantDocumentsThatWereNotRetrieved() throws IOException {
        VariantReport report =
                evaluation().measure("v", List.of(result("r2", List.of("a"), List.of("b"), 1, 2)));

        assertThat(report.metrics().get("recall").after()).isEqualTo(0.5);
        assertThat(report.metrics().get("map").after()).isEqualTo(0.5);
        // The cut lost nothing that it was given.
        assertThat(report.cut()).isNotNull();
        assertThat(report.cut().recall()).isEqualTo(1);
        assertThat(report.cut().meanKept()).isEqualTo(1);
        assertThat(report.cut().meanCandidates()).isEqualTo(2);
    }

    @Test
    void leavesOutWhatCannotBeMeasured() throws IOException {
        VariantReport report =
                evaluation()
                        .measure(
                                "v",
                                List.of(
                                        result("r1", List.of("a"), List.of(), 1),
                                        result("r3", List.of("a"), List.of(), 1),
                                        result("unknown", List.of("a"), List.of(), 1)));

        assertThat(report)
                .returns(3, VariantReport::requests)
                .returns(1, VariantReport::unjudged)
                .returns(1, VariantReport::withoutRelevant);
        assertThat(report.queries()).hasSize(1);
        assertThat(report.bands().get("strong").candidates()).isEqualTo(2);
        assertThat(report.bands().get("strong").precision()).isEqualTo(0.5);
    }

    @Test
    void comparesLaterVariantsAndRunsWithTheFirst() throws IOException {
        Evaluation evaluation = evaluation();
        VariantReport first =
                evaluation.measure(
                        "one", List.of(result("r1", List.of("b", "a"), List.of(), 1, 2)));
        VariantReport second =
                evaluation.measure(
                        "two", List.of(result("r1", List.of("a", "b"), List.of(), 2, 1)));
        VariantReport run =
                evaluation.measure("run", new TrecRun(Map.of("r1", List.of("c", "b", "a"))));

        assertThat(first.comparedWithFirst()).isNull();
        assertThat(second.comparedWithFirst()).isNotNull();
        assertThat(second.comparedWithFirst().get("mrr").difference()).isEqualTo(0.5);
        assertThat(run.comparedWithFirst()).isNotNull();
        assertThat(run.comparedWithFirst().get("mrr").after()).isCloseTo(1 / 3.0, within(1e-12));
        assertThat(run.cut()).isNull();
    }

    @Test
    void writesARunThatReadsBackInTheSameOrder() throws IOException {
        Path file = folder.resolve("run");

        TrecRun.write(
                file, List.of(result("r1", List.of("b", "a"), List.of("c"), 1, 2, 3)), "my run");

        assertThat(Files.readAllLines(file)).first().isEqualTo("r1 Q0 b 1 3 my_run");
        assertThat(TrecRun.read(file).ranked()).containsEntry("r1", List.of("b", "a", "c"));
    }

    @Test
    void combinesProfilesAndSweptValues() {
        assertThat(
                        EvaluationSets.variants(
                                List.of("default", "robust"),
                                List.of("temperature=0.5,2", "threshold.strategy=gap,otsu")))
                .hasSize(8)
                .extracting(EvaluationSets.Variant::name)
                .contains("robust temperature=2 threshold.strategy=otsu");
        assertThat(EvaluationSets.variants(List.of(), List.of()))
                .singleElement()
                .returns("default profile", EvaluationSets.Variant::name);
        assertThatThrownBy(() -> EvaluationSets.variants(List.of(), List.of("top_n=3")))
                .isInstanceOf(UserMistakeException.class)
                .hasMessageContaining("--sweep top_n=3 is not understood");
    }

    @Test
    void writesAPageInWhichNoQueryBreaksOut() throws IOException {
        Evaluation evaluation = evaluation();
        Path file = folder.resolve("report.html");

        EvaluationHtml.write(
                evaluation.report(
                        List.of(
                                evaluation.measure(
                                        "a < b",
                                        List.of(
                                                result(
                                                        "r1",
                                                        List.of("a"),
                                                        List.of("c", "b"),
                                                        3,
                                                        1,
                                                        2))))),
                file);

        assertThat(Files.readString(file))
                .startsWith("<!DOCTYPE html>")
                .contains("a &lt; b", "&lt;script&gt;alert(1)", "<svg")
                .doesNotContain("<script", "http://", "https://", "NaN");
    }

    private static Evaluation evaluation() {
        return new Evaluation(QRELS, Map.of("r1", "style"), 10, Gain.EXPONENTIAL, 1);
    }

    /** A result with the retrieval rank of each candidate, kept ones first. */
    private static RerankedResult result(
            String requestId, List<String> kept, List<String> dropped, int... retrievalRanks)
            throws IOException {
        List<String> items = new ArrayList<>();
        for (int i = 0; i < retrievalRanks.length; i++) {
            boolean served = i < kept.size();
            double score = 0.9 - i / 100.0;
            items.add(
                    """
                    {"id":"%s","index":%d,"kept":%b,"tied":false,"scored":true,"truncated":false,"score":%s,"logit":%s,"probability":%s,"calibrated":%s,"band":"strong","retrieval_rank":%d}
                    """
                            .formatted(
                                    served ? kept.get(i) : dropped.get(i - kept.size()),
                                    i,
                                    served,
                                    score,
                                    score,
                                    score,
                                    score,
                                    retrievalRanks[i]));
        }
        String json =
                """
                {"schema":1,"request_id":"%s","status":"complete","query":{"text":"<script>alert(1)</script>"},
                 "calibration":{"method":"identity"},"scale":1,"threshold":{"strategy":"fixed","on":"score","value":0.5,"reason":"r"},
                 "results":[%s],"dropped":[%s]}
                """
                        .formatted(
                                requestId,
                                String.join(",", items.subList(0, kept.size())),
                                String.join(",", items.subList(kept.size(), items.size())));
        return Json.mapper().readValue(json, RerankedResult.class);
    }
}
