/**
 * The recalibrate pipeline: joins results with what users did with them, counts, and fits
 * calibration maps to the counts. Thin shells around {@link dev.lychee.rerank.operators.clicks}.
 */
@NullMarked
package dev.lychee.rerank.operators.recalibration;

import org.jspecify.annotations.NullMarked;
