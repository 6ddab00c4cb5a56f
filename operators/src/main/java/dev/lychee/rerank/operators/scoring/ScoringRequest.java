package dev.lychee.rerank.operators.scoring;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Documents to be scored against a query.
 *
 * @param instruction what the model is asked to judge; null for the package's own
 * @param query the query
 * @param documents the documents
 * @param ranks the retriever's rank of each document in its whole set, 1-based; empty when the task
 *     is not to be degraded under load
 * @param candidates documents in the whole set, of which these may be a part
 * @param deadlineMillis epoch milliseconds after which the answer is of no use; {@link
 *     Long#MAX_VALUE} without a deadline
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
public record ScoringRequest(
        @Nullable String instruction,
        PairSide query,
        List<PairSide> documents,
        int[] ranks,
        int candidates,
        long deadlineMillis) {

    /** A request of texts. */
    public ScoringRequest(
            @Nullable String instruction,
            String query,
            List<String> documents,
            int[] ranks,
            int candidates,
            long deadlineMillis) {
        this(
                instruction,
                PairSide.ofText(query),
                documents.stream().map(PairSide::ofText).toList(),
                ranks,
                candidates,
                deadlineMillis);
    }

    public ScoringRequest {
        documents = List.copyOf(documents);
        if (ranks.length != 0 && ranks.length != documents.size()) {
            throw new IllegalArgumentException(
                    ranks.length + " ranks for " + documents.size() + " documents");
        }
    }

    /** Whether there is a picture anywhere. */
    boolean hasPictures() {
        if (!query.images().isEmpty()) {
            return true;
        }
        for (PairSide document : documents) {
            if (!document.images().isEmpty()) {
                return true;
            }
        }
        return false;
    }
}
