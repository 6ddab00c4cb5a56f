package dev.lychee.rerank.operators.recalibration;

import dev.lychee.rerank.schemas.flow.Clickthrough;
import dev.lychee.rerank.schemas.flow.Exposure;
import dev.lychee.rerank.schemas.flow.InteractionEvent;
import dev.lychee.rerank.schemas.flow.JoinProgress;
import dev.lychee.rerank.schemas.flow.ServedResult;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.state.ListState;
import org.apache.flink.api.common.state.ListStateDescriptor;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.streaming.api.TimerService;
import org.apache.flink.streaming.api.functions.co.KeyedCoProcessFunction;
import org.apache.flink.util.Collector;
import org.apache.flink.util.OutputTag;

/**
 * Waits with each result for its interactions, and closes it when the attribution time has passed.
 * A result that nobody clicked on is evidence too.
 *
 * <p><b>State</b>, keyed by request id: {@code served}, the result; {@code interactions}, at most
 * {@code maxEvents}; {@code join}, how far they have come. Result and interactions are cleared when
 * the clickthrough leaves, the rest one attribution time later. Interactions whose result does not
 * come are cleared after the attribution time.
 *
 * <p><b>Time</b>: event time, that of the Kafka records. One timer per key.
 *
 * <p><b>Failure</b>: what is too late, comes twice or has no result is counted and left out.
 */
public final class JoinInteractionsFunction
        extends KeyedCoProcessFunction<String, ServedResult, InteractionEvent, Clickthrough> {

    /** Results that were served in an experiment, with what came of them. */
    public static final OutputTag<Exposure> EXPOSURES = new OutputTag<>("exposures") {};

    private final RecalibrationSettings settings;
    private transient ValueState<ServedResult> servedState;
    private transient ListState<InteractionEvent> interactionState;
    private transient ValueState<JoinProgress> joinState;
    private transient JoinMetrics metrics;

    /** Joins results and interactions. */
    @SuppressWarnings("NullAway.Init") // set in open
    public JoinInteractionsFunction(RecalibrationSettings settings) {
        this.settings = settings;
    }

    @Override
    public void open(OpenContext context) {
        servedState =
                getRuntimeContext()
                        .getState(
                                new ValueStateDescriptor<>(
                                        "served", TypeInformation.of(ServedResult.class)));
        interactionState =
                getRuntimeContext()
                        .getListState(
                                new ListStateDescriptor<>(
                                        "interactions",
                                        TypeInformation.of(InteractionEvent.class)));
        joinState =
                getRuntimeContext()
                        .getState(
                                new ValueStateDescriptor<>(
                                        "join", TypeInformation.of(JoinProgress.class)));
        metrics = new JoinMetrics(getRuntimeContext().getMetricGroup());
    }

    /** What has been counted; after {@link #open}. */
    JoinMetrics metrics() {
        return metrics;
    }

    @Override
    public void processElement1(ServedResult result, Context context, Collector<Clickthrough> out)
            throws Exception {
        JoinProgress progress = joinState.value();
        if (servedState.value() != null || (progress != null && progress.closed())) {
            metrics.redelivered.inc();
            return;
        }
        long closes = result.servedMillis() + settings.attributionMillis();
        if (closes <= context.timerService().currentWatermark()) {
            metrics.lateResults.inc();
            return;
        }
        servedState.update(result);
        if (progress != null) {
            context.timerService().deleteEventTimeTimer(progress.timerMillis());
        }
        context.timerService().registerEventTimeTimer(closes);
        joinState.update(new JoinProgress(progress == null ? 0 : progress.events(), closes, false));
    }

    @Override
    public void processElement2(
            InteractionEvent event, Context context, Collector<Clickthrough> out) throws Exception {
        JoinProgress progress = joinState.value();
        long waitsUntil = event.timestampMillis() + settings.attributionMillis();
        if ((progress != null && progress.closed())
                || waitsUntil <= context.timerService().currentWatermark()) {
            metrics.late.inc();
            return;
        }
        if (progress == null) {
            context.timerService().registerEventTimeTimer(waitsUntil);
            progress = new JoinProgress(0, waitsUntil, false);
        }
        if (progress.events() >= settings.maxEvents()) {
            metrics.surplus.inc();
            return;
        }
        interactionState.add(event);
        joinState.update(new JoinProgress(progress.events() + 1, progress.timerMillis(), false));
    }

    @Override
    public void onTimer(long timestamp, OnTimerContext context, Collector<Clickthrough> out)
            throws Exception {
        JoinProgress progress = joinState.value();
        if (progress == null || progress.timerMillis() != timestamp) {
            return;
        }
        if (progress.closed()) {
            joinState.clear();
            return;
        }
        ServedResult result = servedState.value();
        if (result == null) {
            metrics.unjoined.inc(progress.events());
            interactionState.clear();
            joinState.clear();
            return;
        }
        close(result, timestamp, context, out);
        remember(timestamp, context.timerService());
    }

    private void close(
            ServedResult result, long closes, Context context, Collector<Clickthrough> out)
            throws Exception {
        List<InteractionEvent> inTime = new ArrayList<>();
        Iterable<InteractionEvent> all = interactionState.get();
        if (all != null) {
            for (InteractionEvent event : all) {
                if (event.timestampMillis() <= closes) {
                    inTime.add(event);
                } else {
                    metrics.late.inc();
                }
            }
        }
        Attribution attribution = Attribution.of(result, inTime, settings);
        metrics.joined.inc(attribution.joined());
        metrics.foreign.inc(attribution.foreign());
        metrics.unknown.inc(attribution.unknown());
        if (result.participation() != null) {
            context.output(EXPOSURES, ExposureOf.of(result, result.participation(), inTime));
        }
        if (result.untrained()) {
            return;
        }
        Clickthrough clickthrough = attribution.clickthrough();
        if (clickthrough == null) {
            metrics.unobserved.inc();
        } else {
            metrics.clickthroughs.inc();
            out.collect(clickthrough);
        }
    }

    /** What is left tells redeliveries and late clicks for a while, then ends too. */
    private void remember(long closed, TimerService timers) throws Exception {
        long until = closed + settings.attributionMillis();
        servedState.clear();
        interactionState.clear();
        joinState.update(new JoinProgress(0, until, true));
        timers.registerEventTimeTimer(until);
    }
}
