package dev.lychee.rerank.operators.recalibration;

import dev.lychee.rerank.operators.clicks.FeedGuard;
import dev.lychee.rerank.operators.clicks.FitGuards;
import dev.lychee.rerank.operators.clicks.TrustBias;
import dev.lychee.rerank.schemas.CalibrationMap;
import dev.lychee.rerank.schemas.ExperimentResult;
import dev.lychee.rerank.schemas.flow.ActionKind;
import dev.lychee.rerank.schemas.flow.ClickCounts;
import dev.lychee.rerank.schemas.flow.Clickthrough;
import dev.lychee.rerank.schemas.flow.Exposure;
import dev.lychee.rerank.schemas.flow.ExposureCounts;
import dev.lychee.rerank.schemas.flow.InteractionEvent;
import dev.lychee.rerank.schemas.flow.ServedResult;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.metrics.Counter;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.runtime.jobgraph.OperatorID;
import org.apache.flink.runtime.metrics.groups.InternalOperatorMetricGroup;
import org.apache.flink.runtime.metrics.util.InterceptingOperatorMetricGroup;
import org.apache.flink.runtime.metrics.util.InterceptingTaskMetricGroup;
import org.apache.flink.runtime.operators.testutils.MockEnvironment;
import org.apache.flink.runtime.operators.testutils.MockEnvironmentBuilder;
import org.apache.flink.streaming.api.operators.KeyedProcessOperator;
import org.apache.flink.streaming.api.operators.co.KeyedCoProcessOperator;
import org.apache.flink.streaming.api.watermark.Watermark;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.util.AbstractStreamOperatorTestHarness;
import org.apache.flink.streaming.util.KeyedOneInputStreamOperatorTestHarness;
import org.apache.flink.streaming.util.KeyedTwoInputStreamOperatorTestHarness;
import org.apache.flink.streaming.util.OneInputStreamOperatorTestHarness;
import org.jspecify.annotations.Nullable;

/** The pipeline from decoded records to maps, one subtask of each operator, driven by hand. */
final class TestingRecalibration implements AutoCloseable {

    static final long EPOCH = 60_000;
    static final long ATTRIBUTION = 120_000;
    static final int CLIENT_CAP = 10;

    static final RecalibrationSettings SETTINGS = withHalfLife(24 * 3_600_000L);

    private static final int MAX_PARALLELISM = 8;

    /** What each operator has in a checkpoint. */
    record Checkpoint(
            OperatorSubtaskState join,
            OperatorSubtaskState cap,
            OperatorSubtaskState aggregate,
            OperatorSubtaskState fit,
            OperatorSubtaskState aggregateExposures,
            OperatorSubtaskState measure) {}

    final InterceptingOperatorMetricGroup fitMetrics = new InterceptingOperatorMetricGroup();
    final InterceptingOperatorMetricGroup measureMetrics = new InterceptingOperatorMetricGroup();
    private final Map<String, Long> counted = new HashMap<>();
    private final List<AutoCloseable> environments = new ArrayList<>();
    private final KeyedTwoInputStreamOperatorTestHarness<
                    String, ServedResult, InteractionEvent, Clickthrough>
            join;
    private final KeyedOneInputStreamOperatorTestHarness<String, Clickthrough, Clickthrough> cap;
    private final OneInputStreamOperatorTestHarness<Clickthrough, ClickCounts> aggregate;
    private final KeyedOneInputStreamOperatorTestHarness<String, ClickCounts, CalibrationMap> fit;
    private final OneInputStreamOperatorTestHarness<Exposure, ExposureCounts> aggregateExposures;
    private final KeyedOneInputStreamOperatorTestHarness<String, ExposureCounts, ExperimentResult>
            measure;
    private int exposuresTaken;

    TestingRecalibration(@Nullable Checkpoint restored) throws Exception {
        this(SETTINGS, restored);
    }

    TestingRecalibration(RecalibrationSettings settings, @Nullable Checkpoint restored)
            throws Exception {
        join =
                new KeyedTwoInputStreamOperatorTestHarness<>(
                        new KeyedCoProcessOperator<>(new JoinInteractionsFunction(settings)),
                        ServedResult::requestId,
                        InteractionEvent::requestId,
                        Types.STRING,
                        MAX_PARALLELISM,
                        1,
                        0);
        cap =
                new KeyedOneInputStreamOperatorTestHarness<>(
                        new KeyedProcessOperator<>(new CapClientsFunction(settings)),
                        CapClientsFunction::key,
                        Types.STRING,
                        MAX_PARALLELISM,
                        1,
                        0);
        aggregate =
                new OneInputStreamOperatorTestHarness<>(
                        new AggregateClicksOperator(settings.ranks()));
        fit =
                new KeyedOneInputStreamOperatorTestHarness<>(
                        new KeyedProcessOperator<>(new FitMapsFunction(settings)),
                        ClickCounts::fingerprint,
                        Types.STRING,
                        environment(fitMetrics));
        aggregateExposures =
                new OneInputStreamOperatorTestHarness<>(
                        new AggregateExposuresOperator(SETTINGS.experiments()));
        measure =
                new KeyedOneInputStreamOperatorTestHarness<>(
                        new KeyedProcessOperator<>(new MeasureExperimentsFunction(SETTINGS)),
                        MeasureExperimentsFunction::key,
                        Types.STRING,
                        environment(measureMetrics));
        open(join, restored == null ? null : restored.join());
        open(cap, restored == null ? null : restored.cap());
        open(aggregate, restored == null ? null : restored.aggregate());
        open(fit, restored == null ? null : restored.fit());
        open(aggregateExposures, restored == null ? null : restored.aggregateExposures());
        open(measure, restored == null ? null : restored.measure());
    }

    /** What the tests agree on, with counts that fade as fast as this. */
    static RecalibrationSettings withHalfLife(long millis) {
        return new RecalibrationSettings(
                Map.of("impression", 0.0, "click", 1.0, "add_to_cart", 1.0, "purchase", 1.0),
                10,
                0,
                ATTRIBUTION,
                100,
                EPOCH,
                CLIENT_CAP,
                millis,
                30 * 24 * 3_600_000L,
                3,
                TrustBias.NONE,
                new FitGuards(300, 0.03, 0.2, 0.005, 0.5, 0.3),
                new FeedGuard(20, 60),
                new ExperimentSettings(
                        Map.of(
                                "click",
                                ActionKind.CLICK,
                                "add_to_cart",
                                ActionKind.CART,
                                "purchase",
                                ActionKind.PURCHASE),
                        10 * EPOCH,
                        24 * 3_600_000L));
    }

    private MockEnvironment environment(InterceptingOperatorMetricGroup metrics) {
        MockEnvironment environment = environmentWith(metrics);
        environments.add(environment);
        return environment;
    }

    static MockEnvironment environmentWith(InterceptingOperatorMetricGroup metrics) {
        return new MockEnvironmentBuilder()
                .setMaxParallelism(MAX_PARALLELISM)
                .setMetricGroup(
                        new InterceptingTaskMetricGroup() {
                            @Override
                            public InternalOperatorMetricGroup getOrAddOperator(
                                    OperatorID id, String name, Map<String, String> variables) {
                                return metrics;
                            }
                        })
                .build();
    }

    static long count(InterceptingOperatorMetricGroup metrics, String name) {
        return ((Counter) metrics.get(name)).getCount();
    }

    private static void open(
            AbstractStreamOperatorTestHarness<?> harness, @Nullable OperatorSubtaskState state)
            throws Exception {
        harness.setup();
        if (state != null) {
            harness.initializeState(state);
        }
        harness.open();
    }

    void serve(ServedResult result) throws Exception {
        join.processElement1(new StreamRecord<>(result, result.servedMillis()));
    }

    void interact(InteractionEvent event) throws Exception {
        join.processElement2(new StreamRecord<>(event, event.timestampMillis()));
    }

    /** Time goes on, and whatever it closes flows down. */
    void watermark(long millis) throws Exception {
        join.processWatermark1(new Watermark(millis));
        join.processWatermark2(new Watermark(millis));
        for (Exposure exposure : exposures()) {
            aggregateExposures.processElement(new StreamRecord<>(exposure));
        }
        aggregateExposures.processWatermark(new Watermark(millis));
        toMeasure();
        measure.processWatermark(new Watermark(millis));
        for (Clickthrough clickthrough : taken(join)) {
            cap.processElement(new StreamRecord<>(clickthrough));
        }
        cap.processWatermark(new Watermark(millis));
        for (Clickthrough clickthrough : taken(cap)) {
            counted.merge(clickthrough.client(), 1L, Long::sum);
            aggregate.processElement(new StreamRecord<>(clickthrough));
        }
        aggregate.processWatermark(new Watermark(millis));
        toFit();
        fit.processWatermark(new Watermark(millis));
    }

    /** Side outputs of a harness cannot be emptied. */
    private List<Exposure> exposures() {
        var all = join.getSideOutput(JoinInteractionsFunction.EXPOSURES);
        if (all == null) {
            return List.of();
        }
        List<Exposure> exposures =
                all.stream().skip(exposuresTaken).map(StreamRecord::getValue).toList();
        exposuresTaken += exposures.size();
        return exposures;
    }

    private void toMeasure() throws Exception {
        for (ExposureCounts counts : taken(aggregateExposures)) {
            measure.processElement(new StreamRecord<>(counts));
        }
    }

    private void toFit() throws Exception {
        for (ClickCounts counts : taken(aggregate)) {
            fit.processElement(new StreamRecord<>(counts));
        }
    }

    Checkpoint checkpoint() throws Exception {
        aggregate.prepareSnapshotPreBarrier(1);
        toFit();
        aggregateExposures.prepareSnapshotPreBarrier(1);
        toMeasure();
        return new Checkpoint(
                join.snapshot(1, 1),
                cap.snapshot(1, 1),
                aggregate.snapshot(1, 1),
                fit.snapshot(1, 1),
                aggregateExposures.snapshot(1, 1),
                measure.snapshot(1, 1));
    }

    /** How many results of a client were let through. */
    long counted(String client) {
        return counted.getOrDefault(client, 0L);
    }

    /** All maps so far. */
    List<CalibrationMap> maps() {
        return fit.extractOutputValues();
    }

    /** All that was said about experiments so far. */
    List<ExperimentResult> experimentResults() {
        return measure.extractOutputValues();
    }

    int experimentStateEntries() {
        return measure.numKeyedStateEntries();
    }

    int experimentTimers() {
        return measure.numEventTimeTimers();
    }

    int stateEntries() {
        return join.numKeyedStateEntries()
                + cap.numKeyedStateEntries()
                + fit.numKeyedStateEntries();
    }

    private static <T> List<T> taken(AbstractStreamOperatorTestHarness<T> harness) {
        List<T> values = harness.extractOutputValues();
        harness.getOutput().clear();
        return values;
    }

    @Override
    public void close() throws Exception {
        join.close();
        cap.close();
        aggregate.close();
        fit.close();
        aggregateExposures.close();
        measure.close();
        for (AutoCloseable environment : environments) {
            environment.close();
        }
    }
}
