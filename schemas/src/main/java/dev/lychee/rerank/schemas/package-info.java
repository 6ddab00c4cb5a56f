@NullMarked
package dev.lychee.rerank.schemas;

import org.jspecify.annotations.NullMarked;
