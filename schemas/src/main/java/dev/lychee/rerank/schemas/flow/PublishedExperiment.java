package dev.lychee.rerank.schemas.flow;

/**
 * An experiment that was published through the control topic.
 *
 * @param name name of the experiment
 * @param version offset of the change on the control topic plus one
 * @param json the experiment
 */
public record PublishedExperiment(String name, long version, String json) {}
