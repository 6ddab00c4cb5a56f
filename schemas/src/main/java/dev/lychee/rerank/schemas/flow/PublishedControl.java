package dev.lychee.rerank.schemas.flow;

import java.util.List;

/**
 * Everything that is published through the control topic at one moment. Immutable; the one with the
 * higher version is the later one.
 *
 * @param version offset of the last accepted change plus one; 0 before the first
 * @param profiles what holds instead of presets and {@code profiles.yaml}, by name
 * @param experiments what holds instead of the experiments of {@code profiles.yaml}, by name
 */
public record PublishedControl(
        long version, List<PublishedProfile> profiles, List<PublishedExperiment> experiments) {

    public static final PublishedControl NONE = new PublishedControl(0, List.of(), List.of());
}
