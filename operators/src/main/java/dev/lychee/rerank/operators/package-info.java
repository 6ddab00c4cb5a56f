/**
 * The steps of the rerank pipeline as Flink functions: thin shells around the packages below, which
 * do the work and know nothing of Flink.
 */
@NullMarked
package dev.lychee.rerank.operators;

import org.jspecify.annotations.NullMarked;
