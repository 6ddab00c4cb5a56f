package dev.lychee.rerank.operators;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.lychee.rerank.schemas.DeadLetter;
import dev.lychee.rerank.schemas.Json;
import dev.lychee.rerank.schemas.flow.SinkRecord;
import dev.lychee.rerank.schemas.flow.SourcePosition;
import org.apache.flink.api.common.functions.MapFunction;

/**
 * Writes dead letters as JSON.
 *
 * <p><b>State</b>: none. <b>Time</b>: none. <b>Failure</b>: none; their size is bounded.
 */
public final class EncodeDeadLetterFunction implements MapFunction<DeadLetter, SinkRecord> {

    @Override
    public SinkRecord map(DeadLetter letter) throws JsonProcessingException {
        SourcePosition origin =
                new SourcePosition(letter.topic(), letter.partition(), letter.offset());
        String key =
                letter.requestId() != null
                        ? letter.requestId()
                        : letter.topic() + "-" + letter.partition() + "-" + letter.offset();
        return new SinkRecord(
                key, Json.mapper().writeValueAsBytes(letter), DeadLetter.SCHEMA, null, origin);
    }
}
