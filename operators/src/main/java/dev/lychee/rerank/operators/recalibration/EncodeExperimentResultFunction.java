package dev.lychee.rerank.operators.recalibration;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.lychee.rerank.schemas.ExperimentResult;
import dev.lychee.rerank.schemas.Json;
import dev.lychee.rerank.schemas.flow.SinkRecord;
import dev.lychee.rerank.schemas.flow.SourcePosition;
import org.apache.flink.api.common.functions.MapFunction;

/**
 * Writes what is known about arms as JSON, with the key by which the topic is compacted.
 *
 * <p><b>State</b>: none. <b>Time</b>: none. <b>Failure</b>: none.
 */
public final class EncodeExperimentResultFunction
        implements MapFunction<ExperimentResult, SinkRecord> {

    @Override
    public SinkRecord map(ExperimentResult result) throws JsonProcessingException {
        return new SinkRecord(
                result.experiment() + "/" + result.variant() + "/" + result.segment(),
                Json.mapper().writeValueAsBytes(result),
                ExperimentResult.SCHEMA,
                null,
                new SourcePosition("experiment-results", 0, result.total().end().toEpochMilli()));
    }
}
