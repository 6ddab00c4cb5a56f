package dev.lychee.rerank.operators.postprocess;

import java.util.Arrays;

/**
 * One order out of the orders of several retrievers: each gives a candidate {@code 1 / (60 +
 * rank)}.
 *
 * <p>Cormack, Clarke and Buettcher, "Reciprocal Rank Fusion Outperforms Condorcet and Individual
 * Rank Learning Methods", SIGIR 2009.
 */
public final class ReciprocalRankFusion {

    /** The paper's constant. */
    public static final int K = 60;

    private ReciprocalRankFusion() {}

    /**
     * The fused order.
     *
     * @param order indexes of the candidates, best first, equal scores in input order
     * @param scores per candidate in input order, 0 for those that no retriever found
     */
    @SuppressWarnings("ArrayRecordComponent") // handed over once, never compared
    public record Fused(int[] order, double[] scores) {

        /** Per candidate in input order, its rank from 1. */
        public int[] ranks() {
            int[] ranks = new int[order.length];
            for (int position = 0; position < order.length; position++) {
                ranks[order[position]] = position + 1;
            }
            return ranks;
        }
    }

    /**
     * Fuses ranks; the order of the retrievers does not matter.
     *
     * @param ranksByRetriever per retriever, per candidate in input order, its rank from 1; 0 or
     *     less where the retriever did not find it
     * @param candidates number of candidates, the length of each inner array
     */
    public static Fused fuse(int[][] ranksByRetriever, int candidates) {
        double[] scores = new double[candidates];
        double[] parts = new double[ranksByRetriever.length];
        for (int[] ranks : ranksByRetriever) {
            ScoredPairs.requireSameLength(candidates, ranks.length);
        }
        for (int candidate = 0; candidate < candidates; candidate++) {
            for (int retriever = 0; retriever < parts.length; retriever++) {
                int rank = ranksByRetriever[retriever][candidate];
                parts[retriever] = rank > 0 ? 1.0 / (K + (double) rank) : 0;
            }
            // Sums depend on the order of their parts in the last digit; sorted, they do not.
            Arrays.sort(parts);
            for (double part : parts) {
                scores[candidate] += part;
            }
        }
        int[] order = IndexSort.identity(candidates);
        IndexSort.sort(order, (left, right) -> Double.compare(scores[right], scores[left]));
        return new Fused(order, scores);
    }
}
