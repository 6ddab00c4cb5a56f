package dev.lychee.rerank.schemas.flow;

import java.util.List;

/**
 * Sums of exposures that are to be added to those of others.
 *
 * @param experiment name of the experiment
 * @param hash names what the experiment says
 * @param shares share of each arm, 0..1
 * @param arm which of the arms, from 0
 * @param variant name of the arm
 * @param segment user group
 * @param window number of the window
 * @param sums the sums
 */
public record ExposureCounts(
        String experiment,
        String hash,
        List<Double> shares,
        int arm,
        String variant,
        String segment,
        long window,
        ExposureSums sums) {}
