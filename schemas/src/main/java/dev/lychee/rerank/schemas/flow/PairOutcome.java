package dev.lychee.rerank.schemas.flow;

import dev.lychee.rerank.schemas.ImageUse;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the scorer found out about one pair.
 *
 * @param position index of the candidate in its envelope, 0-based
 * @param scored whether {@code logit} is a finite score of the model
 * @param logit relevance log-odds before any temperature, or those of the mean probability of
 *     several questions; 0 when not scored
 * @param truncated whether the document was shortened to fit the model
 * @param image what became of the candidate's picture ({@code ok}, or why it was not used); null
 *     when there is none
 * @param aspects probability of each aspect by name, empty when the profile names none
 * @param error why the pair has no score; null when it has
 * @param imageUse the picture that the model read; null when it read none
 */
public record PairOutcome(
        int position,
        boolean scored,
        double logit,
        boolean truncated,
        @Nullable String image,
        Map<String, Double> aspects,
        @Nullable String error,
        @Nullable ImageUse imageUse) {

    /** An outcome for which no picture was read. */
    public PairOutcome(
            int position,
            boolean scored,
            double logit,
            boolean truncated,
            @Nullable String image,
            Map<String, Double> aspects,
            @Nullable String error) {
        this(position, scored, logit, truncated, image, aspects, error, null);
    }

    /** A pair that the model scored. */
    public static PairOutcome scored(int position, double logit, boolean truncated) {
        return new PairOutcome(position, true, logit, truncated, null, Map.of(), null);
    }

    /** A pair that has no score, and why. */
    public static PairOutcome failed(int position, String error) {
        return new PairOutcome(position, false, 0.0, false, null, Map.of(), error);
    }
}
