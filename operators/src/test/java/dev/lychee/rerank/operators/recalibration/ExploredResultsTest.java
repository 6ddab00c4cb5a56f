package dev.lychee.rerank.operators.recalibration;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lychee.rerank.operators.clicks.ClickTable;
import dev.lychee.rerank.schemas.flow.ClickCounts;
import dev.lychee.rerank.schemas.flow.Clickthrough;
import dev.lychee.rerank.schemas.flow.ServedItem;
import dev.lychee.rerank.schemas.flow.ServedResult;
import dev.lychee.rerank.schemas.flow.ShownItem;
import dev.lychee.rerank.schemas.flow.SourcePosition;
import dev.lychee.rerank.schemas.flow.SourceRecord;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.flink.streaming.api.operators.ProcessOperator;
import org.apache.flink.streaming.api.watermark.Watermark;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.util.OneInputStreamOperatorTestHarness;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** From results of which chance ordered a part to counts of pairs. */
class ExploredResultsTest {

    private static final int RANKS = 6;

    @Test
    void pairsFollowFromRanksAndPropensities() throws Exception {
        ServedResult odd = served(null, 0.5, 0.5, 0.5, 0.5, null);
        ServedResult withAGap = served(0.5, 0.5, null, null, 0.5, 0.5);
        ServedResult reachingDeeper = served(null, null, null, null, null, 0.5, 0.5);

        assertThat(odd.explored()).isTrue();
        assertThat(odd.items())
                .extracting(ServedItem::pair)
                .containsExactly(null, 2, 2, 4, 4, null);
        assertThat(withAGap.items())
                .extracting(ServedItem::pair)
                .containsExactly(1, 1, null, null, 5, 5);
        assertThat(reachingDeeper.items())
                .extracting(ServedItem::pair)
                .containsExactly(null, null, null, null, null, 6);
    }

    @Test
    void whatChanceDidNotOrderIsInNoPair() throws Exception {
        ServedResult result = served(null, null, null);

        assertThat(result.explored()).isFalse();
        assertThat(result.items()).extracting(ServedItem::pair).containsOnlyNulls();
    }

    @Test
    void documentsOfPairsAreCountedByTheRankTheyWereShownAt() throws Exception {
        Map<String, ClickTable> tables =
                counted(
                        new Clickthrough(
                                "r",
                                "c",
                                "f",
                                "default",
                                null,
                                0,
                                1,
                                true,
                                List.of(
                                        new ShownItem(1, 2, 0.9, 1, null),
                                        new ShownItem(2, 1, 0.7, 0, 2),
                                        new ShownItem(3, 1, 0.7, 1, 2))));

        assertThat(tables).containsOnlyKeys("segment/default", "explored/upper", "explored/lower");
        assertThat(tables.get("segment/default").impressions()).isEqualTo(3);
        assertThat(tables.get("explored/upper").impressions()).isEqualTo(1);
        assertThat(tables.get("explored/upper").impressions(2)).isEqualTo(1);
        assertThat(tables.get("explored/upper").clicks(2)).isZero();
        assertThat(tables.get("explored/lower").impressions()).isEqualTo(1);
        assertThat(tables.get("explored/lower").clicks(3)).isEqualTo(1);
    }

    private static ServedResult served(@Nullable Double... propensities) throws Exception {
        List<String> items = new ArrayList<>();
        for (int i = 0; i < propensities.length; i++) {
            items.add(
                    "{\"id\":\"d%d\",\"rank\":%d,\"logit\":1.0,\"calibrated\":0.5,\"propensity\":%s}"
                            .formatted(i, i + 1, propensities[i]));
        }
        String json =
                "{\"request_id\":\"r\",\"status\":\"complete\",\"fingerprint\":\"f\","
                        + "\"calibration\":{\"method\":\"identity\"},\"degraded\":[],\"results\":"
                        + items
                        + "}";
        try (var harness =
                new OneInputStreamOperatorTestHarness<SourceRecord, ServedResult>(
                        new ProcessOperator<>(new DecodeServedResultFunction(RANKS)))) {
            harness.open();
            harness.processElement(
                    new StreamRecord<>(
                            new SourceRecord(
                                    new SourcePosition("reranked-results", 0, 0),
                                    1,
                                    null,
                                    json.getBytes(StandardCharsets.UTF_8)),
                            1));
            return harness.extractOutputValues().get(0);
        }
    }

    private static Map<String, ClickTable> counted(Clickthrough clickthrough) throws Exception {
        try (var harness =
                new OneInputStreamOperatorTestHarness<Clickthrough, ClickCounts>(
                        new AggregateClicksOperator(RANKS))) {
            harness.open();
            harness.processElement(new StreamRecord<>(clickthrough));
            harness.processWatermark(new Watermark(1));
            return harness.extractOutputValues().stream()
                    .collect(Collectors.toMap(ClickCounts::table, ExploredResultsTest::table));
        }
    }

    private static ClickTable table(ClickCounts counts) {
        ClickTable table = new ClickTable(RANKS);
        table.add(counts.cells(), counts.values());
        return table;
    }
}
