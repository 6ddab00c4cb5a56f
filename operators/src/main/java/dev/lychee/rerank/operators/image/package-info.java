/** Pictures: decoding within limits, and the exact pixels that a model reads. */
@NullMarked
package dev.lychee.rerank.operators.image;

import org.jspecify.annotations.NullMarked;
