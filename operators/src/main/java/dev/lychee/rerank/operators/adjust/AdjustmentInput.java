package dev.lychee.rerank.operators.adjust;

import dev.lychee.rerank.schemas.Candidate;
import dev.lychee.rerank.schemas.Query;
import dev.lychee.rerank.schemas.SetContext;
import dev.lychee.rerank.schemas.flow.ScoredSet;
import java.time.Instant;
import java.util.List;

/** What an {@link AdjustmentStep} gets to see of a set. Candidates are in input order. */
public final class AdjustmentInput {

    private final ScoredSet set;
    private final double[] scores;
    private final long nowMillis;

    AdjustmentInput(ScoredSet set, double[] scores, long nowMillis) {
        this.set = set;
        this.scores = scores;
        this.nowMillis = nowMillis;
    }

    /** Number of candidates. */
    public int size() {
        return set.size();
    }

    /** What was asked for. */
    public Query query() {
        return set.set().query();
    }

    /** Who asks, and in which situation. */
    public SetContext context() {
        return set.set().context();
    }

    /** The set's timestamp. */
    public Instant now() {
        return Instant.ofEpochMilli(nowMillis);
    }

    /** The documents, each with all its fields. */
    public List<Candidate> candidates() {
        return set.candidates();
    }

    /** Whether the model scored a candidate; the values of others are 0 and mean nothing. */
    public boolean isScored(int index) {
        return set.scored()[index];
    }

    /** The score so far, 0..1. */
    public double score(int index) {
        return scores[index];
    }

    /** The model's log-odds. */
    public double logit(int index) {
        return set.logit()[index];
    }

    /** Relevance that is comparable inside the set only, 0..1. */
    public double normalized(int index) {
        return set.normalized()[index];
    }

    /** Relevance that is comparable across queries, 0..1. */
    public double calibrated(int index) {
        return set.calibrated()[index];
    }

    /** Place in retrieval order, 1-based. */
    public int retrievalRank(int index) {
        return set.retrievalRank()[index];
    }
}
