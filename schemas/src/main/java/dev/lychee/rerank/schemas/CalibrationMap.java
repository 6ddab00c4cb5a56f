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
 * @param pinned true: this map holds, whatever higher versions there are; false: no longer; null in
 *     a map that holds by its version
 * @param pinnedAt when somebody decided on {@code pinned}, in epoch milliseconds: the latest
 *     decision holds; null together with {@code pinned}
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
        @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable MapEvidence evidence,
        @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Boolean pinned,
        @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Long pinnedAt) {

    public static final int SCHEMA = 1;
    public static final String DEFAULT_SEGMENT = "default";

    /** A map that holds by its version. */
    public CalibrationMap(
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
            @Nullable Double temperature,
            double @Nullable [] covariance,
            @Nullable List<LossGuarantee> guarantees,
            @Nullable MapEvidence evidence) {
        this(
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
                guarantees,
                evidence,
                null,
                null);
    }

    /**
     * What it is known by in the topic of maps and in state; a pin has a key of its own, so that
     * compaction keeps it beside the newest map.
     */
    public String key() {
        String key = fingerprint + "/" + segment;
        return pinned == null ? key : "pinned/" + key;
    }

    /** The same map, to hold whatever higher versions there are, or no longer to. */
    public CalibrationMap withPin(boolean pin, long atMillis) {
        return with(guarantees, pin, atMillis);
    }

    /** The same map, to hold by its version. */
    public CalibrationMap withoutPin() {
        return with(guarantees, null, null);
    }

    /** The same with these cuts. */
    public CalibrationMap withGuarantees(List<LossGuarantee> cuts) {
        return with(cuts, pinned, pinnedAt);
    }

    private CalibrationMap with(
            @Nullable List<LossGuarantee> cuts, @Nullable Boolean pin, @Nullable Long pinAt) {
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
                evidence,
                pin,
                pinAt);
    }
}
