package dev.lychee.rerank.schemas;

import com.fasterxml.jackson.annotation.JsonRawValue;
import com.fasterxml.jackson.databind.annotation.JsonDeserialize;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The answer to a {@link ControlChange} (topic {@code control-replies}, key = id of the change).
 *
 * @param schema version of this shape
 * @param id the change that is answered
 * @param action what it asked for; null when that could not be read
 * @param name the profile or the experiment; null for {@code reset-all}
 * @param accepted whether it holds now; a refused change changes nothing
 * @param version version of what holds now; 0 for presets and {@code profiles.yaml}, null when
 *     refused
 * @param hash hash of the profile that holds now; null when refused, and where there is none
 * @param message what was done, or what is wrong, as a sentence
 * @param profile {@code set-profile}: the whole profile as it was published, merged with what it
 *     extends, as JSON
 * @param experiment {@code set-experiment}: the experiment as it was published, as JSON
 * @param offset offset of the change on the control topic
 * @param timestamp timestamp of the change
 */
public record ControlReply(
        int schema,
        String id,
        @Nullable ControlAction action,
        @Nullable String name,
        boolean accepted,
        @Nullable Long version,
        @Nullable String hash,
        String message,
        @JsonRawValue @JsonDeserialize(using = RawJsonDeserializer.class) @Nullable String profile,
        @JsonRawValue @JsonDeserialize(using = RawJsonDeserializer.class)
                @Nullable String experiment,
        long offset,
        Instant timestamp) {

    public static final int SCHEMA = 1;
}
