/**
 * Measurements of the scorer, the post-processing and the whole job on the user's own machine.
 *
 * <p>Variants that are compared run in turns, round by round, because the machine's other work
 * comes and goes; what is compared is their ratio in the same round.
 */
@NullMarked
package dev.lychee.rerank.deploy.bench;

import org.jspecify.annotations.NullMarked;
