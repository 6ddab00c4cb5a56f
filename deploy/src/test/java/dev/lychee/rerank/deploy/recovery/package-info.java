/** What failures, restarts and upgrades may not change. */
@NullMarked
package dev.lychee.rerank.deploy.recovery;

import org.jspecify.annotations.NullMarked;
