package dev.lychee.rerank.schemas.flow;

import dev.lychee.rerank.schemas.Assignment;
import dev.lychee.rerank.schemas.Profile;
import org.jspecify.annotations.Nullable;

/**
 * The profile of one set, resolved once: what was published, and what the set made of it.
 *
 * @param effective the profile with the set's overrides applied; every step reads this one
 * @param version version of the published profile; 0 for presets and {@code profiles.yaml}
 * @param hash hash of the published profile
 * @param variant arm of an experiment; null without one
 * @param experiment the experiment; null without one
 * @param segment user group; null without one
 * @param textHash names how query and documents became what the model reads; null for the defaults
 * @param assignment how the set came to that arm; null without one
 */
public record BoundProfile(
        Profile effective,
        long version,
        String hash,
        @Nullable String variant,
        @Nullable String experiment,
        @Nullable String segment,
        @Nullable String textHash,
        @Nullable Assignment assignment) {}
