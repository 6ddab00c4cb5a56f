/** What moved the score of a pair: words, parts of the document, and the job's steps. */
@NullMarked
package dev.lychee.rerank.deploy.explain;

import org.jspecify.annotations.NullMarked;
