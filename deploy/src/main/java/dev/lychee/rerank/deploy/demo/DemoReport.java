package dev.lychee.rerank.deploy.demo;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a demo measured, as {@code --report} writes it.
 *
 * @param setsIn candidate sets that were produced
 * @param resultsOut results that were consumed
 * @param deadLetters dead letters that were consumed
 * @param lost sets without a result
 * @param duplicates results beyond the first of a set
 * @param pairsScored query-document pairs with a score
 * @param pairsPerSecond scored pairs over the time from the first set to the last result; null
 *     without any
 * @param latencyMs from producing a set to consuming its result: p50, p90, p95, p99, max
 * @param ndcg10Before mean NDCG@10 of the retriever's order, over the answered queries that have a
 *     relevant product
 * @param ndcg10After the same of the new order, before anything is cut
 * @param ndcgGain how grades count: {@code exponential} is 2^grade - 1
 * @param ndcg10ByQueryType both means by kind of query
 * @param calibration what clicks made of the probabilities; null where nobody clicked
 */
public record DemoReport(
        int setsIn,
        int resultsOut,
        int deadLetters,
        int lost,
        int duplicates,
        long pairsScored,
        @Nullable Double pairsPerSecond,
        Map<String, Double> latencyMs,
        @Nullable Double ndcg10Before,
        @Nullable Double ndcg10After,
        String ndcgGain,
        Map<String, BeforeAfter> ndcg10ByQueryType,
        @Nullable Calibration calibration) {

    /**
     * Mean NDCG@10 of some queries.
     *
     * @param queries how many
     * @param before of the retriever's order
     * @param after of the new order
     */
    public record BeforeAfter(int queries, double before, double after) {}

    /**
     * What simulated users taught the job.
     *
     * @param truth how relevant documents really were, which the job did not know
     * @param impressions documents that users were shown
     * @param clicks how many of them were clicked
     * @param maps calibration maps that came to hold
     * @param errorBefore expected calibration error against the truth, of what was served without a
     *     map, 0..1; null when nothing was served
     * @param errorAfter the same with the last map
     */
    public record Calibration(
            String truth,
            long impressions,
            long clicks,
            int maps,
            @Nullable Double errorBefore,
            @Nullable Double errorAfter) {}

    /** The same with what clicks made of the probabilities. */
    public DemoReport with(Calibration measured) {
        return new DemoReport(
                setsIn,
                resultsOut,
                deadLetters,
                lost,
                duplicates,
                pairsScored,
                pairsPerSecond,
                latencyMs,
                ndcg10Before,
                ndcg10After,
                ndcgGain,
                ndcg10ByQueryType,
                measured);
    }

    /** Each set has one result and nothing was refused. */
    public boolean isWhole() {
        return lost == 0 && duplicates == 0 && deadLetters == 0;
    }
}
