/** What is known about experiments, for people. */
@NullMarked
package dev.lychee.rerank.deploy.experiments;

import org.jspecify.annotations.NullMarked;
