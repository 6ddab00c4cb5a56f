@NullMarked
package dev.lychee.rerank.deploy.bench.peers;

import org.jspecify.annotations.NullMarked;
