package dev.lychee.rerank.operators.scoring;

import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The answer to one submission: one {@link PairScore} per document, in the order given.
 *
 * @param pairs one per document
 * @param queueMillis time from submission to the first forward pass with one of its pairs, in
 *     milliseconds; to the answer when there was none
 * @param scoreMillis time inside forward passes with one of its pairs, in milliseconds
 * @param busyMillis time between submission and answer in which the device was busy with other
 *     pairs, in milliseconds
 * @param degraded what the task was asked to go without under load, see {@link Degradation}; empty
 *     when nothing
 * @param pictures what became of the pictures; null where none were to be read, or that was not
 *     waited for
 */
public record TaskScores(
        List<PairScore> pairs,
        double queueMillis,
        double scoreMillis,
        double busyMillis,
        List<String> degraded,
        @Nullable ReadPictures pictures) {

    /** Scores of texts. */
    public TaskScores(
            List<PairScore> pairs,
            double queueMillis,
            double scoreMillis,
            double busyMillis,
            List<String> degraded) {
        this(pairs, queueMillis, scoreMillis, busyMillis, degraded, null);
    }

    /** An answer in which every pair failed for one reason. */
    public static TaskScores failed(int documents, String error) {
        return new TaskScores(
                Collections.nCopies(documents, PairScore.failed(error)), 0.0, 0.0, 0.0, List.of());
    }
}
