@NullMarked
package dev.lychee.rerank.job;

import org.jspecify.annotations.NullMarked;
