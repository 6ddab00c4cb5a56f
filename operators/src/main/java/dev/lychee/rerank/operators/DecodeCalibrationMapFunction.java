package dev.lychee.rerank.operators;

import dev.lychee.rerank.operators.calibration.CalibrationMaps;
import dev.lychee.rerank.schemas.CalibrationMap;
import dev.lychee.rerank.schemas.InvalidMessageException;
import dev.lychee.rerank.schemas.flow.SourceRecord;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.metrics.Counter;
import org.apache.flink.streaming.api.functions.ProcessFunction;
import org.apache.flink.util.Collector;

/**
 * Reads calibration maps and pins from the records of their topic. A tombstone changes nothing: a
 * pin is lifted by a later record that says so.
 *
 * <p><b>State</b>: none.
 *
 * <p><b>Time</b>: none.
 *
 * <p><b>Failure</b>: what is no map, or contradicts itself, is a dead letter.
 */
public final class DecodeCalibrationMapFunction
        extends ProcessFunction<SourceRecord, CalibrationMap> {

    private static final String STAGE = "calibration-maps";

    private transient Counter refused;

    /** Reads maps. */
    @SuppressWarnings("NullAway.Init") // set in open
    public DecodeCalibrationMapFunction() {}

    @Override
    public void open(OpenContext context) {
        refused = getRuntimeContext().getMetricGroup().counter("numDeadLetters");
    }

    @Override
    public void processElement(
            SourceRecord record, Context context, Collector<CalibrationMap> out) {
        byte[] value = record.value();
        if (value == null) {
            return;
        }
        try {
            out.collect(CalibrationMaps.decode(value));
        } catch (InvalidMessageException e) {
            refused.inc();
            context.output(DeadLetters.TAG, DeadLetters.of(STAGE, e, record));
        }
    }
}
