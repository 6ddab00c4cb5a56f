@NullMarked
package dev.lychee.rerank.operators.image;

import org.jspecify.annotations.NullMarked;
