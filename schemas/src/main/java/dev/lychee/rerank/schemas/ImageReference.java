package dev.lychee.rerank.schemas;

import org.jspecify.annotations.Nullable;

/**
 * Where a picture is: a URI, or the encoded bytes themselves. Exactly one of the two is set.
 *
 * @param uri an address with a scheme, such as {@code s3://bucket/a.jpg}
 * @param base64 the encoded picture (JPEG, PNG, ...) in base64
 */
public record ImageReference(@Nullable String uri, @Nullable String base64) {}
