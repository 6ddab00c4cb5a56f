/** Writing to the user's terminal: width, colours, columns of Chinese text. */
@NullMarked
package dev.lychee.rerank.deploy.terminal;

import org.jspecify.annotations.NullMarked;
