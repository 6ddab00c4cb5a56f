/**
 * The demo: a shipped sample, a retriever over it, and what is counted and printed while it runs.
 */
@NullMarked
package dev.lychee.rerank.deploy.demo;

import org.jspecify.annotations.NullMarked;
