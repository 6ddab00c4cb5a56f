package dev.lychee.rerank.operators.scoring.djl;

import java.util.function.IntUnaryOperator;

/**
 * The lengths to which batches are padded: every one up to 63, then steps of a thirty-second of the
 * length. oneDNN prepares a kernel for each shape that it meets and keeps the last 1,024; with
 * small models that costs as much as a forward pass. So there are few lengths, at less than two per
 * cent of padding.
 */
final class BatchShapes implements IntUnaryOperator {

    private static final int STEPS_PER_OCTAVE = 32;

    private final int maxTokens;

    /**
     * @param maxTokens the longest pair that the model takes
     */
    BatchShapes(int maxTokens) {
        this.maxTokens = maxTokens;
    }

    @Override
    public int applyAsInt(int longest) {
        int step = Math.max(1, Integer.highestOneBit(Math.max(1, longest)) / STEPS_PER_OCTAVE);
        int padded = (longest + step - 1) / step * step;
        return Math.max(longest, Math.min(padded, maxTokens));
    }
}
