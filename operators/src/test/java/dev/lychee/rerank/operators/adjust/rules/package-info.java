/** Tests of rules in CEL. */
@NullMarked
package dev.lychee.rerank.operators.adjust.rules;

import org.jspecify.annotations.NullMarked;
