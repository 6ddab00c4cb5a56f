package dev.lychee.rerank.schemas;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * Reads lines of a User Behavior Insights feed (UBI, version 1.3): events, and what comes between
 * them when a feed is a bulk upload to a search engine.
 */
public final class UbiCodec {

    /** An event has a few hundred bytes; whatever is this long is none. */
    private static final int MAX_BYTES = 256 * 1024;

    private UbiCodec() {}

    /** What a line is. */
    public enum Kind {
        /** Somebody did something. */
        EVENT,
        /** Somebody asked something; results tell that better. */
        QUERY,
        /** Where a bulk upload puts its next line. */
        BULK_HEADER
    }

    /**
     * A line.
     *
     * @param kind what it is
     * @param action {@code action_name} of an event; empty otherwise
     * @param queryId {@code query_id}, which is our {@code request_id}; null where there is none
     * @param objectId {@code event_attributes.object.object_id}, which is the candidate's id; null
     *     where there is none
     * @param clientId who it was: {@code client_id}, else {@code session_id}, else {@code user_id};
     *     null where there is none
     */
    public record Line(
            Kind kind,
            String action,
            @Nullable String queryId,
            @Nullable String objectId,
            @Nullable String clientId) {}

    /**
     * Reads a line.
     *
     * @throws InvalidMessageException when it is no JSON object, or none of the three
     */
    public static Line decode(byte @Nullable [] line) throws InvalidMessageException {
        if (line == null || line.length == 0) {
            throw new InvalidMessageException(
                    Reason.MALFORMED_JSON, "the record is empty; send a UBI event");
        }
        if (line.length > MAX_BYTES) {
            throw new InvalidMessageException(
                    Reason.TOO_LARGE,
                    "the record has %,d bytes, the limit is %,d".formatted(line.length, MAX_BYTES));
        }
        JsonNode node;
        try {
            node = Json.mapper().readTree(line);
        } catch (JsonProcessingException e) {
            throw new InvalidMessageException(
                    Reason.MALFORMED_JSON, "not JSON: " + Json.problem(e));
        } catch (IOException e) {
            throw new InvalidMessageException(
                    Reason.MALFORMED_UTF8, "not JSON in UTF-8: " + e.getMessage());
        }
        if (!node.isObject()) {
            throw new InvalidMessageException(
                    Reason.MALFORMED_JSON, "expected one JSON object, a UBI event");
        }
        if (node.path("action_name").isTextual()) {
            return new Line(
                    Kind.EVENT,
                    node.path("action_name").textValue(),
                    text(node.path("query_id")),
                    text(node.path("event_attributes").path("object").path("object_id")),
                    client(node));
        }
        if (node.path("index").isObject() || node.path("create").isObject()) {
            return new Line(Kind.BULK_HEADER, "", null, null, null);
        }
        if (node.has("user_query") && node.has("query_id")) {
            return new Line(Kind.QUERY, "", text(node.path("query_id")), null, null);
        }
        throw new InvalidMessageException(
                Reason.MISSING_FIELD,
                "action_name: is missing; an event needs one, a query needs user_query and query_id");
    }

    private static @Nullable String client(JsonNode node) {
        String client = text(node.path("client_id"));
        if (client == null) {
            client = text(node.path("session_id"));
        }
        return client == null ? text(node.path("user_id")) : client;
    }

    private static @Nullable String text(JsonNode node) {
        String text = node.isValueNode() && !node.isNull() ? node.asText() : "";
        return text.isBlank() ? null : text;
    }
}
