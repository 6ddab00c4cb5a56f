package dev.lychee.rerank.schemas;

import org.jspecify.annotations.Nullable;

/**
 * A fitted map from logit to probability, for one model and one segment.
 *
 * @param schema version of this shape
 * @param fingerprint the fingerprint whose logits it was fitted on
 * @param segment user group it was fitted on; {@code default} for all
 * @param version grows with every fit
 * @param method {@code isotonic} (knots) or {@code platt} (slope and intercept)
 * @param logits {@code isotonic}: the knots, ascending
 * @param probabilities {@code isotonic}: probability at each knot, never falling, 0..1
 * @param low {@code isotonic}: lower end of the 95 % band at each knot; null without a band
 * @param high {@code isotonic}: upper end of the 95 % band at each knot; null without a band
 * @param slope {@code platt}: a in sigmoid(a * logit + b)
 * @param intercept {@code platt}: b in sigmoid(a * logit + b)
 * @param support number of labelled pairs behind the fit
 */
public record CalibrationMap(
        int schema,
        String fingerprint,
        String segment,
        long version,
        String method,
        double @Nullable [] logits,
        double @Nullable [] probabilities,
        double @Nullable [] low,
        double @Nullable [] high,
        @Nullable Double slope,
        @Nullable Double intercept,
        double support) {

    public static final String DEFAULT_SEGMENT = "default";
}
