package dev.lychee.rerank.operators.recalibration;

import dev.lychee.rerank.operators.clicks.FeedGuard;
import dev.lychee.rerank.operators.clicks.FitGuards;
import dev.lychee.rerank.operators.clicks.TrustBias;
import java.io.Serializable;
import java.util.Map;

/**
 * What the recalibrate pipeline needs to know, read and checked.
 *
 * @param actions weight of each action that counts, 0..1, by its name in the feed; 0 says only that
 *     the document was seen
 * @param ranks so many first ranks count
 * @param assumeShown so many first ranks count as seen where the feed does not say so; 0 for none
 * @param attributionMillis how long after a result its clicks count
 * @param maxEvents most interactions that are kept per result
 * @param epochMillis length of an epoch: counts of one are added up before they are judged
 * @param clientCap most results per client and epoch that count
 * @param halfLifeMillis after this time a click counts half
 * @param retentionMillis how long a fingerprint without results is remembered
 * @param maxSegments most segments per fingerprint that have maps of their own
 * @param trust what is known about clicks on things that are not relevant
 * @param guards what a map must satisfy
 * @param feed when a feed counts as silent
 * @param experiments how experiments are measured
 */
public record RecalibrationSettings(
        Map<String, Double> actions,
        int ranks,
        int assumeShown,
        long attributionMillis,
        int maxEvents,
        long epochMillis,
        int clientCap,
        long halfLifeMillis,
        long retentionMillis,
        int maxSegments,
        TrustBias trust,
        FitGuards guards,
        FeedGuard feed,
        ExperimentSettings experiments)
        implements Serializable {

    /** The epoch of a time. */
    public long epochOf(long millis) {
        return Math.floorDiv(millis, epochMillis);
    }

    /** When all clicks on results of an epoch have come. */
    public long closesAt(long epoch) {
        return (epoch + 1) * epochMillis + attributionMillis;
    }
}
