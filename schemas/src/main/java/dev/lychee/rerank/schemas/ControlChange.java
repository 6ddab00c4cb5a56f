package dev.lychee.rerank.schemas;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.JsonNode;
import org.jspecify.annotations.Nullable;

/**
 * A wish to change what a running job does (topic {@code control}). The job answers with a {@link
 * ControlReply} of the same id.
 *
 * @param id chosen by the sender; the reply carries it
 * @param action what is asked for
 * @param name the profile or the experiment; absent for {@code reset-all}
 * @param profile {@code set-profile}: what the profile says, with the fields of {@code
 *     profiles.yaml}
 * @param version {@code set-profile}: instead of {@code profile}, publishes again what that version
 *     of the profile said
 * @param experiment {@code set-experiment}: what the experiment says, with the fields of {@code
 *     profiles.yaml}
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record ControlChange(
        String id,
        ControlAction action,
        @Nullable String name,
        @Nullable JsonNode profile,
        @Nullable Long version,
        @Nullable JsonNode experiment) {}
