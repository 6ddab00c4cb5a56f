package dev.lychee.rerank.schemas;

/**
 * Whether the arms have as many units as their shares say. Where they do not, assignment or
 * counting is broken, and no difference can be believed.
 *
 * @param expected share of this arm among all arms, 0..1
 * @param observed share of its units among those of all arms, 0..1
 * @param pValue how often chance alone makes such a difference, over all arms (chi-squared), 0..1
 * @param mismatch whether that is less than once in a thousand
 */
public record SampleRatio(double expected, double observed, double pValue, boolean mismatch) {}
