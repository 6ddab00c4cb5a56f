package dev.lychee.rerank.deploy.clicks;

import java.util.List;

/**
 * What one simulated user saw of a result and did.
 *
 * @param requestId the result
 * @param client who it was
 * @param query what was asked for
 * @param mapVersion version of the calibration map that the result names; 0 for none
 * @param impressions the documents that were shown, in rank order
 * @param actions what the user did with them, in the order in which it was done
 * @param calibrated the probability that was served with each document that has one, 0..1
 * @param truth how relevant each of those really is, 0..1
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
public record Page(
        String requestId,
        String client,
        String query,
        long mapVersion,
        List<Interaction> impressions,
        List<Interaction> actions,
        double[] calibrated,
        double[] truth) {

    /**
     * Something that happened to a document.
     *
     * @param action as UBI calls it, such as {@code click}
     * @param itemId the document
     * @param rank where it stood, 1-based
     */
    public record Interaction(String action, String itemId, int rank) {}

    /** How often something was clicked. */
    public long clicks() {
        return actions.stream().filter(each -> each.action().equals(Population.CLICK)).count();
    }
}
