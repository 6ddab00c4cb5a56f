/** Profiles that change while the job runs. */
@NullMarked
package dev.lychee.rerank.deploy.control;

import org.jspecify.annotations.NullMarked;
