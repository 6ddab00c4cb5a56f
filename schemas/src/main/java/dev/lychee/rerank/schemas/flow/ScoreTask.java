package dev.lychee.rerank.schemas.flow;

import dev.lychee.rerank.schemas.ImageReference;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A token-bounded piece of a candidate set on its way to the scorer: ids, texts and picture
 * references only. Every task is answered by exactly one {@link ScoringOutcome}.
 *
 * @param requestId the request the pairs belong to
 * @param envelopeId identity of the record that brought the candidates
 * @param taskIndex index of the task in its envelope, 0-based
 * @param instruction what the model is asked to judge; null for the model package's own
 * @param query the query text, cleaned if the profile says so; empty for a picture-only query
 * @param queryImage the query's picture
 * @param items the documents to be scored
 * @param candidates how many candidates the whole record brought, of which these are a part
 * @param deadlineMillis epoch milliseconds after which an answer is of no use; {@link
 *     Long#MAX_VALUE} without a deadline
 * @param questions what is asked instead of the one {@code instruction}, and of which models
 */
public record ScoreTask(
        String requestId,
        String envelopeId,
        int taskIndex,
        @Nullable String instruction,
        String query,
        @Nullable ImageReference queryImage,
        List<ScoreItem> items,
        int candidates,
        long deadlineMillis,
        Questions questions) {

    public ScoreTask {
        // Null in tasks that an earlier version left in a savepoint.
        questions = Objects.requireNonNullElse(questions, Questions.ONE);
    }
}
