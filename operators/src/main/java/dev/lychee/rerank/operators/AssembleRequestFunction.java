package dev.lychee.rerank.operators;

import dev.lychee.rerank.operators.calibration.CalibrationMaps;
import dev.lychee.rerank.schemas.CalibrationMap;
import dev.lychee.rerank.schemas.InvalidMessageException;
import dev.lychee.rerank.schemas.flow.AssemblyInput;
import dev.lychee.rerank.schemas.flow.ScoredSet;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.state.BroadcastState;
import org.apache.flink.api.common.state.MapStateDescriptor;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.runtime.state.FunctionInitializationContext;
import org.apache.flink.runtime.state.FunctionSnapshotContext;
import org.apache.flink.streaming.api.checkpoint.CheckpointedFunction;
import org.apache.flink.streaming.api.functions.co.KeyedBroadcastProcessFunction;
import org.apache.flink.util.Collector;

/**
 * Puts each request together from its envelopes and the outcomes of its tasks, and answers it once:
 * when it is complete, when its deadline or the wait for its shards has passed, or when the input
 * ends. The calibration map is chosen here, one per set, of those that hold at that moment.
 *
 * <p><b>State</b>, keyed by request id: {@code progress}, {@code envelopes} and {@code outcomes} of
 * an open request, cleared when it is answered; a {@code tombstone} afterwards, cleared by a timer
 * after {@code tombstoneMillis}. A key with neither holds nothing. Broadcast: {@code
 * calibration-maps}, per fingerprint and segment the map with the highest version, and the latest
 * pin, lifted or not; for ever, replaced by higher versions and later pins. A job that starts
 * without any reads the topic to its end before its first set; the maps that then come again
 * through the stream are not newer, and change nothing.
 *
 * <p><b>Time</b>: one processing-time timer per open request that has a deadline or waits for
 * shards, and one per tombstone. An event-time timer at the end of time fires when bounded input
 * ends, where processing-time timers are dropped.
 *
 * <p><b>Failure</b>: a shard that contradicts the others, a shard that comes twice and a record for
 * a request that was answered are dead letters. Outcomes of such records are ignored. Pictures that
 * could not be read, of which the outcomes tell, are dead letters too, at most {@value
 * ImageDeadLetters#MAX_PER_REQUEST} of a request. A topic of maps that cannot be read fails the
 * start.
 */
public final class AssembleRequestFunction
        extends KeyedBroadcastProcessFunction<String, AssemblyInput, CalibrationMap, ScoredSet>
        implements CheckpointedFunction {

    /** The maps and pins, by {@link CalibrationMap#key}. */
    public static final MapStateDescriptor<String, CalibrationMap> MAPS =
            new MapStateDescriptor<>(
                    "calibration-maps", Types.STRING, TypeInformation.of(CalibrationMap.class));

    private final long shardWaitMillis;
    private final long tombstoneMillis;
    private final String calibrationMapLines;
    private final TopicAtStart topic;
    private transient CalibrationMaps maps;
    private transient RequestAssembly assembly;

    /**
     * Assembles requests.
     *
     * @param shardWaitMillis how long an incomplete sharded request waits for its other shards
     * @param tombstoneMillis how long an answered request is remembered
     * @param calibrationMapLines maps that hold until the topic has higher versions or pins, one
     *     JSON object per line; empty for none
     * @param topic the topic of maps, read by a job that starts without any
     */
    @SuppressWarnings("NullAway.Init") // set in initializeState and open
    public AssembleRequestFunction(
            long shardWaitMillis,
            long tombstoneMillis,
            String calibrationMapLines,
            TopicAtStart topic) {
        this.shardWaitMillis = shardWaitMillis;
        this.tombstoneMillis = tombstoneMillis;
        this.calibrationMapLines = calibrationMapLines;
        this.topic = topic;
    }

    @Override
    public void initializeState(FunctionInitializationContext context) throws Exception {
        BroadcastState<String, CalibrationMap> state =
                context.getOperatorStateStore().getBroadcastState(MAPS);
        List<CalibrationMap> known = new ArrayList<>();
        for (Map.Entry<String, CalibrationMap> each : state.entries()) {
            known.add(each.getValue());
        }
        if (known.isEmpty()) {
            // Also true for savepoints of the time before there was a topic of maps.
            known = load();
            for (CalibrationMap map : CalibrationMaps.NONE.with(known).all()) {
                state.put(map.key(), map);
            }
        }
        maps = CalibrationMaps.ofJsonLines(calibrationMapLines).with(known);
    }

    /** What holds; the topic has all versions of a week, or more. */
    private List<CalibrationMap> load() throws Exception {
        Held held = new Held();
        topic.readToEnd(
                record -> {
                    byte[] value = record.value();
                    if (value != null) {
                        try {
                            held.add(CalibrationMaps.decode(value));
                        } catch (InvalidMessageException e) {
                            // It comes again through the stream, where it is a dead letter.
                        }
                    }
                });
        return held.all();
    }

    /** Folds maps that were read into those that hold, some at a time: folding copies. */
    private static final class Held {

        private static final int AT_A_TIME = 1_000;

        private final List<CalibrationMap> read = new ArrayList<>();
        private CalibrationMaps maps = CalibrationMaps.NONE;

        void add(CalibrationMap map) {
            read.add(map);
            if (read.size() == AT_A_TIME) {
                fold();
            }
        }

        List<CalibrationMap> all() {
            fold();
            return List.copyOf(maps.all());
        }

        private void fold() {
            maps = maps.with(read);
            read.clear();
        }
    }

    @Override
    @SuppressWarnings("NullAway.Init") // Flink calls initializeState before
    public void open(OpenContext context) {
        assembly = new RequestAssembly(getRuntimeContext(), shardWaitMillis, tombstoneMillis, maps);
        getRuntimeContext().getMetricGroup().gauge("calibrationMaps", () -> maps.size());
        getRuntimeContext().getMetricGroup().gauge("calibrationMapsPinned", () -> maps.pinned());
    }

    @Override
    public void processElement(
            AssemblyInput input, ReadOnlyContext context, Collector<ScoredSet> out)
            throws Exception {
        assembly.process(
                input,
                context.timerService(),
                letter -> context.output(DeadLetters.TAG, letter),
                out);
    }

    @Override
    public void processBroadcastElement(
            CalibrationMap map, Context context, Collector<ScoredSet> out) throws Exception {
        CalibrationMaps next = maps.with(List.of(map));
        if (next != maps) {
            maps = next;
            context.getBroadcastState(MAPS).put(map.key(), map);
            assembly.replace(next);
        }
    }

    @Override
    public void onTimer(long timestamp, OnTimerContext context, Collector<ScoredSet> out)
            throws Exception {
        assembly.onTimer(
                context.timerService(), letter -> context.output(DeadLetters.TAG, letter), out);
    }

    /** Broadcast state is snapshot by Flink itself. */
    @Override
    public void snapshotState(FunctionSnapshotContext context) {}
}
