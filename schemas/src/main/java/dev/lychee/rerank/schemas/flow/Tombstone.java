package dev.lychee.rerank.schemas.flow;

import java.util.List;

/**
 * What is left of an answered request until its time to live has passed.
 *
 * @param contentHashes hashes of the records that were answered, one per shard
 * @param answeredMillis processing time of the answer
 */
public record Tombstone(List<String> contentHashes, long answeredMillis) {}
