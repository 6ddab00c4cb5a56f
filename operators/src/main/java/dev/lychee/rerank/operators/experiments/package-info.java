/** What an experiment says about its arms: counts, rates, intervals. Plain Java. */
@NullMarked
package dev.lychee.rerank.operators.experiments;

import org.jspecify.annotations.NullMarked;
