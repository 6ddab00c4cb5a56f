package dev.lychee.rerank.operators.postprocess;

import java.util.Arrays;

/** The package's one convention: which entries take part, and the arrays made from them. */
final class ScoredPairs {

    private ScoredPairs() {}

    static boolean takesPart(double[] values, boolean[] usable, int index) {
        return usable[index] && Double.isFinite(values[index]);
    }

    /** The values that take part, in input order. */
    static double[] values(double[] values, boolean[] usable) {
        requireSameLength(values.length, usable.length);
        double[] kept = new double[values.length];
        int count = 0;
        for (int i = 0; i < values.length; i++) {
            if (takesPart(values, usable, i)) {
                // + 0.0 turns the negative zero, which sorts below zero, into zero.
                kept[count++] = values[i] + 0.0;
            }
        }
        return Arrays.copyOf(kept, count);
    }

    static double[] sortedAscending(double[] values, boolean[] usable) {
        double[] sorted = values(values, usable);
        Arrays.sort(sorted);
        return sorted;
    }

    static void requireSameLength(int expected, int actual) {
        if (expected != actual) {
            throw new IllegalArgumentException(
                    "Arrays of one candidate set must have one length, got "
                            + expected
                            + " and "
                            + actual);
        }
    }
}
