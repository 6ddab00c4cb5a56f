package dev.lychee.rerank.deploy.bench;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.apache.commons.math3.stat.correlation.KendallsCorrelation;

/** How far two scorings of the same candidates agree. Higher is better; ties keep input order. */
final class ScoreAgreement {

    private ScoreAgreement() {}

    /**
     * Share of the first {@code cutoff} candidates of one order that are among the first of the
     * other, 0..1.
     *
     * @param one a score per candidate, at least one
     * @param other as many
     * @param cutoff at least 1; all candidates where there are fewer
     */
    static double overlap(double[] one, double[] other, int cutoff) {
        requireSameLength(one, other);
        int first = Math.min(cutoff, one.length);
        Set<Integer> common = new HashSet<>(top(one, first));
        common.retainAll(new HashSet<>(top(other, first)));
        return (double) common.size() / first;
    }

    /** Kendall's tau-b, -1..1; 1 for a single candidate. NaN where one scoring is constant. */
    static double kendallTau(double[] one, double[] other) {
        requireSameLength(one, other);
        return one.length == 1 ? 1.0 : new KendallsCorrelation().correlation(one, other);
    }

    private static List<Integer> top(double[] scores, int count) {
        return IntStream.range(0, scores.length)
                .boxed()
                .sorted((a, b) -> Double.compare(scores[b], scores[a]))
                .limit(count)
                .toList();
    }

    private static void requireSameLength(double[] one, double[] other) {
        if (one.length == 0 || one.length != other.length) {
            throw new IllegalArgumentException(
                    "Two scorings of %d and %d candidates cannot be compared"
                            .formatted(one.length, other.length));
        }
    }
}
