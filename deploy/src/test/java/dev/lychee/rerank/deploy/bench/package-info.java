@NullMarked
package dev.lychee.rerank.deploy.bench;

import org.jspecify.annotations.NullMarked;
