package dev.lychee.rerank.schemas;

import org.jspecify.annotations.Nullable;

/**
 * Where the time of a result went, in milliseconds.
 *
 * @param queueMs longest wait of its tasks for a place in a batch
 * @param scoreMs longest time of its tasks inside forward passes
 * @param busyMs longest time in which one of its tasks waited because the device was busy with
 *     other pairs; null in results of earlier versions
 * @param totalMs from the source record's timestamp to the finished result
 */
public record Timings(double queueMs, double scoreMs, @Nullable Double busyMs, double totalMs) {}
