/** Kafka and Flink in this JVM, for the demo, the local stack and tests. */
@NullMarked
package dev.lychee.rerank.deploy.local;

import org.jspecify.annotations.NullMarked;
