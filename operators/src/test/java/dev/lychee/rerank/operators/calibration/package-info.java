/** Tests of calibration maps. */
@NullMarked
package dev.lychee.rerank.operators.calibration;

import org.jspecify.annotations.NullMarked;
