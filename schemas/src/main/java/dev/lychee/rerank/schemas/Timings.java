package dev.lychee.rerank.schemas;

/**
 * Where the time of a result went, in milliseconds.
 *
 * @param queueMs longest wait of its tasks for a place in a batch
 * @param scoreMs longest time of its tasks inside forward passes
 * @param totalMs from the source record's timestamp to the finished result
 */
public record Timings(double queueMs, double scoreMs, double totalMs) {}
