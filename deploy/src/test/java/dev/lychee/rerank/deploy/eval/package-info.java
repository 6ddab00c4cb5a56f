/** Tests of what is measured on judged requests. */
@NullMarked
package dev.lychee.rerank.deploy.eval;

import org.jspecify.annotations.NullMarked;
