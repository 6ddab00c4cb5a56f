@NullMarked
package dev.lychee.rerank.deploy.terminal;

import org.jspecify.annotations.NullMarked;
