package dev.lychee.rerank.schemas.flow;

import dev.lychee.rerank.schemas.Assignment;

/**
 * The arm of an experiment that a result was made by.
 *
 * @param experiment name of the experiment
 * @param variant name of the arm
 * @param assignment how the request came to it
 */
public record Participation(String experiment, String variant, Assignment assignment) {}
