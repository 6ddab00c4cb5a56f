package dev.lychee.rerank.schemas.flow;

/**
 * A version of a profile that was published through the control topic. The profile is kept as JSON,
 * so that fields which a later release adds need no migration of state.
 *
 * @param name name of the profile
 * @param version offset of the change on the control topic plus one
 * @param hash hash of everything the profile says
 * @param json the whole profile, merged with what it extends
 */
public record PublishedProfile(String name, long version, String hash, String json) {}
