@NullMarked
package dev.lychee.rerank.deploy.local;

import org.jspecify.annotations.NullMarked;
