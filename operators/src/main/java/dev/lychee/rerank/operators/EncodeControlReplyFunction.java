package dev.lychee.rerank.operators;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.lychee.rerank.schemas.ControlReply;
import dev.lychee.rerank.schemas.Json;
import dev.lychee.rerank.schemas.flow.SinkRecord;
import dev.lychee.rerank.schemas.flow.SourcePosition;
import org.apache.flink.api.common.functions.MapFunction;

/**
 * Writes answers to changes as JSON, keyed by the id of the change.
 *
 * <p><b>State</b>: none. <b>Time</b>: none. <b>Failure</b>: none; a change has a bounded size, and
 * so has its answer.
 */
public final class EncodeControlReplyFunction implements MapFunction<ControlReply, SinkRecord> {

    private final String controlTopic;

    /**
     * Writes answers.
     *
     * @param controlTopic where the changes came from
     */
    public EncodeControlReplyFunction(String controlTopic) {
        this.controlTopic = controlTopic;
    }

    @Override
    public SinkRecord map(ControlReply reply) throws JsonProcessingException {
        return new SinkRecord(
                reply.id(),
                Json.mapper().writeValueAsBytes(reply),
                ControlReply.SCHEMA,
                null,
                new SourcePosition(controlTopic, 0, reply.offset()));
    }
}
