@NullMarked
package dev.lychee.rerank.deploy;

import org.jspecify.annotations.NullMarked;
