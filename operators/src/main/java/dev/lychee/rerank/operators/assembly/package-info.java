/** Puts the parts of a request together again: shards, scores, ranks of several retrievers. */
@NullMarked
package dev.lychee.rerank.operators.assembly;

import org.jspecify.annotations.NullMarked;
