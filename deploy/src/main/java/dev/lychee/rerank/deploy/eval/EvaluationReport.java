package dev.lychee.rerank.deploy.eval;

import dev.lychee.rerank.operators.evaluation.CalibrationMetrics.ReliabilityBin;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What was measured on judged requests, as {@code --json} writes it.
 *
 * @param cutoff ranks that count in metrics {@code @k}
 * @param gain what a grade is worth in NDCG, {@code exponential} or {@code linear}
 * @param relevantFrom lowest grade that counts as relevant where metrics know only two kinds
 * @param variants each way of ranking that was tried; the first is what others are compared with
 */
public record EvaluationReport(
        int cutoff, String gain, int relevantFrom, List<VariantReport> variants) {

    /**
     * One way of ranking.
     *
     * @param name profile and what was swept
     * @param requests results that were read
     * @param unjudged of those, requests that the judgements do not know; left out of everything
     * @param withoutRelevant judged requests without a relevant document; left out of ranking
     *     metrics
     * @param unscored candidates of judged requests without a score
     * @param metrics ranking metrics by name, before (retrieval order) and after
     * @param ndcgByQueryType NDCG by kind of query; requests without one stand under {@code (none)}
     * @param comparedWithFirst metrics of the first variant (before) and this one (after) on the
     *     requests both have; null for the first
     * @param cut what the threshold and {@code top_n} did; null for a run from a file
     * @param bands by name, from the strongest
     * @param calibration whether probabilities mean what they say; null without scored pairs
     * @param queries each request of the ranking metrics
     */
    public record VariantReport(
            String name,
            int requests,
            int unjudged,
            int withoutRelevant,
            int unscored,
            Map<String, MetricReport> metrics,
            Map<String, MetricReport> ndcgByQueryType,
            @Nullable Map<String, MetricReport> comparedWithFirst,
            @Nullable CutReport cut,
            Map<String, BandReport> bands,
            @Nullable ProbabilityReport calibration,
            List<QueryReport> queries) {}

    /**
     * A metric's means over requests and the 95 % interval of their difference (paired bootstrap).
     *
     * @param requests how many
     * @param before mean before
     * @param after mean after
     * @param difference after minus before
     * @param low lower end of the interval
     * @param high upper end of the interval
     * @param relativeGain difference over before; null where that is 0
     * @param significant whether the interval leaves out 0
     */
    public record MetricReport(
            int requests,
            double before,
            double after,
            double difference,
            double low,
            double high,
            @Nullable Double relativeGain,
            boolean significant) {}

    /**
     * What was served, of all judged requests.
     *
     * @param meanKept results per request
     * @param meanCandidates candidates per request
     * @param precision mean share of the results that is relevant, over requests with results; null
     *     without any
     * @param recall mean share of the retrieved relevant candidates that is served, over requests
     *     that have some; null without any
     * @param recallLow lower end of its 95 % interval
     * @param recallHigh upper end of its 95 % interval
     * @param emptyRequests requests without a result
     */
    public record CutReport(
            double meanKept,
            double meanCandidates,
            @Nullable Double precision,
            @Nullable Double recall,
            @Nullable Double recallLow,
            @Nullable Double recallHigh,
            int emptyRequests) {}

    /**
     * A band of {@code calibrated}.
     *
     * @param candidates scored candidates in it
     * @param precision share of them that is relevant; null without any
     * @param low lower end of the 95 % interval; null without any
     * @param high upper end of the 95 % interval; null without any
     */
    public record BandReport(
            int candidates,
            @Nullable Double precision,
            @Nullable Double low,
            @Nullable Double high) {}

    /**
     * Errors of {@code probability} (before) and {@code calibrated} (after).
     *
     * @param methods calibration methods in the results
     * @param pairs scored pairs of judged requests
     * @param relevant share of them that is relevant
     * @param before of the model's own probability
     * @param after of the calibrated one
     * @param reliability bins of the calibrated one
     * @param histogram scores as the threshold saw them, twenty bins from 0 to 1
     */
    public record ProbabilityReport(
            List<String> methods,
            int pairs,
            double relevant,
            ErrorReport before,
            ErrorReport after,
            List<ReliabilityBin> reliability,
            HistogramReport histogram) {}

    /**
     * Errors of probabilities, 0 at best.
     *
     * @param ece expected calibration error over 15 bins of equal width
     * @param equalMassEce the same over 15 bins of equally many pairs
     * @param classBalancedEce as {@code ece}, with half of the weight for the relevant pairs
     * @param brier mean squared error
     * @param logLoss mean negative log-likelihood in nats
     */
    public record ErrorReport(
            double ece,
            double equalMassEce,
            double classBalancedEce,
            double brier,
            double logLoss) {}

    /**
     * Scores of relevant and other candidates.
     *
     * @param field what the threshold compared, {@code score} or {@code calibrated}
     * @param relevant relevant candidates per bin
     * @param other others per bin
     * @param thresholds the cuts that were made, ascending
     */
    public record HistogramReport(
            String field, List<Integer> relevant, List<Integer> other, List<Double> thresholds) {}

    /**
     * A request.
     *
     * @param requestId which
     * @param query what was asked
     * @param queryType kind of the query; null without one
     * @param ndcgBefore of the retrieval order
     * @param ndcgAfter of the new order
     */
    public record QueryReport(
            String requestId,
            @Nullable String query,
            @Nullable String queryType,
            double ndcgBefore,
            double ndcgAfter) {}
}
