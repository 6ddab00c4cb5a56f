package dev.lychee.rerank.operators.recalibration;

import dev.lychee.rerank.operators.DeadLetters;
import dev.lychee.rerank.schemas.InvalidMessageException;
import dev.lychee.rerank.schemas.Reason;
import dev.lychee.rerank.schemas.UbiCodec;
import dev.lychee.rerank.schemas.flow.InteractionEvent;
import dev.lychee.rerank.schemas.flow.SourceRecord;
import java.util.HashMap;
import java.util.Map;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.MetricGroup;
import org.apache.flink.streaming.api.functions.ProcessFunction;
import org.apache.flink.util.Collector;
import org.jspecify.annotations.Nullable;

/**
 * Reads a UBI feed and lets those events through that say something about a document of a result.
 * Each line is counted once: as a header, a query, an event of an action that counts or of another
 * one, or a dead letter.
 *
 * <p><b>State</b>: none.
 *
 * <p><b>Time</b>: the record's; what the event says about its own time is not trusted.
 *
 * <p><b>Failure</b>: a line that is not UBI, and an event of an action that counts without {@code
 * query_id} or {@code object_id}, are dead letters.
 */
public final class DecodeInteractionFunction
        extends ProcessFunction<SourceRecord, InteractionEvent> {

    private static final String STAGE = "decode-interactions";

    /** Ids longer than this are not ours. */
    private static final int MAX_ID_LENGTH = 512;

    private final RecalibrationSettings settings;
    private transient Map<String, Counter> events;
    private transient Counter otherActions;
    private transient Counter headers;
    private transient Counter queries;
    private transient Counter refused;

    /** Reads events. */
    @SuppressWarnings("NullAway.Init") // set in open
    public DecodeInteractionFunction(RecalibrationSettings settings) {
        this.settings = settings;
    }

    @Override
    public void open(OpenContext context) {
        MetricGroup metrics = getRuntimeContext().getMetricGroup();
        events = new HashMap<>();
        for (String action : settings.actions().keySet()) {
            events.put(action, metrics.addGroup("action", action).counter("numEvents"));
        }
        otherActions = metrics.counter("numEventsOfOtherActions");
        headers = metrics.counter("numBulkHeaders");
        queries = metrics.counter("numQueries");
        refused = metrics.counter("numDeadLetters");
    }

    @Override
    public void processElement(
            SourceRecord record, Context context, Collector<InteractionEvent> out) {
        try {
            UbiCodec.Line line = UbiCodec.decode(record.value());
            switch (line.kind()) {
                case BULK_HEADER -> headers.inc();
                case QUERY -> queries.inc();
                case EVENT -> event(line, timeOf(record, context), out);
            }
        } catch (InvalidMessageException e) {
            refused.inc();
            context.output(DeadLetters.TAG, DeadLetters.of(STAGE, e, record));
        }
    }

    private void event(UbiCodec.Line line, long millis, Collector<InteractionEvent> out)
            throws InvalidMessageException {
        Double weight = settings.actions().get(line.action());
        Counter counter = events.get(line.action());
        if (weight == null || counter == null) {
            otherActions.inc();
            return;
        }
        String requestId = id(line.queryId(), "query_id");
        String itemId = id(line.objectId(), "event_attributes.object.object_id");
        String client = line.clientId();
        counter.inc();
        out.collect(
                new InteractionEvent(
                        requestId,
                        itemId,
                        client == null || client.length() > MAX_ID_LENGTH ? "" : client,
                        weight,
                        settings.experiments().kinds().get(line.action()),
                        millis));
    }

    private static String id(@Nullable String id, String field) throws InvalidMessageException {
        if (id == null) {
            throw new InvalidMessageException(
                    Reason.MISSING_FIELD,
                    field + ": is missing, so nobody knows what this event is about");
        }
        if (id.length() > MAX_ID_LENGTH) {
            throw new InvalidMessageException(
                    Reason.INVALID_FIELD,
                    "%s: has %,d characters, at most %d are allowed"
                            .formatted(field, id.length(), MAX_ID_LENGTH));
        }
        return id;
    }

    static long timeOf(SourceRecord record, ProcessFunction<SourceRecord, ?>.Context context) {
        Long millis = context.timestamp();
        return millis == null ? record.timestampMillis() : millis;
    }
}
