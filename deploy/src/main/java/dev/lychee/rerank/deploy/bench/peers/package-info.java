/**
 * Other ways to score the same pairs with the same weights: what one would run without this
 * project. Measurements only; nothing of the job depends on it.
 */
@NullMarked
package dev.lychee.rerank.deploy.bench.peers;

import org.jspecify.annotations.NullMarked;
