package dev.lychee.rerank.operators.recalibration;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.lychee.rerank.schemas.CalibrationMap;
import dev.lychee.rerank.schemas.Json;
import dev.lychee.rerank.schemas.flow.SinkRecord;
import dev.lychee.rerank.schemas.flow.SourcePosition;
import org.apache.flink.api.common.functions.MapFunction;

/**
 * Writes maps as JSON, with the key by which the topic is compacted.
 *
 * <p><b>State</b>: none. <b>Time</b>: none. <b>Failure</b>: none.
 */
public final class EncodeMapFunction implements MapFunction<CalibrationMap, SinkRecord> {

    @Override
    public SinkRecord map(CalibrationMap map) throws JsonProcessingException {
        return new SinkRecord(
                map.key(),
                Json.mapper().writeValueAsBytes(map),
                CalibrationMap.SCHEMA,
                null,
                new SourcePosition("calibration-maps", 0, map.version()));
    }
}
