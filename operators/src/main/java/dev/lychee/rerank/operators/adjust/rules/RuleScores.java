package dev.lychee.rerank.operators.adjust.rules;

import dev.lychee.rerank.schemas.flow.Adjustment;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * What rules change, one place per candidate. The score is what is shown; the uncapped value keeps
 * the order among candidates that a cap made equal.
 */
@SuppressWarnings("ArrayRecordComponent") // columns that rules write into
public record RuleScores(
        double[] score, double[] uncapped, int[] tier, @Nullable String[] dropReason) {

    /** Uncapped values end here, so that no chain of rules reaches infinity. */
    private static final double LARGEST = 1e9;

    /** Columns that start from the given scores, with every candidate in its normal place. */
    public static RuleScores of(double[] scores) {
        int[] tier = new int[scores.length];
        Arrays.fill(tier, Adjustment.NORMAL);
        return new RuleScores(
                scores.clone(), scores.clone(), tier, new @Nullable String[scores.length]);
    }

    RuleScores copy() {
        return new RuleScores(score.clone(), uncapped.clone(), tier.clone(), dropReason.clone());
    }

    void replaceBy(RuleScores other) {
        System.arraycopy(other.score, 0, score, 0, score.length);
        System.arraycopy(other.uncapped, 0, uncapped, 0, uncapped.length);
        System.arraycopy(other.tier, 0, tier, 0, tier.length);
        System.arraycopy(other.dropReason, 0, dropReason, 0, dropReason.length);
    }

    void set(int index, double value) {
        score[index] = bounded(value);
        uncapped[index] = bounded(value);
    }

    void multiply(int index, double factor) {
        score[index] = bounded(score[index] * factor);
        uncapped[index] = bounded(uncapped[index] * factor);
    }

    void add(int index, double value) {
        score[index] = bounded(score[index] + value);
        uncapped[index] = bounded(uncapped[index] + value);
    }

    void cap(int index, double highest) {
        score[index] = Math.min(score[index], highest);
    }

    private static double bounded(double value) {
        return Math.max(-LARGEST, Math.min(LARGEST, value));
    }
}
