package dev.lychee.rerank.operators.recalibration;

import dev.lychee.rerank.operators.experiments.ClusteredRate;
import dev.lychee.rerank.operators.experiments.ExposureTable;
import dev.lychee.rerank.operators.experiments.SampleRatios;
import dev.lychee.rerank.schemas.CalibrationMap;
import dev.lychee.rerank.schemas.ExperimentPeriod;
import dev.lychee.rerank.schemas.ExperimentRates;
import dev.lychee.rerank.schemas.ExperimentResult;
import dev.lychee.rerank.schemas.SampleRatio;
import dev.lychee.rerank.schemas.flow.ExperimentProgress;
import dev.lychee.rerank.schemas.flow.ExposureCounts;
import dev.lychee.rerank.schemas.flow.ExposureSums;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.state.MapState;
import org.apache.flink.api.common.state.MapStateDescriptor;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.MetricGroup;
import org.apache.flink.streaming.api.functions.KeyedProcessFunction;
import org.apache.flink.util.Collector;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Closes windows: says what the arms of an experiment did in it and since the beginning. Whatever
 * order counts come in, the numbers are the same to the bit.
 *
 * <p><b>State</b>, keyed by experiment and what it says (its hash): {@code open}, sums of windows
 * that are not closed; {@code totals}, sums since the beginning; {@code measured}, how far this has
 * come. All is forgotten {@code retentionMillis} after the last window with a result.
 *
 * <p><b>Time</b>: event time. One timer per open window, at the moment when all clicks on its
 * results have come. One timer that forgets.
 *
 * <p><b>Failure</b>: counts that contradict earlier ones are counted and left out.
 */
public final class MeasureExperimentsFunction
        extends KeyedProcessFunction<String, ExposureCounts, ExperimentResult> {

    private static final Logger LOG = LoggerFactory.getLogger(MeasureExperimentsFunction.class);

    private static final long NONE = Long.MIN_VALUE;

    /** The arm that the others are compared with. */
    private static final int CONTROL = 0;

    private final RecalibrationSettings settings;
    private transient MapState<String, ExposureSums> openState;
    private transient MapState<String, ExposureSums> totalState;
    private transient ValueState<ExperimentProgress> measuredState;
    private transient Counter windows;
    private transient Counter mismatches;
    private transient Counter lateCounts;
    private transient Counter surplusSegments;
    private transient Counter contradictions;

    /** Where sums belong: an arm in a segment. */
    private record Place(int arm, String segment) {

        String key() {
            return arm + "|" + segment;
        }

        static Place of(String key) {
            int end = key.indexOf('|');
            return new Place(Integer.parseInt(key.substring(0, end)), key.substring(end + 1));
        }
    }

    /** Measures experiments. */
    @SuppressWarnings("NullAway.Init") // set in open
    public MeasureExperimentsFunction(RecalibrationSettings settings) {
        this.settings = settings;
    }

    /** The key: each experiment, and again each change of what it says. */
    public static String key(ExposureCounts counts) {
        return counts.experiment() + "/" + counts.hash();
    }

    @Override
    public void open(OpenContext context) {
        openState = getRuntimeContext().getMapState(sums("open"));
        totalState = getRuntimeContext().getMapState(sums("totals"));
        measuredState =
                getRuntimeContext()
                        .getState(
                                new ValueStateDescriptor<>(
                                        "measured", TypeInformation.of(ExperimentProgress.class)));
        MetricGroup metrics = getRuntimeContext().getMetricGroup();
        windows = metrics.counter("numWindows");
        mismatches = metrics.counter("numSampleRatioMismatches");
        lateCounts = metrics.counter("numCountsLate");
        surplusSegments = metrics.counter("numCountsOverSegmentLimit");
        contradictions = metrics.counter("numCountsContradicting");
    }

    private static MapStateDescriptor<String, ExposureSums> sums(String name) {
        return new MapStateDescriptor<>(name, Types.STRING, TypeInformation.of(ExposureSums.class));
    }

    @Override
    public void processElement(
            ExposureCounts counts, Context context, Collector<ExperimentResult> out)
            throws Exception {
        ExperimentProgress progress = withVariant(measuredState.value(), counts);
        if (progress == null) {
            contradictions.inc();
            return;
        }
        measuredState.update(progress);
        if (counts.window() <= progress.closedWindow()) {
            lateCounts.inc();
            return;
        }
        String key = counts.window() + "|" + new Place(counts.arm(), counts.segment()).key();
        ExposureSums before = openState.get(key);
        if (before == null && isOneSegmentTooMany(counts.segment())) {
            surplusSegments.inc();
            return;
        }
        ExposureTable table = ExposureTable.of(before);
        table.add(ExposureTable.of(counts.sums()));
        openState.put(key, table.sums());
        context.timerService().registerEventTimeTimer(closesAt(counts.window()));
    }

    /** Knows what the arm is called; null when that or the shares are not what they were. */
    private static @Nullable ExperimentProgress withVariant(
            @Nullable ExperimentProgress before, ExposureCounts counts) {
        int arms = counts.shares().size();
        List<String> variants =
                before == null
                        ? new ArrayList<>(Collections.nCopies(arms, ""))
                        : new ArrayList<>(before.variants());
        if (before != null && !counts.shares().equals(before.shares())) {
            return null;
        }
        String known = variants.set(counts.arm(), counts.variant());
        if (!known.isEmpty() && !known.equals(counts.variant())) {
            return null;
        }
        return new ExperimentProgress(
                counts.experiment(),
                counts.hash(),
                counts.shares(),
                variants,
                before == null ? NONE : before.firstWindow(),
                before == null ? NONE : before.closedWindow(),
                before == null ? NONE : before.expiresMillis());
    }

    /** Segments are whatever users send, so their number needs a limit. */
    private boolean isOneSegmentTooMany(String segment) throws Exception {
        if (segment.equals(CalibrationMap.DEFAULT_SEGMENT)) {
            return false;
        }
        Set<String> known = new HashSet<>();
        for (String key : openState.keys()) {
            known.add(openPlace(key).segment());
        }
        for (String key : totalState.keys()) {
            known.add(Place.of(key).segment());
        }
        known.remove(CalibrationMap.DEFAULT_SEGMENT);
        return !known.contains(segment) && known.size() >= settings.maxSegments();
    }

    private long closesAt(long window) {
        return startOf(window + 1) + settings.attributionMillis();
    }

    private long startOf(long window) {
        return window * settings.experiments().windowMillis();
    }

    @Override
    public void onTimer(long timestamp, OnTimerContext context, Collector<ExperimentResult> out)
            throws Exception {
        ExperimentProgress progress = measuredState.value();
        if (progress == null) {
            return;
        }
        long window = settings.experiments().windowOf(timestamp - settings.attributionMillis()) - 1;
        NavigableMap<String, NavigableMap<Integer, ExposureTable>> closing = take(window);
        if (!closing.isEmpty()) {
            if (progress.expiresMillis() != NONE) {
                context.timerService().deleteEventTimeTimer(progress.expiresMillis());
            }
            long expires = timestamp + settings.experiments().retentionMillis();
            context.timerService().registerEventTimeTimer(expires);
            progress =
                    new ExperimentProgress(
                            progress.experiment(),
                            progress.hash(),
                            progress.shares(),
                            progress.variants(),
                            progress.firstWindow() == NONE ? window : progress.firstWindow(),
                            window,
                            expires);
            measuredState.update(progress);
            windows.inc();
            for (Map.Entry<String, NavigableMap<Integer, ExposureTable>> each :
                    closing.entrySet()) {
                measure(progress, each.getKey(), each.getValue(), out);
            }
        } else if (timestamp == progress.expiresMillis() && openState.isEmpty()) {
            totalState.clear();
            measuredState.clear();
        }
    }

    /** Takes the sums of a window out, by segment and arm. */
    private NavigableMap<String, NavigableMap<Integer, ExposureTable>> take(long window)
            throws Exception {
        NavigableMap<String, NavigableMap<Integer, ExposureTable>> taken = new TreeMap<>();
        Set<String> keys = new HashSet<>();
        for (Map.Entry<String, ExposureSums> each : openState.entries()) {
            if (each.getKey().startsWith(window + "|")) {
                Place place = openPlace(each.getKey());
                keys.add(each.getKey());
                taken.computeIfAbsent(place.segment(), key -> new TreeMap<>())
                        .put(place.arm(), ExposureTable.of(each.getValue()));
            }
        }
        for (String key : keys) {
            openState.remove(key);
        }
        return taken;
    }

    private static Place openPlace(String openKey) {
        return Place.of(openKey.substring(openKey.indexOf('|') + 1));
    }

    /** Adds a window to the totals of a segment, and says what they are now. */
    private void measure(
            ExperimentProgress progress,
            String segment,
            Map<Integer, ExposureTable> window,
            Collector<ExperimentResult> out)
            throws Exception {
        NavigableMap<Integer, ExposureTable> totals = new TreeMap<>();
        for (Map.Entry<String, ExposureSums> each : totalState.entries()) {
            Place place = Place.of(each.getKey());
            if (place.segment().equals(segment)) {
                totals.put(place.arm(), ExposureTable.of(each.getValue()));
            }
        }
        for (Map.Entry<Integer, ExposureTable> each : window.entrySet()) {
            ExposureTable total = totals.computeIfAbsent(each.getKey(), arm -> new ExposureTable());
            total.add(each.getValue());
            totalState.put(new Place(each.getKey(), segment).key(), total.sums());
        }
        for (int arm : totals.keySet()) {
            SampleRatio ratio = SampleRatios.of(progress.shares(), totals, arm);
            alarm(progress, new Place(arm, segment), ratio);
            out.collect(
                    new ExperimentResult(
                            ExperimentResult.SCHEMA,
                            progress.experiment(),
                            progress.hash(),
                            progress.variants().get(arm),
                            arm,
                            totals.containsKey(CONTROL) ? progress.variants().get(CONTROL) : null,
                            segment,
                            period(progress.closedWindow(), progress, window, arm),
                            period(progress.firstWindow(), progress, totals, arm),
                            ratio));
        }
    }

    private ExperimentPeriod period(
            long firstWindow,
            ExperimentProgress progress,
            Map<Integer, ExposureTable> tables,
            int arm) {
        ExposureTable table = tables.getOrDefault(arm, new ExposureTable());
        ExposureTable control = tables.get(CONTROL);
        ExperimentRates rates = table.rates();
        return new ExperimentPeriod(
                Instant.ofEpochMilli(startOf(firstWindow)),
                Instant.ofEpochMilli(startOf(progress.closedWindow() + 1)),
                table.exposures(),
                table.seen(),
                table.units(),
                rates,
                control == null || arm == CONTROL
                        ? null
                        : ClusteredRate.differences(rates, control.rates()));
    }

    private void alarm(ExperimentProgress progress, Place place, @Nullable SampleRatio ratio) {
        // All arms of a segment share one test.
        if (ratio != null
                && ratio.mismatch()
                && place.segment().equals(CalibrationMap.DEFAULT_SEGMENT)) {
            mismatches.inc();
            LOG.warn(
                    "Arm {} of experiment {} has {} % of the units and should have {} %: no"
                            + " difference can be believed until it is known why.",
                    progress.variants().get(place.arm()),
                    progress.experiment(),
                    Math.round(1_000 * ratio.observed()) / 10.0,
                    Math.round(1_000 * ratio.expected()) / 10.0);
        }
    }
}
