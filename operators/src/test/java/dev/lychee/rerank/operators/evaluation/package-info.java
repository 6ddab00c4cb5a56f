/** Tests of the measures. */
@NullMarked
package dev.lychee.rerank.operators.evaluation;

import org.jspecify.annotations.NullMarked;
