/** Judged requests: what is read, what is measured on them, and how it is shown. */
@NullMarked
package dev.lychee.rerank.deploy.eval;

import org.jspecify.annotations.NullMarked;
