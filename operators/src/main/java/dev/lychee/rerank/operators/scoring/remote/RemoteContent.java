package dev.lychee.rerank.operators.scoring.remote;

import org.jspecify.annotations.Nullable;

/**
 * A query or a document as an endpoint gets it.
 *
 * @param text what it says, shortened where needed
 * @param image its picture as an {@code http}, {@code https} or {@code data} URI; null without one
 */
record RemoteContent(String text, @Nullable String image) {}
