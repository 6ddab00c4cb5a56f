@NullMarked
package dev.lychee.rerank.operators.experiments;

import org.jspecify.annotations.NullMarked;
