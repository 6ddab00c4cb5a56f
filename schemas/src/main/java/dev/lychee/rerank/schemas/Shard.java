package dev.lychee.rerank.schemas;

import org.jspecify.annotations.Nullable;

/**
 * Which part of a request a record is, when several retrievers each send their own.
 *
 * @param retriever name of the retriever; its position when absent
 * @param index position of the part, 0-based
 * @param count how many parts the request has, at least 1
 */
public record Shard(@Nullable String retriever, int index, int count) {

    public static final Shard WHOLE = new Shard(null, 0, 1);
}
