package dev.lychee.rerank.schemas;

import org.jspecify.annotations.Nullable;

/**
 * What is known about one arm of an experiment in one segment.
 *
 * @param schema version of this shape
 * @param experiment name of the experiment
 * @param hash names what the experiment says, as {@link Assignment#hash}; each has its own total
 * @param variant name of the arm
 * @param arm which of the arms, from 0
 * @param control name of the first arm, which the others are compared with; null while it was not
 *     served
 * @param segment user group; {@code a/b} is a part of {@code a}, {@code default} stands for all
 * @param window the last window
 * @param total all windows so far
 * @param sampleRatio whether the total has as many units as it should; null where there are too few
 *     to tell
 */
public record ExperimentResult(
        int schema,
        String experiment,
        String hash,
        String variant,
        int arm,
        @Nullable String control,
        String segment,
        ExperimentPeriod window,
        ExperimentPeriod total,
        @Nullable SampleRatio sampleRatio) {

    public static final int SCHEMA = 1;
}
