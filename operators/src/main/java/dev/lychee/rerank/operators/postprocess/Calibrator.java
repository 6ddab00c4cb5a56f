package dev.lychee.rerank.operators.postprocess;

/**
 * Turns logits into probabilities of relevance that mean the same in every candidate set.
 *
 * <p>Calibration never reverses two candidates, but it may make them equal (a plateau of an
 * isotonic map): ranking breaks such ties by logit, see {@link Ranking}. Implementations are
 * immutable and safe to share.
 */
public interface Calibrator {

    /**
     * What the result reports: {@code identity}, {@code isotonic}, {@code platt} or {@code
     * temperature}.
     */
    String method();

    /**
     * Calibrates one set.
     *
     * @param logits one per pair, never probabilities
     * @param usable which pairs were scored
     */
    CalibratedScores calibrate(double[] logits, boolean[] usable);
}
