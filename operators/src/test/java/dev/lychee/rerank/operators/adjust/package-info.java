/** Tests of signals, rules and own steps. */
@NullMarked
package dev.lychee.rerank.operators.adjust;

import org.jspecify.annotations.NullMarked;
