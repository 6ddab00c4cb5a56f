package dev.lychee.rerank.operators.postprocess;

import org.jspecify.annotations.Nullable;

/**
 * Where a set was cut, and why.
 *
 * @param strategy the name of the strategy that decided
 * @param applied whether the strategy found a threshold; if not, all were kept
 * @param value the threshold: candidates with {@code score >= value} are kept. Where nothing is
 *     cut, the lowest score; 0 for a set without scores
 * @param kept how many scored candidates are kept. Less than the number with {@code score >= value}
 *     only where {@code max_keep} cuts through equal scores
 * @param separation share of the variance that lies between the two classes, 0..1; null for
 *     strategies that do not compare classes
 * @param reason one sentence for people
 */
public record ThresholdOutcome(
        String strategy,
        boolean applied,
        double value,
        int kept,
        @Nullable Double separation,
        String reason) {

    /**
     * Marks the kept candidates.
     *
     * @param order indexes of the candidates from best to worst score, as {@link Ranking#byScore}
     *     gives them
     * @return per candidate in input order
     */
    public boolean[] marks(int[] order) {
        boolean[] marks = new boolean[order.length];
        for (int rank = 0; rank < Math.min(kept, order.length); rank++) {
            marks[order[rank]] = true;
        }
        return marks;
    }
}
