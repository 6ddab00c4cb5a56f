/**
 * What the model reads: queries cleaned by dictionaries, documents built of a candidate's parts.
 */
@NullMarked
package dev.lychee.rerank.operators.text;

import org.jspecify.annotations.NullMarked;
