package dev.lychee.rerank.schemas.flow;

/**
 * How far a result and its interactions have come.
 *
 * @param events how many interactions are kept
 * @param timerMillis event time of the timer that ends this
 * @param closed whether the clickthrough has left; what comes now is too late
 */
public record JoinProgress(int events, long timerMillis, boolean closed) {}
