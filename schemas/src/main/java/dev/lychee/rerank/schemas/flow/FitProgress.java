package dev.lychee.rerank.schemas.flow;

/**
 * How far the fits of a fingerprint have come.
 *
 * @param closedEpoch the last epoch that was closed
 * @param foldedEpoch the epoch that the kept counts are decayed to
 * @param expiresMillis event time of the timer that forgets the fingerprint
 */
public record FitProgress(long closedEpoch, long foldedEpoch, long expiresMillis) {}
