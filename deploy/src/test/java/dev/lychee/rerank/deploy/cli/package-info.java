@NullMarked
package dev.lychee.rerank.deploy.cli;

import org.jspecify.annotations.NullMarked;
