package dev.lychee.rerank.schemas;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The answer to one request.
 *
 * @param schema version of this shape
 * @param requestId the request that is answered
 * @param resultId the same for the same request, model, profile and calibration
 * @param status how whole the result is
 * @param query the query as it came and as it was scored
 * @param profile the profile that shaped it
 * @param variant arm of an experiment; null without one
 * @param experiment the experiment; absent without one
 * @param assignment how the request came to that arm; absent without an experiment
 * @param segment user group the profile was chosen for; null without one
 * @param fingerprint names everything that shaped a logit; null when nothing was scored
 * @param models the models that scored
 * @param calibration the calibration map that was used
 * @param threshold where the set was cut, and why
 * @param top1 how sure the first place is; null when nothing was scored
 * @param scale upper end of {@code display}, 1 or 10
 * @param degraded what was left out under load
 * @param results the kept candidates in rank order, at most {@code top_n}
 * @param dropped all others, with the reason
 * @param trace what each step did
 * @param timings where the time went
 */
public record RerankedResult(
        int schema,
        String requestId,
        String resultId,
        Status status,
        ResultQuery query,
        ProfileReference profile,
        @Nullable String variant,
        @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable String experiment,
        @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Assignment assignment,
        @Nullable String segment,
        @Nullable String fingerprint,
        List<ModelReference> models,
        CalibrationReference calibration,
        ThresholdDecision threshold,
        @Nullable TopOne top1,
        double scale,
        List<String> degraded,
        List<ResultItem> results,
        List<ResultItem> dropped,
        List<TraceStep> trace,
        Timings timings) {

    public static final int SCHEMA = 1;
}
