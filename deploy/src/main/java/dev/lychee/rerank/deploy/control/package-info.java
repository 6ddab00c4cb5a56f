/** A client of the control topics: it changes a running job and reads what it answered. */
@NullMarked
package dev.lychee.rerank.deploy.control;

import org.jspecify.annotations.NullMarked;
