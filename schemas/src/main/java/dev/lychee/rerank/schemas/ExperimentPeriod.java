package dev.lychee.rerank.schemas;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * An arm of an experiment over some time.
 *
 * @param start start of the first window, inclusive
 * @param end end of the last window, exclusive
 * @param exposures results that were served
 * @param seen those that somebody is known to have looked at
 * @param units different users (sessions, requests) that were served; estimated above 8,192
 * @param rates what they did
 * @param differences rates less those of the control; null for the control itself, and where the
 *     control was not served
 */
public record ExperimentPeriod(
        Instant start,
        Instant end,
        long exposures,
        long seen,
        long units,
        ExperimentRates rates,
        @Nullable ExperimentRates differences) {}
