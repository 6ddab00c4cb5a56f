package dev.lychee.rerank.schemas;

/**
 * A measured value.
 *
 * @param value the value
 * @param low lower end of its 95 % interval
 * @param high upper end of its 95 % interval
 */
public record Estimate(double value, double low, double high) {}
