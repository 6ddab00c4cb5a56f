package dev.lychee.rerank.operators.scoring;

import dev.lychee.rerank.operators.assembly.TokenEstimate;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** One submission to a {@link ScoringService}. Thread-safe. */
final class ScoringTask {

    final ScoringRequest request;
    final Urgency urgency;
    final Degradation degradation;
    final long submittedNanos;
    final CompletableFuture<TaskScores> answer = new CompletableFuture<>();

    /** What is read, its text shortened where the task is degraded so. */
    private final Content[] documents;

    private Content query;
    private @Nullable ReadPictures pictures;

    private final int[] estimates;
    private final long busyNanosBefore;

    // Guarded by this.
    private final @Nullable PairScore[] scores;
    private int missing;
    private long openEstimate;
    private boolean finished;
    private long queueNanos = -1;
    private long scoreNanos;
    private long lastPassEndNanos;

    /**
     * @param number place in the order of arrival
     * @param estimates tokens of each pair, estimated
     * @param busyNanosBefore time for which the device had been busy by then
     */
    ScoringTask(
            long number,
            ScoringRequest request,
            int[] estimates,
            Degradation degradation,
            long submittedNanos,
            long busyNanosBefore) {
        this.request = request;
        this.urgency = new Urgency(request.deadlineMillis(), number);
        this.estimates = estimates.clone();
        this.degradation = degradation;
        this.submittedNanos = submittedNanos;
        this.lastPassEndNanos = submittedNanos;
        this.busyNanosBefore = busyNanosBefore;
        this.scores = new PairScore[request.documents().size()];
        this.missing = scores.length;
        this.documents =
                request.documents().stream()
                        .map(document -> Content.ofText(document.text()))
                        .toArray(Content[]::new);
        this.query = Content.ofText(request.query().text());
        for (int i = 0; i < estimates.length; i++) {
            // What is not computed may be in the cache as a whole.
            if (degradation.computed()[i]) {
                if (degradation.shortDocuments()) {
                    shorten(i);
                }
                openEstimate += this.estimates[i];
            }
        }
    }

    private void shorten(int index) {
        String whole = documents[index].text();
        String kept = Degradation.shortened(whole);
        documents[index] = Content.ofText(kept);
        estimates[index] += TokenEstimate.of(kept) - TokenEstimate.of(whole);
    }

    /** Adds the pictures, before the task is tokenized. */
    synchronized void setPictures(ReadPictures read) {
        pictures = read;
        query = new Content(query.text(), read.query().image());
        for (int i = 0; i < documents.length; i++) {
            documents[i] = new Content(documents[i].text(), read.documents().get(i).image());
        }
    }

    /** Why nothing of the pair can be read; null when something of both sides can. */
    synchronized @Nullable String unreadable(int index) {
        ReadPictures read = pictures;
        if (read == null) {
            return null;
        }
        String error = query.text().isBlank() ? read.query().error() : null;
        return error != null || !documents[index].text().isBlank()
                ? error
                : read.documents().get(index).error();
    }

    int size() {
        return scores.length;
    }

    /** What is read of the query. */
    synchronized Content query() {
        return query;
    }

    /** What is read, its text shortened where the task is degraded so. */
    synchronized Content document(int index) {
        return documents[index];
    }

    int estimate(int index) {
        return estimates[index];
    }

    /** Tokens of the pairs that are still to be computed, estimated. */
    synchronized long openEstimate() {
        return openEstimate;
    }

    /** Notes a score unless there is one; whether it was the last that was missing. */
    synchronized boolean put(int index, PairScore score) {
        if (finished || scores[index] != null) {
            return false;
        }
        scores[index] = score;
        missing--;
        openEstimate -= degradation.computed()[index] ? estimates[index] : 0;
        return missing == 0;
    }

    /** Notes that a pass with pairs of this task ran; passes are noted in the order they ended. */
    synchronized void countForward(long startNanos, long endNanos) {
        // Later than the start for one that joined meanwhile.
        long since = Math.max(startNanos, submittedNanos);
        if (queueNanos < 0) {
            queueNanos = since - submittedNanos;
        }
        // Requests to a model elsewhere overlap; time that two share counts once.
        scoreNanos += Math.max(0, endNanos - Math.max(since, lastPassEndNanos));
        lastPassEndNanos = endNanos;
    }

    /**
     * Ends the task; pairs without a score get the error.
     *
     * @return null when it is ended already
     */
    synchronized @Nullable TaskScores finish(
            String errorOfMissing, long nowNanos, long busyNanosNow) {
        if (finished) {
            return null;
        }
        finished = true;
        openEstimate = 0;
        List<PairScore> pairs = new ArrayList<>(scores.length);
        for (int i = 0; i < scores.length; i++) {
            PairScore score = scores[i];
            if (score == null) {
                score = PairScore.failed(errorOfMissing);
            } else if (score.error() == null && isShortened(i)) {
                score = PairScore.scored(score.logit(), true);
            }
            pairs.add(score);
        }
        long queued = queueNanos >= 0 ? queueNanos : nowNanos - submittedNanos;
        long busyWithOthers = busyNanosNow - busyNanosBefore - scoreNanos;
        return new TaskScores(
                pairs,
                queued / 1e6,
                scoreNanos / 1e6,
                Math.max(0, busyWithOthers) / 1e6,
                degradation.steps(),
                pictures);
    }

    private boolean isShortened(int index) {
        return documents[index].text().length() < request.documents().get(index).text().length();
    }
}
