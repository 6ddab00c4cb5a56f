/** A client of topics on a broker that runs already, for commands. */
@NullMarked
package dev.lychee.rerank.deploy.kafka;

import org.jspecify.annotations.NullMarked;
