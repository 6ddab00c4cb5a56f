/** Tests of the post-processing arithmetic. */
@NullMarked
package dev.lychee.rerank.operators.postprocess;

import org.jspecify.annotations.NullMarked;
