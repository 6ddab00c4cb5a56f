package dev.lychee.rerank.schemas.flow;

import java.util.List;

/**
 * How far the measuring of an experiment has come.
 *
 * @param experiment name of the experiment
 * @param hash names what the experiment says
 * @param shares share of each arm, 0..1
 * @param variants name of each arm; empty while it was not served
 * @param firstWindow number of the first window that was closed
 * @param closedWindow number of the last window that was closed
 * @param expiresMillis event time of the timer that forgets the experiment
 */
public record ExperimentProgress(
        String experiment,
        String hash,
        List<Double> shares,
        List<String> variants,
        long firstWindow,
        long closedWindow,
        long expiresMillis) {}
