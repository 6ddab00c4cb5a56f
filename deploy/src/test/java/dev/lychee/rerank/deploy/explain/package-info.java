@NullMarked
package dev.lychee.rerank.deploy.explain;

import org.jspecify.annotations.NullMarked;
