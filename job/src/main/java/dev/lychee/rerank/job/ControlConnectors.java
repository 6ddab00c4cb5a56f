package dev.lychee.rerank.job;

import dev.lychee.rerank.operators.TopicAtStart;
import dev.lychee.rerank.schemas.flow.SinkRecord;
import dev.lychee.rerank.schemas.flow.SourceRecord;
import org.apache.flink.api.connector.sink2.Sink;
import org.apache.flink.api.connector.source.Source;

/**
 * How a running job is changed, and how it answers.
 *
 * @param topicName where changes come from, as replies name it
 * @param changes the changes, from the beginning
 * @param topic the same, for a job that starts without state: up to their end at that moment
 * @param replies where answers go
 */
public record ControlConnectors(
        String topicName,
        Source<SourceRecord, ?, ?> changes,
        TopicAtStart topic,
        Sink<SinkRecord> replies) {}
