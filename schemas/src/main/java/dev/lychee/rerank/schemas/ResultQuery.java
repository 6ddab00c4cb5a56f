package dev.lychee.rerank.schemas;

import org.jspecify.annotations.Nullable;

/**
 * The query as it came and as it was scored.
 *
 * @param text the words of the query
 * @param cleaned the words the model read; null when nothing was changed
 */
public record ResultQuery(@Nullable String text, @Nullable String cleaned) {}
