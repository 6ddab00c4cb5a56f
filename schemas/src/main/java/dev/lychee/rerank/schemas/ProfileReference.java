package dev.lychee.rerank.schemas;

/**
 * Which profile shaped a result.
 *
 * @param name name of the profile
 * @param version version of the profile; 0 for presets and {@code profiles.yaml}
 * @param hash hash of everything the profile says
 */
public record ProfileReference(String name, long version, String hash) {}
