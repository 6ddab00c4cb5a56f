package dev.lychee.rerank.operators;

import dev.lychee.rerank.schemas.flow.SourceRecord;
import java.io.IOException;
import java.io.Serializable;
import java.util.function.Consumer;

/**
 * A topic as a job that starts afresh reads it, before its first set: from the beginning to where
 * it ends at that moment. What comes later arrives as a stream.
 */
@FunctionalInterface
public interface TopicAtStart extends Serializable {

    /**
     * Reads all records in their order; none when there is no such topic.
     *
     * @param each gets them one by one: a topic may be larger than what holds of it
     * @throws IOException when the topic cannot be read, as a sentence
     */
    void readToEnd(Consumer<SourceRecord> each) throws IOException;
}
