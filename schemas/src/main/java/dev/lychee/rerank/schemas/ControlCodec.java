package dev.lychee.rerank.schemas;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.exc.InvalidFormatException;
import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.Arrays;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Reads and writes messages of the control topic. Reading has two steps, since whoever can be
 * answered shall be: a message with an id gets a reply, whatever else is wrong with it.
 */
public final class ControlCodec {

    /** A profile has a few hundred bytes; whatever is this long is none. */
    private static final int MAX_BYTES = 1024 * 1024;

    private ControlCodec() {}

    /** Writes a change in the form that {@link #envelope} and {@link #change} read. */
    public static byte[] encode(ControlChange change) {
        try {
            return Json.mapper().writeValueAsBytes(change);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a change can always be written", e);
        }
    }

    /**
     * Reads a message as far as its {@code id}.
     *
     * @param message the record's value: JSON in UTF-8
     * @throws InvalidMessageException when there is nobody to answer: no JSON object with an id
     */
    public static ObjectNode envelope(byte @Nullable [] message) throws InvalidMessageException {
        if (message == null || message.length == 0) {
            throw new InvalidMessageException(
                    Reason.MALFORMED_JSON, "the record is empty; send a JSON object");
        }
        if (message.length > MAX_BYTES) {
            throw new InvalidMessageException(
                    Reason.TOO_LARGE,
                    "the record has %,d bytes, the limit is %,d"
                            .formatted(message.length, MAX_BYTES));
        }
        JsonNode node;
        try {
            node = Json.mapper().readTree(message);
        } catch (JsonProcessingException e) {
            JsonLocation place = e.getLocation();
            throw new InvalidMessageException(
                    Reason.MALFORMED_JSON,
                    place == null
                            ? "not JSON: " + Json.problem(e)
                            : "not JSON at line %d, column %d: %s"
                                    .formatted(
                                            place.getLineNr(),
                                            place.getColumnNr(),
                                            Json.problem(e)));
        } catch (IOException e) {
            throw new InvalidMessageException(
                    Reason.MALFORMED_UTF8, "not JSON in UTF-8: " + e.getMessage());
        }
        if (!(node instanceof ObjectNode object)) {
            throw new InvalidMessageException(
                    Reason.MALFORMED_JSON, "expected one JSON object with id and action");
        }
        JsonNode id = object.path("id");
        if (!id.isTextual()) {
            throw new InvalidMessageException(
                    Reason.MISSING_FIELD,
                    "id: is missing or no text; choose one, the reply carries it");
        }
        Checks.id(id.textValue(), "id");
        return object;
    }

    /**
     * Reads the rest of the message.
     *
     * @throws InvalidMessageException naming the field that is wrong
     */
    public static ControlChange change(ObjectNode envelope) throws InvalidMessageException {
        if (envelope.path("action").isMissingNode()) {
            throw new InvalidMessageException(
                    Reason.MISSING_FIELD, "action: is missing; expected one of " + actions());
        }
        ControlChange change;
        try {
            change = Json.mapper().treeToValue(envelope, ControlChange.class);
        } catch (MismatchedInputException e) {
            String field =
                    e.getPath().isEmpty()
                            ? "message"
                            : String.valueOf(e.getPath().get(0).getFieldName());
            throw new InvalidMessageException(
                    Reason.INVALID_FIELD,
                    field.equals("action") && e instanceof InvalidFormatException
                            ? "action: %s is not allowed; expected one of %s"
                                    .formatted(envelope.get("action"), actions())
                            : field + ": " + Json.problem(e));
        } catch (JsonProcessingException e) {
            throw new InvalidMessageException(Reason.INVALID_FIELD, Json.problem(e));
        }
        Checks.required(change.action(), "action");
        if (change.action() != ControlAction.RESET_ALL) {
            Checks.id(change.name(), "name");
        }
        return change;
    }

    private static String actions() {
        return Arrays.stream(ControlAction.values())
                .map(ControlAction::wireName)
                .collect(Collectors.joining(", "));
    }
}
