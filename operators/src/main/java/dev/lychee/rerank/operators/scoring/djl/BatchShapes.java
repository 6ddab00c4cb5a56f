package dev.lychee.rerank.operators.scoring.djl;

import dev.lychee.rerank.operators.scoring.BatchShape;

/**
 * The shapes to which batches are padded on a CPU. oneDNN prepares kernels for each shape that it
 * meets and keeps a bounded number of them; with small models preparing costs as much as a forward
 * pass. So there are few: lengths in steps of a thirty-second of the length, of an eighth in small
 * batches; pairs in steps of a quarter of the octave.
 */
final class BatchShapes {

    private static final int STEPS_PER_OCTAVE = 32;
    private static final int STEPS_PER_OCTAVE_IN_SMALL_BATCHES = 8;
    private static final int SMALL_BATCH_TOKENS = 512;
    private static final int PAIR_STEPS_PER_OCTAVE = 4;

    private final int maxTokens;

    /**
     * @param maxTokens the longest pair that the model takes
     */
    BatchShapes(int maxTokens) {
        this.maxTokens = maxTokens;
    }

    BatchShape of(int pairs, int longest) {
        boolean small = (long) pairs * longest < SMALL_BATCH_TOKENS;
        int length = stepped(longest, small ? STEPS_PER_OCTAVE_IN_SMALL_BATCHES : STEPS_PER_OCTAVE);
        return new BatchShape(
                stepped(pairs, PAIR_STEPS_PER_OCTAVE),
                Math.max(longest, Math.min(length, maxTokens)));
    }

    /** The next multiple of so many parts of the largest power of two that is not above. */
    private static int stepped(int value, int stepsPerOctave) {
        int step = Math.max(1, Integer.highestOneBit(value) / stepsPerOctave);
        return (value + step - 1) / step * step;
    }
}
