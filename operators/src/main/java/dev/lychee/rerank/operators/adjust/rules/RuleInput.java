package dev.lychee.rerank.operators.adjust.rules;

import dev.lychee.rerank.schemas.Candidate;
import dev.lychee.rerank.schemas.SetContext;
import java.util.List;

/**
 * What rules may read of a set, besides the scores they change. Columns have one place per
 * candidate.
 *
 * @param query text of the query; empty for a picture-only query
 * @param context who asks
 * @param nowMillis the set's timestamp
 * @param candidates the documents with their fields
 * @param scored which candidates have a score
 * @param calibrated relevance that is comparable across queries
 * @param retrievalRank place in retrieval order, 1-based
 */
@SuppressWarnings("ArrayRecordComponent") // handed over once, never compared
public record RuleInput(
        String query,
        SetContext context,
        long nowMillis,
        List<Candidate> candidates,
        boolean[] scored,
        double[] calibrated,
        int[] retrievalRank) {}
