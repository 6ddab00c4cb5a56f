package dev.lychee.rerank.operators.clicks;

import java.io.Serializable;

/**
 * Tells a click feed that is silent or broken from users who do not click.
 *
 * <p>An epoch without a click proves nothing: it waits for the next click. If the clicks that the
 * past lets expect do not come, what waits is thrown away; likewise an epoch in which nearly all of
 * them are missing.
 *
 * @param silentAfterClicks so many clicks must be expected before their absence means silence
 * @param silentAfterEpochs so many epochs in a row without any click mean silence, whatever is
 *     expected
 */
public record FeedGuard(double silentAfterClicks, int silentAfterEpochs) implements Serializable {

    /** An epoch with less than this share of many expected clicks is not believed. */
    private static final double BELIEVED_SHARE = 0.2;

    /** What becomes of the epochs that wait and the one that was closed. */
    public enum Verdict {
        /** They count. */
        COUNT,
        /** They go on waiting. */
        WAIT,
        /** They teach nothing. */
        DROP
    }

    /**
     * Judges.
     *
     * @param clicks of all these epochs
     * @param expected clicks that the past lets expect of them, 0 without a past
     * @param epochs from the first that waits to the one that was closed
     */
    public Verdict judge(double clicks, double expected, long epochs) {
        if (expected >= silentAfterClicks && clicks < BELIEVED_SHARE * expected) {
            return Verdict.DROP;
        }
        if (clicks > 0) {
            return Verdict.COUNT;
        }
        return epochs >= silentAfterEpochs ? Verdict.DROP : Verdict.WAIT;
    }

    /** Clicks that documents shown like these would have got in the past. */
    public static double expectedClicks(ClickTable past, ClickTable now) {
        double expected = 0;
        for (int rank = 1; rank <= past.ranks(); rank++) {
            double shown = past.impressions(rank);
            if (shown > 0) {
                expected += past.clicks(rank) / shown * now.impressions(rank);
            }
        }
        return expected;
    }
}
