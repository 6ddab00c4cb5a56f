package dev.lychee.rerank.deploy.clicks;

import dev.lychee.rerank.deploy.clicks.Page.Interaction;
import java.time.Instant;

/**
 * An event of User Behavior Insights 1.3, as it is written.
 *
 * @param application who writes it
 * @param actionName what was done
 * @param queryId the {@code request_id} of the result
 * @param clientId who did it
 * @param timestamp when
 * @param userQuery what was asked for
 * @param eventAttributes the document and its place
 */
record UbiEvent(
        String application,
        String actionName,
        String queryId,
        String clientId,
        Instant timestamp,
        String userQuery,
        Attributes eventAttributes) {

    private static final String APPLICATION = "lychee-simulate-clicks";

    /** What it was done to, and where that stood. */
    record Attributes(ActedOn object, Position position) {}

    /** The candidate. */
    record ActedOn(String objectId, String objectIdField) {}

    /** 1 is the first place. */
    record Position(int ordinal) {}

    static UbiEvent of(Page page, Interaction interaction, Instant timestamp) {
        return new UbiEvent(
                APPLICATION,
                interaction.action(),
                page.requestId(),
                page.client(),
                timestamp,
                page.query(),
                new Attributes(
                        new ActedOn(interaction.itemId(), "id"), new Position(interaction.rank())));
    }
}
