package dev.lychee.rerank.operators.postprocess;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A cut that was fitted on judged requests, and what it promises.
 *
 * @param value candidates with at least this value are kept, finite
 * @param maxLoss largest share of the relevant candidates that is lost, 0..1
 * @param confidence how sure that is, 0..1; null where it holds on average
 * @param requests judged requests behind it; 0 where the profile names the cut
 * @see LossControl
 */
public record GuaranteedCut(
        double value, double maxLoss, @Nullable Double confidence, int requests) {

    /** What it promises, in words. */
    public String promise() {
        if (requests == 0) {
            return "cut of the profile";
        }
        return String.format(
                Locale.ROOT,
                "loses at most %.1f %% of the relevant %s, from %,d judged requests",
                100 * maxLoss,
                confidence == null
                        ? "on average"
                        : String.format(Locale.ROOT, "with %.0f %% confidence", 100 * confidence),
                requests);
    }
}
