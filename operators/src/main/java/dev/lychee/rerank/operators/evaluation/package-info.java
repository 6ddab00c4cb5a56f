/**
 * Measures of ranking and calibration. Plain Java over arrays, no Flink import, no state.
 *
 * <p>Inputs are judged samples, never modified. Samples with a number that is not finite are left
 * out, no result is NaN, and arrays of different lengths are an {@link IllegalArgumentException}.
 */
@NullMarked
package dev.lychee.rerank.operators.evaluation;

import org.jspecify.annotations.NullMarked;
