/**
 * Rules of a profile, written in CEL (https://cel.dev): compiled once per profile, bounded in
 * length, depth and work, and harmless when they fail.
 */
@NullMarked
package dev.lychee.rerank.operators.adjust.rules;

import org.jspecify.annotations.NullMarked;
