/**
 * What a business adds to relevance: signals of a candidate's fields, own steps, rules, stock and
 * price. Plain Java without Flink; CEL is known to the sub-package {@code rules} only.
 */
@NullMarked
package dev.lychee.rerank.operators.adjust;

import org.jspecify.annotations.NullMarked;
