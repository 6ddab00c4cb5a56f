@NullMarked
package dev.lychee.rerank.deploy.clicks;

import org.jspecify.annotations.NullMarked;
