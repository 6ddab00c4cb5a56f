package dev.lychee.rerank.schemas;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A fitted map from logit to probability, for one model and one segment.
 *
 * @param schema version of this shape
 * @param fingerprint the fingerprint whose logits it was fitted on
 * @param segment user group it was fitted on; {@code a/b} is a part of {@code a}, {@code default}
 *     stands for all
 * @param version grows with every fit
 * @param method {@code isotonic} (knots), {@code platt} (slope and intercept) or {@code
 *     temperature}
 * @param logits {@code isotonic}: the knots, ascending
 * @param probabilities {@code isotonic}: probability at each knot, never falling, 0..1
 * @param low {@code isotonic}: lower end of the 95 % band at each knot; null without a band
 * @param high {@code isotonic}: upper end of the 95 % band at each knot; null without a band
 * @param slope {@code platt}: a in sigmoid(a * logit + b)
 * @param intercept {@code platt}: b in sigmoid(a * logit + b)
 * @param support number of labelled pairs behind the fit
 * @param temperature {@code temperature}: t in sigmoid(logit / t)
 * @param covariance {@code platt}: variance of slope, covariance, variance of intercept; {@code
 *     temperature}: variance of 1 / t; null without a band
 * @param guarantees cuts that lose few of the relevant candidates; null for none
 * @param evidence what it does better than the map before it; null for maps of judgements
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
        double support,
        @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Double temperature,
        @JsonInclude(JsonInclude.Include.NON_NULL) double @Nullable [] covariance,
        @JsonInclude(JsonInclude.Include.NON_EMPTY) @Nullable List<LossGuarantee> guarantees,
        @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable MapEvidence evidence) {

    public static final int SCHEMA = 1;
    public static final String DEFAULT_SEGMENT = "default";

    /** The same with these cuts. */
    public CalibrationMap withGuarantees(List<LossGuarantee> cuts) {
        return new CalibrationMap(
                schema,
                fingerprint,
                segment,
                version,
                method,
                logits,
                probabilities,
                low,
                high,
                slope,
                intercept,
                support,
                temperature,
                covariance,
                cuts,
                evidence);
    }
}
