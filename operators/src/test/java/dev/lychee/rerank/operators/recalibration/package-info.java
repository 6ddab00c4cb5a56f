/** Tests of the recalibrate pipeline's functions. */
@NullMarked
package dev.lychee.rerank.operators.recalibration;

import org.jspecify.annotations.NullMarked;
