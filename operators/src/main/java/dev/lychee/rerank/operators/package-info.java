@NullMarked
package dev.lychee.rerank.operators;

import org.jspecify.annotations.NullMarked;
