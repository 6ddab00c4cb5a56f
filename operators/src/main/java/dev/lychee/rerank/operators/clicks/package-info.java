/**
 * What clicks say about relevance once the place where a document was shown is taken out of them.
 * Plain Java over counts, no Flink import.
 *
 * <p>All that is kept of any number of clicks is a {@link
 * dev.lychee.rerank.operators.clicks.ClickTable} of sums in whole numbers, so the order in which
 * they arrive can never matter.
 */
@NullMarked
package dev.lychee.rerank.operators.clicks;

import org.jspecify.annotations.NullMarked;
