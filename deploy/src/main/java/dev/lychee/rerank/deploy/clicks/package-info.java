/** Simulated users: they see results, and what they do goes to the topic of interactions. */
@NullMarked
package dev.lychee.rerank.deploy.clicks;

import org.jspecify.annotations.NullMarked;
