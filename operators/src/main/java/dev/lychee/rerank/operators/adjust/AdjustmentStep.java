package dev.lychee.rerank.operators.adjust;

/**
 * A step of your own inside {@code adjust}: after the business signals, before the rules.
 *
 * <p>Found by {@link java.util.ServiceLoader}: name the class in {@code
 * META-INF/services/dev.lychee.rerank.operators.adjust.AdjustmentStep} of your jar, and the step in
 * {@code adjust.steps} of a profile. It needs a public constructor without parameters. Each subtask
 * has an instance of its own and calls it from one thread, so a step may keep what it computed;
 * nothing of it is in checkpoints.
 *
 * <p>It runs on the path of every set: no blocking calls. A step that throws is skipped for that
 * set, which the result's trace says and the metric {@code numStepErrors} counts.
 */
public interface AdjustmentStep {

    /** The name by which profiles choose this step. */
    String name();

    /**
     * Gives each candidate its new score.
     *
     * @param set the documents with all their fields, the query, who asks, and the scores so far
     * @return one score per candidate in input order; brought to 0..1 at the end of the adjust
     *     step. NaN, and whatever stands in the place of an unscored candidate, changes nothing
     */
    double[] adjust(AdjustmentInput set);
}
