/**
 * The arithmetic of post-processing: normalize, calibrate, threshold, rank. Plain Java over arrays,
 * no Flink import, no state.
 *
 * <p>One convention holds for every method over the pairs of a candidate set. Arrays are parallel,
 * one entry per candidate in input order. {@code usable[i]} says that pair {@code i} was scored; an
 * entry that is not usable, or whose value is not finite, is left out of all statistics and its
 * output is 0, never NaN: the caller marks it unscored. Inputs are never modified, results do not
 * depend on the order of the input except where ties are broken by it, and arrays of different
 * lengths are an {@link IllegalArgumentException}.
 */
@NullMarked
package dev.lychee.rerank.operators.postprocess;

import org.jspecify.annotations.NullMarked;
