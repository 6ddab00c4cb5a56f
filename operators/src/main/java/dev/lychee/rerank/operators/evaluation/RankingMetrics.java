package dev.lychee.rerank.operators.evaluation;

import java.util.Arrays;

/**
 * How good one ranking is, from the judged relevance of its documents, best rank first. Grades
 * above 0 are relevant; negative grades and those that are not finite count as 0. Every metric is
 * 0..1, and 0 for a query without a relevant document: leave such queries out of means.
 */
public final class RankingMetrics {

    private static final double LN_2 = Math.log(2);

    private RankingMetrics() {}

    /** What a relevance grade is worth. */
    public enum Gain {
        /**
         * The grade itself, as in trec_eval's {@code ndcg_cut} and scikit-learn (Järvelin and
         * Kekäläinen, 2002).
         */
        LINEAR,
        /** {@code 2^grade - 1}, as in learning to rank (Burges et al., ICML 2005). */
        EXPONENTIAL
    }

    /**
     * {@link #ndcg(double[], double[], int, Gain)} where the ranking holds every judged document.
     */
    public static double ndcg(double[] ranked, int cutoff, Gain gain) {
        return ndcg(ranked, ranked, cutoff, gain);
    }

    /**
     * Normalized discounted cumulative gain: the sum of gains over {@code log2(rank + 1)}, divided
     * by that of the ideal order.
     *
     * @param ranked grade of each document in rank order
     * @param judged grades of all judged documents in any order, also those that were not returned
     * @param cutoff ranks that count, at least 1
     * @param gain how grades turn into gains
     */
    public static double ndcg(double[] ranked, double[] judged, int cutoff, Gain gain) {
        requireCutoff(cutoff);
        double[] ascending = new double[judged.length];
        for (int i = 0; i < judged.length; i++) {
            ascending[i] = grade(judged[i]);
        }
        Arrays.sort(ascending);
        double highest = ascending.length == 0 ? 0 : ascending[ascending.length - 1];
        double ideal = 0;
        for (int rank = 1; rank <= Math.min(cutoff, ascending.length); rank++) {
            ideal += discounted(ascending[ascending.length - rank], highest, rank, gain);
        }
        if (ideal == 0) {
            return 0;
        }
        double actual = 0;
        for (int rank = 1; rank <= Math.min(cutoff, ranked.length); rank++) {
            actual += discounted(Math.min(grade(ranked[rank - 1]), highest), highest, rank, gain);
        }
        return Math.min(1, actual / ideal);
    }

    /**
     * One over the rank of the first relevant document.
     *
     * @param ranked grade of each document in rank order
     */
    public static double reciprocalRank(double[] ranked) {
        for (int rank = 1; rank <= ranked.length; rank++) {
            if (isRelevant(ranked[rank - 1])) {
                return 1.0 / rank;
            }
        }
        return 0;
    }

    /**
     * Mean of {@link #reciprocalRank} over queries (MRR), 0 for no queries.
     *
     * @param rankedByQuery per query, grade of each document in rank order
     */
    public static double meanReciprocalRank(double[][] rankedByQuery) {
        double sum = 0;
        for (double[] ranked : rankedByQuery) {
            sum += reciprocalRank(ranked);
        }
        return rankedByQuery.length == 0 ? 0 : sum / rankedByQuery.length;
    }

    /**
     * Mean precision at the rank of each relevant document; those that were not returned count 0.
     *
     * @param ranked grade of each document in rank order
     * @param relevant how many documents are relevant to the query in all, returned or not; raised
     *     to the number found
     */
    public static double averagePrecision(double[] ranked, int relevant) {
        double sum = 0;
        int found = 0;
        for (int rank = 1; rank <= ranked.length; rank++) {
            if (isRelevant(ranked[rank - 1])) {
                found++;
                sum += (double) found / rank;
            }
        }
        return found == 0 ? 0 : sum / Math.max(found, relevant);
    }

    /**
     * Share of the first documents that are relevant. As in trec_eval the cut divides even where
     * fewer were returned.
     *
     * @param ranked grade of each document in rank order
     * @param cutoff ranks that count, at least 1
     */
    public static double precision(double[] ranked, int cutoff) {
        requireCutoff(cutoff);
        return (double) found(ranked, cutoff) / cutoff;
    }

    /**
     * Share of the relevant documents that are among the first.
     *
     * @param ranked grade of each document in rank order
     * @param cutoff ranks that count, at least 1
     * @param relevant how many documents are relevant to the query in all; raised to the number
     *     found
     */
    public static double recall(double[] ranked, int cutoff, int relevant) {
        requireCutoff(cutoff);
        int found = found(ranked, cutoff);
        return found == 0 ? 0 : (double) found / Math.max(found, relevant);
    }

    private static int found(double[] ranked, int cutoff) {
        int found = 0;
        for (int rank = 1; rank <= Math.min(cutoff, ranked.length); rank++) {
            if (isRelevant(ranked[rank - 1])) {
                found++;
            }
        }
        return found;
    }

    /**
     * Gains are taken relative to that of the highest grade, which changes no quotient and never
     * overflows.
     */
    private static double discounted(double grade, double highest, int rank, Gain gain) {
        if (grade == 0) {
            return 0;
        }
        double relative =
                switch (gain) {
                    case LINEAR -> grade / highest;
                    case EXPONENTIAL ->
                            Math.exp((grade - highest) * LN_2)
                                    * (Math.expm1(-grade * LN_2) / Math.expm1(-highest * LN_2));
                };
        return relative * LN_2 / Math.log(rank + 1.0);
    }

    private static boolean isRelevant(double grade) {
        return grade(grade) > 0;
    }

    private static double grade(double grade) {
        return grade > 0 && Double.isFinite(grade) ? grade : 0;
    }

    private static void requireCutoff(int cutoff) {
        if (cutoff < 1) {
            throw new IllegalArgumentException("A cut-off is 1 or more, got " + cutoff);
        }
    }
}
