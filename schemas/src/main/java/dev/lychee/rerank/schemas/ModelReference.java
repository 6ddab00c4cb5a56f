package dev.lychee.rerank.schemas;

/**
 * The model that scored.
 *
 * @param name name of the model package
 * @param version version of the model package
 */
public record ModelReference(String name, String version) {}
