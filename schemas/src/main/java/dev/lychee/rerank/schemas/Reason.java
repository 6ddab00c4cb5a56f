package dev.lychee.rerank.schemas;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;

/** Why a message went to the dead letters. On the wire in kebab-case; never renamed. */
public enum Reason {
    /** The bytes are not UTF-8. */
    MALFORMED_UTF8,
    /** The text is not JSON, or not a JSON object. */
    MALFORMED_JSON,
    /** A required field is missing or empty. */
    MISSING_FIELD,
    /** A field has the wrong type, or a value out of its range. */
    INVALID_FIELD,
    /** The record, a document or the set is over its limit. */
    TOO_LARGE,
    /** Two candidates of one record have the same id. */
    DUPLICATE_ID,
    /** The profile does not exist. */
    UNKNOWN_PROFILE,
    /** A shard contradicts the other shards of its request. */
    CONFLICTING_SHARD,
    /** The request was already answered when this record came. */
    ALREADY_ANSWERED,
    /** The same shard of the request came twice before it was answered. */
    DUPLICATE_SHARD,
    /** The result does not fit its topic, even when trimmed. */
    RESULT_TOO_LARGE,
    /** A picture could not be used; its pair is scored without it, or not at all. */
    UNREADABLE_IMAGE;

    @JsonValue
    public String wireName() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
