package dev.lychee.rerank.schemas;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One candidate in a result, kept or dropped, with every value that led there. All values are 0..1
 * but {@code logit}, {@code display} and {@code retrievalScore}; those of a candidate without a
 * score are null.
 *
 * @param id identity of the document
 * @param index position in the input, 0-based; shards count on
 * @param rank place in the result, 1-based; null for dropped candidates
 * @param score what the order and the threshold read
 * @param display {@code score} on the profile's scale, rounded for people
 * @param band {@code strong}, {@code medium} or {@code weak}, of {@code calibrated}
 * @param tied whether it belongs to a group of near-equal candidates
 * @param kept whether it passed the threshold
 * @param scored whether the model scored it
 * @param logit the model's relevance log-odds; of several aspects or models, the log-odds of their
 *     mean probability
 * @param probability sigmoid of the logit over the temperature; of several aspects or models, their
 *     mean
 * @param normalized comparable inside the set only
 * @param calibrated comparable across queries
 * @param calibratedLow lower end of its 95 % band; null without a fitted band
 * @param calibratedHigh upper end of its 95 % band; null without a fitted band
 * @param aspects probability of each aspect by name, the mean over the models; empty without
 *     aspects
 * @param signals value of each business signal by name; empty where the profile has none
 * @param signalsMissing names of the signals whose field the candidate lacks, so that their value
 *     is a neutral 0.5; absent when there are none
 * @param rules names of the rules that acted, in the order in which they did
 * @param retrievalScore the retriever's own score
 * @param retrievalRank place in retrieval order, 1-based; fused when there are several retrievers
 * @param retrievalRanks place at each retriever by its name, 1-based; empty for unsharded sets
 * @param truncated whether the document was shortened to fit the model
 * @param image what became of its picture; null when there is none
 * @param propensity probability with which it was shown at this rank, where chance decided between
 *     it and its neighbour; null elsewhere
 * @param imageUse the picture that the model read, and what it is like; absent when it read none
 * @param error why it has no score; null when it has
 * @param reason why it was dropped: by threshold, top_n, price range or a rule, or for want of a
 *     score; absent for kept candidates
 * @param document the candidate itself, when asked for
 * @param explanation how the score came about, line by line, when asked for; absent for candidates
 *     without a score
 */
public record ResultItem(
        String id,
        int index,
        @Nullable Integer rank,
        @Nullable Double score,
        @Nullable Double display,
        @Nullable String band,
        boolean tied,
        boolean kept,
        boolean scored,
        @Nullable Double logit,
        @Nullable Double probability,
        @Nullable Double normalized,
        @Nullable Double calibrated,
        @Nullable Double calibratedLow,
        @Nullable Double calibratedHigh,
        Map<String, Double> aspects,
        Map<String, Double> signals,
        @JsonInclude(JsonInclude.Include.NON_EMPTY) List<String> signalsMissing,
        List<String> rules,
        @Nullable Double retrievalScore,
        int retrievalRank,
        Map<String, Integer> retrievalRanks,
        boolean truncated,
        @Nullable String image,
        @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable ImageUse imageUse,
        @Nullable Double propensity,
        @Nullable String error,
        @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable String reason,
        @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Candidate document,
        @JsonInclude(JsonInclude.Include.NON_EMPTY) List<ScoreChange> explanation) {

    public ResultItem {
        signalsMissing = Objects.requireNonNullElse(signalsMissing, List.of());
        explanation = Objects.requireNonNullElse(explanation, List.of());
    }

    /** The same without the candidate itself. */
    public ResultItem withoutDocument() {
        return with(null, explanation);
    }

    /** The same without its account. */
    public ResultItem withoutExplanation() {
        return with(document, List.of());
    }

    private ResultItem with(@Nullable Candidate newDocument, List<ScoreChange> newExplanation) {
        return new ResultItem(
                id,
                index,
                rank,
                score,
                display,
                band,
                tied,
                kept,
                scored,
                logit,
                probability,
                normalized,
                calibrated,
                calibratedLow,
                calibratedHigh,
                aspects,
                signals,
                signalsMissing,
                rules,
                retrievalScore,
                retrievalRank,
                retrievalRanks,
                truncated,
                image,
                imageUse,
                propensity,
                error,
                reason,
                newDocument,
                newExplanation);
    }
}
