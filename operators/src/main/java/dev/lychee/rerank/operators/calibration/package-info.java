/** Calibration maps: how they are found for a set, and how they are applied. */
@NullMarked
package dev.lychee.rerank.operators.calibration;

import org.jspecify.annotations.NullMarked;
