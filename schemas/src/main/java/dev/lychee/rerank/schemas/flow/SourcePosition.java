package dev.lychee.rerank.schemas.flow;

/**
 * Where a record came from.
 *
 * @param topic topic, or the path of a file
 * @param partition partition; 0 for files
 * @param offset offset; the 1-based line number for files
 */
public record SourcePosition(String topic, int partition, long offset) {}
