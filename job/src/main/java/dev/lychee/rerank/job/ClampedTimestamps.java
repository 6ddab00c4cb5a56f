package dev.lychee.rerank.job;

import dev.lychee.rerank.schemas.flow.SourceRecord;
import java.time.Clock;
import org.apache.flink.api.common.eventtime.SerializableTimestampAssigner;

/**
 * The time of a record is Kafka's, but never in the future: one clock that runs ahead would
 * otherwise close all epochs up to its time.
 */
final class ClampedTimestamps implements SerializableTimestampAssigner<SourceRecord> {

    private static final long serialVersionUID = 1;

    private final Clock clock;

    ClampedTimestamps(Clock clock) {
        this.clock = clock;
    }

    @Override
    public long extractTimestamp(SourceRecord record, long recordTimestamp) {
        return Math.min(record.timestampMillis(), clock.millis());
    }
}
