package dev.lychee.rerank.deploy.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.lychee.rerank.deploy.demo.DemoLedger.Answer;
import dev.lychee.rerank.deploy.demo.Sample.SampleQuery;
import dev.lychee.rerank.schemas.CalibrationReference;
import dev.lychee.rerank.schemas.Candidate;
import dev.lychee.rerank.schemas.ProfileReference;
import dev.lychee.rerank.schemas.RerankedResult;
import dev.lychee.rerank.schemas.ResultItem;
import dev.lychee.rerank.schemas.ResultQuery;
import dev.lychee.rerank.schemas.Status;
import dev.lychee.rerank.schemas.ThresholdDecision;
import dev.lychee.rerank.schemas.Timings;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DemoLedgerTest {

    private static final long MILLI = 1_000_000;

    private Sample sample;
    private DemoLedger ledger;

    @BeforeEach
    void openLedger(@TempDir Path folder) throws IOException {
        TestingSample.write(folder);
        sample = Sample.load(folder);
        ledger = new DemoLedger(sample);
    }

    @Test
    void measuresBothOrdersAndTheTimeBetween() {
        send("r-1", 0, List.of("p-2", "p-1"), 0);

        Answer answer =
                Objects.requireNonNull(
                        ledger.received(result("r-1", List.of("p-1"), List.of("p-2")), 7 * MILLI));

        // Gains 1 and 7 over log2(2) and log2(3), by the ideal 7 and 1.
        double log3 = Math.log(3) / Math.log(2);
        assertThat(answer.ndcgBefore()).isCloseTo((1 + 7 / log3) / (7 + 1 / log3), within(1e-9));
        assertThat(answer.ndcgAfter()).isCloseTo(1, within(1e-9));
        assertThat(answer.latencyMillis()).isCloseTo(7, within(1e-9));
    }

    @Test
    void isWholeWhenEachSetHasOneResult() {
        send("r-1", 0, List.of("p-1"), 0);
        send("r-2", 1, List.of("p-3"), MILLI);
        ledger.received(result("r-2", List.of("p-3"), List.of()), 3 * MILLI);
        ledger.received(result("r-1", List.of("p-1"), List.of()), 4 * MILLI);

        DemoReport report = ledger.report();

        assertThat(report.isWhole()).isTrue();
        assertThat(report.setsIn()).isEqualTo(2);
        assertThat(report.resultsOut()).isEqualTo(2);
        assertThat(report.pairsScored()).isEqualTo(2);
        assertThat(report.latencyMs()).containsEntry("p50", 2.0).containsEntry("max", 4.0);
        assertThat(report.ndcg10ByQueryType()).containsOnlyKeys("style", "visual");
        assertThat(ledger.open()).isZero();
    }

    @Test
    void countsWhatIsLostAndWhatComesTwice() {
        send("r-1", 0, List.of("p-1"), 0);
        send("r-2", 1, List.of("p-3"), 0);
        RerankedResult result = result("r-1", List.of("p-1"), List.of());
        ledger.received(result, MILLI);

        assertThat(ledger.received(result, 2 * MILLI)).isNull();

        DemoReport report = ledger.report();
        assertThat(report.duplicates()).isEqualTo(1);
        assertThat(report.lost()).isEqualTo(1);
        assertThat(report.isWhole()).isFalse();
    }

    @Test
    void closesASetThatWasRefused() {
        send("r-1", 0, List.of("p-1"), 0);

        ledger.refused();

        assertThat(ledger.open()).isZero();
        assertThat(ledger.report().isWhole()).isFalse();
    }

    @Test
    void reportsNothingMeasuredBeforeTheFirstResult() {
        DemoReport report = ledger.report();

        assertThat(report.ndcg10After()).isNull();
        assertThat(report.pairsPerSecond()).isNull();
        assertThat(report.latencyMs()).isEmpty();
    }

    private void send(String requestId, int query, List<String> ids, long nanos) {
        SampleQuery sent = sample.queries().get(query);
        List<Candidate> candidates = ids.stream().map(id -> Candidate.ofText(id, id)).toList();
        ledger.sending(requestId, sent, candidates, nanos);
    }

    private static RerankedResult result(
            String requestId, List<String> kept, List<String> dropped) {
        List<ResultItem> results = new ArrayList<>();
        kept.forEach(id -> results.add(item(id, results.size() + 1, true)));
        List<ResultItem> rest = new ArrayList<>();
        dropped.forEach(id -> rest.add(item(id, kept.size() + rest.size() + 1, false)));
        return new RerankedResult(
                RerankedResult.SCHEMA,
                requestId,
                "result-of-" + requestId,
                Status.COMPLETE,
                new ResultQuery("text", null),
                new ProfileReference("default", 1, "hash"),
                null,
                null,
                null,
                null,
                null,
                List.of(),
                CalibrationReference.IDENTITY,
                new ThresholdDecision("none", "score", null, null, ""),
                null,
                1,
                List.of(),
                results,
                rest,
                List.of(),
                new Timings(0, 0, 0.0, 0));
    }

    private static ResultItem item(String id, int place, boolean kept) {
        double score = 1.0 / place;
        return new ResultItem(
                id,
                place - 1,
                kept ? place : null,
                score,
                score,
                "strong",
                false,
                kept,
                true,
                score,
                score,
                score,
                score,
                null,
                null,
                Map.of(),
                Map.of(),
                List.of(),
                List.of(),
                null,
                place,
                Map.of(),
                false,
                null,
                null,
                null,
                null,
                kept ? null : "threshold",
                null,
                List.of());
    }
}
