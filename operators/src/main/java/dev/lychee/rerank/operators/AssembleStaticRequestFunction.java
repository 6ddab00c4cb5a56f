package dev.lychee.rerank.operators;

import dev.lychee.rerank.operators.calibration.CalibrationMaps;
import dev.lychee.rerank.operators.calibration.InvalidCalibrationException;
import dev.lychee.rerank.schemas.flow.AssemblyInput;
import dev.lychee.rerank.schemas.flow.ScoredSet;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.streaming.api.functions.KeyedProcessFunction;
import org.apache.flink.util.Collector;

/**
 * As {@link AssembleRequestFunction}, for runs over files, whose calibration maps do not change.
 *
 * <p><b>State</b>, <b>Time</b>, <b>Failure</b>: as there, without the broadcast.
 */
public final class AssembleStaticRequestFunction
        extends KeyedProcessFunction<String, AssemblyInput, ScoredSet> {

    private final long shardWaitMillis;
    private final long tombstoneMillis;
    private final String calibrationMapLines;
    private transient RequestAssembly assembly;

    /**
     * Assembles requests.
     *
     * @param shardWaitMillis how long an incomplete sharded request waits for its other shards
     * @param tombstoneMillis how long an answered request is remembered
     * @param calibrationMapLines calibration maps, one JSON object per line; empty for none
     */
    @SuppressWarnings("NullAway.Init") // set in open
    public AssembleStaticRequestFunction(
            long shardWaitMillis, long tombstoneMillis, String calibrationMapLines) {
        this.shardWaitMillis = shardWaitMillis;
        this.tombstoneMillis = tombstoneMillis;
        this.calibrationMapLines = calibrationMapLines;
    }

    @Override
    public void open(OpenContext context) throws InvalidCalibrationException {
        assembly =
                new RequestAssembly(
                        getRuntimeContext(),
                        shardWaitMillis,
                        tombstoneMillis,
                        CalibrationMaps.ofJsonLines(calibrationMapLines));
    }

    @Override
    public void processElement(AssemblyInput input, Context context, Collector<ScoredSet> out)
            throws Exception {
        assembly.process(
                input,
                context.timerService(),
                letter -> context.output(DeadLetters.TAG, letter),
                out);
    }

    @Override
    public void onTimer(long timestamp, OnTimerContext context, Collector<ScoredSet> out)
            throws Exception {
        assembly.onTimer(
                context.timerService(), letter -> context.output(DeadLetters.TAG, letter), out);
    }
}
