package dev.lychee.rerank.operators.recalibration;

import static dev.lychee.rerank.operators.recalibration.TestingRecalibration.SETTINGS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.lychee.rerank.operators.DeadLetters;
import dev.lychee.rerank.schemas.DeadLetter;
import dev.lychee.rerank.schemas.InvalidMessageException;
import dev.lychee.rerank.schemas.Reason;
import dev.lychee.rerank.schemas.UbiCodec;
import dev.lychee.rerank.schemas.flow.ActionKind;
import dev.lychee.rerank.schemas.flow.Clickthrough;
import dev.lychee.rerank.schemas.flow.InteractionEvent;
import dev.lychee.rerank.schemas.flow.ServedItem;
import dev.lychee.rerank.schemas.flow.ServedResult;
import dev.lychee.rerank.schemas.flow.SourcePosition;
import dev.lychee.rerank.schemas.flow.SourceRecord;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.runtime.metrics.util.InterceptingOperatorMetricGroup;
import org.apache.flink.runtime.operators.testutils.MockEnvironment;
import org.apache.flink.streaming.api.operators.ProcessOperator;
import org.apache.flink.streaming.api.operators.co.KeyedCoProcessOperator;
import org.apache.flink.streaming.api.watermark.Watermark;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.util.KeyedTwoInputStreamOperatorTestHarness;
import org.apache.flink.streaming.util.OneInputStreamOperatorTestHarness;
import org.junit.jupiter.api.Test;

class DecodeInteractionTest {

    private static final String CLICK =
            """
            {"action_name":"click","query_id":"r","client_id":"c","timestamp":1717527762025,\
            "event_attributes":{"object":{"object_id":"sku-1"},"position":{"ordinal":0}}}""";

    @Test
    void takesFromAnEventWhatItNeeds() throws Exception {
        Decoded decoded = decode(List.of(CLICK, CLICK.replace("\"sku-1\"", "17")));

        assertThat(decoded.events)
                .containsExactly(
                        new InteractionEvent("r", "sku-1", "c", 1, ActionKind.CLICK, 0),
                        new InteractionEvent("r", "17", "c", 1, ActionKind.CLICK, 1));
    }

    @Test
    void countsWhatItCannotUseByReason() throws Exception {
        Decoded decoded =
                decode(
                        List.of(
                                "{\"index\":{\"_index\":\"ubi_events\"}}",
                                "{\"query_id\":\"r\",\"user_query\":\"red\"}",
                                CLICK.replace("click", "page_exit"),
                                "{",
                                "17",
                                "{\"a\":1}",
                                CLICK.replace("\"query_id\":\"r\",", ""),
                                CLICK.replace("object_id", "other_id"),
                                CLICK.replace("sku-1", "x".repeat(513))));

        assertThat(decoded.events).isEmpty();
        assertThat(decoded.count("numBulkHeaders")).isOne();
        assertThat(decoded.count("numQueries")).isOne();
        assertThat(decoded.count("numEventsOfOtherActions")).isOne();
        assertThat(decoded.count("numDeadLetters")).isEqualTo(6);
        assertThat(decoded.letters)
                .extracting(DeadLetter::reason)
                .containsExactly(
                        Reason.MALFORMED_JSON,
                        Reason.MALFORMED_JSON,
                        Reason.MISSING_FIELD,
                        Reason.MISSING_FIELD,
                        Reason.MISSING_FIELD,
                        Reason.INVALID_FIELD);
        assertThat(decoded.letters)
                .extracting(DeadLetter::stage)
                .containsOnly("decode-interactions");
    }

    /** The feed lies beside the project, or where the environment variable LYCHEE_DATA says. */
    @Test
    void everyLineOfARealFeedIsCountedOnce() throws Exception {
        Path file =
                Path.of(
                        Objects.requireNonNullElse(
                                System.getenv("LYCHEE_DATA"), "../../shared/data"),
                        "ubi",
                        "ubi_queries_events.ndjson");
        assumeTrue(
                Files.isReadable(file),
                "the feed is not here; LYCHEE_DATA may name the folder that holds ubi/");
        List<String> lines = Files.readAllLines(file);
        Decoded decoded = decode(lines);
        JoinInteractionsFunction function = new JoinInteractionsFunction(SETTINGS);
        try (var harness =
                new KeyedTwoInputStreamOperatorTestHarness<
                        String, ServedResult, InteractionEvent, Clickthrough>(
                        new KeyedCoProcessOperator<>(function),
                        ServedResult::requestId,
                        InteractionEvent::requestId,
                        Types.STRING)) {
            harness.open();
            for (ServedResult result : servedBy(lines)) {
                harness.processElement1(new StreamRecord<>(result, 0));
            }
            for (InteractionEvent event : decoded.events) {
                harness.processElement2(new StreamRecord<>(event, event.timestampMillis()));
            }
            harness.processBothWatermarks(new Watermark(Long.MAX_VALUE));

            JoinMetrics metrics = function.metrics();
            long joined = metrics.joined.getCount();
            long withoutResult = metrics.unjoined.getCount();
            long others =
                    metrics.foreign.getCount()
                            + metrics.unknown.getCount()
                            + metrics.surplus.getCount()
                            + metrics.late.getCount();
            assertThat(lines).hasSize(7_842);
            assertThat(decoded.count("numBulkHeaders")).isEqualTo(3_921);
            assertThat(decoded.count("numQueries")).isEqualTo(473);
            assertThat(joined).isGreaterThan(1_000);
            assertThat(withoutResult).isPositive();
            assertThat(
                            decoded.count("numBulkHeaders")
                                    + decoded.count("numQueries")
                                    + decoded.count("numEventsOfOtherActions")
                                    + decoded.count("numDeadLetters")
                                    + joined
                                    + withoutResult
                                    + others)
                    .isEqualTo(7_842);
            assertThat(metrics.clickthroughs.getCount()).isPositive();
        }
    }

    /** What the impressions say was shown, in their order. */
    private static List<ServedResult> servedBy(List<String> lines) throws InvalidMessageException {
        Map<String, Set<String>> shown = new LinkedHashMap<>();
        for (String text : lines) {
            UbiCodec.Line line = UbiCodec.decode(text.getBytes(StandardCharsets.UTF_8));
            String query = line.queryId();
            String object = line.objectId();
            if (line.action().equals("impression") && query != null && object != null) {
                shown.computeIfAbsent(query, key -> new LinkedHashSet<>()).add(object);
            }
        }
        List<ServedResult> results = new ArrayList<>();
        shown.forEach(
                (query, objects) -> {
                    List<ServedItem> items = new ArrayList<>();
                    for (String object : objects) {
                        if (items.size() < SETTINGS.ranks()) {
                            items.add(new ServedItem(object, items.size() + 1, 0.5, 0.5, null));
                        }
                    }
                    results.add(
                            new ServedResult(
                                    query, "f", "default", null, 0, 0, false, items, null, false));
                });
        return results;
    }

    private record Decoded(
            List<InteractionEvent> events,
            List<DeadLetter> letters,
            InterceptingOperatorMetricGroup metrics) {

        long count(String name) {
            return TestingRecalibration.count(metrics, name);
        }
    }

    private static Decoded decode(List<String> lines) throws Exception {
        InterceptingOperatorMetricGroup metrics = new InterceptingOperatorMetricGroup();
        try (MockEnvironment environment = TestingRecalibration.environmentWith(metrics);
                var harness =
                        new OneInputStreamOperatorTestHarness<SourceRecord, InteractionEvent>(
                                new ProcessOperator<>(new DecodeInteractionFunction(SETTINGS)),
                                environment)) {
            harness.open();
            for (int i = 0; i < lines.size(); i++) {
                harness.processElement(
                        new StreamRecord<>(
                                new SourceRecord(
                                        new SourcePosition("interactions", 0, i),
                                        i,
                                        null,
                                        lines.get(i).getBytes(StandardCharsets.UTF_8)),
                                i));
            }
            var letters = harness.getSideOutput(DeadLetters.TAG);
            return new Decoded(
                    new ArrayList<>(harness.extractOutputValues()),
                    letters == null
                            ? List.of()
                            : letters.stream().map(StreamRecord::getValue).toList(),
                    metrics);
        }
    }
}
