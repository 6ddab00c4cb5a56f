/** Tests of what is learned from clicks. */
@NullMarked
package dev.lychee.rerank.operators.clicks;

import org.jspecify.annotations.NullMarked;
