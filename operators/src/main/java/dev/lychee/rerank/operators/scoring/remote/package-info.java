/**
 * Models that are served elsewhere, over HTTP. The only package that imports the HTTP client and
 * the retry and circuit breaker library.
 */
@NullMarked
package dev.lychee.rerank.operators.scoring.remote;

import org.jspecify.annotations.NullMarked;
