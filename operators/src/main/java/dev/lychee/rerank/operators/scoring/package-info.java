/**
 * Scoring of query-document pairs: from a {@link dev.lychee.rerank.schemas.flow.ScoreTask} to its
 * outcome.
 *
 * <p>{@link ScoreCandidatesAsyncFunction} is the Flink operator; {@link SharedScorers} holds one
 * {@link ScoringService} per model and device in a JVM; the service forms batches with a {@link
 * TokenBudgetBatcher} and gives them to a {@link Scorer}. How a model is loaded and run is known to
 * the {@code djl} package only.
 */
@NullMarked
package dev.lychee.rerank.operators.scoring;

import org.jspecify.annotations.NullMarked;
