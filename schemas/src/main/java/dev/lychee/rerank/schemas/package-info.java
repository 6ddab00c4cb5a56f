/**
 * What crosses a topic: candidate sets in, reranked results and dead letters out, with their JSON
 * codecs.
 *
 * <p>Every type is a record of strings, primitives, enums, lists, maps and records, so that Flink
 * serializes it without Kryo. Field names on the wire are the snake_case form of the component
 * names; once released they are never renamed.
 */
@NullMarked
package dev.lychee.rerank.schemas;

import org.jspecify.annotations.NullMarked;
