package dev.lychee.rerank.job;

import dev.lychee.rerank.operators.TopicAtStart;
import dev.lychee.rerank.schemas.flow.SourceRecord;
import org.apache.flink.api.connector.source.Source;

/**
 * How a running job learns what its logits mean.
 *
 * @param maps the maps, from the beginning
 * @param topic the same, for a job that starts without state: up to their end at that moment
 */
public record CalibrationConnectors(Source<SourceRecord, ?, ?> maps, TopicAtStart topic) {}
