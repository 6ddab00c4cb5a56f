/** The job: options, sources and sinks, and the topology that ties the operators together. */
@NullMarked
package dev.lychee.rerank.job;

import org.jspecify.annotations.NullMarked;
