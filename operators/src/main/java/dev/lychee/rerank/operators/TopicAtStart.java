package dev.lychee.rerank.operators;

import dev.lychee.rerank.schemas.flow.SourceRecord;
import java.io.IOException;
import java.io.Serializable;
import java.util.List;

/**
 * A topic as a job that starts afresh reads it, before its first set: from the beginning to where
 * it ends at that moment. What comes later arrives as a stream.
 */
@FunctionalInterface
public interface TopicAtStart extends Serializable {

    /**
     * All records, in their order; none when there is no such topic.
     *
     * @throws IOException when the topic cannot be read, as a sentence
     */
    List<SourceRecord> readToEnd() throws IOException;
}
