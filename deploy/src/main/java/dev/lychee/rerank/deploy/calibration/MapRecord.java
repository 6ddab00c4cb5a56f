package dev.lychee.rerank.deploy.calibration;

import org.jspecify.annotations.Nullable;

/**
 * A record of the topic of maps, not yet looked at.
 *
 * @param offset its place in the topic
 * @param timestampMillis when it was written, in epoch milliseconds
 * @param value JSON in UTF-8; null for a tombstone
 */
@SuppressWarnings("ArrayRecordComponent") // handed over once, never compared
public record MapRecord(long offset, long timestampMillis, byte @Nullable [] value) {}
