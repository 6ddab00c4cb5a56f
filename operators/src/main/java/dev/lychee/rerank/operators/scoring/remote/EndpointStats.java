package dev.lychee.rerank.operators.scoring.remote;

import java.util.concurrent.atomic.LongAdder;

/** Counts of one endpoint since the start. */
final class EndpointStats {

    /** Requests sent, each attempt counted. */
    final LongAdder requests = new LongAdder();

    /** Attempts after the first of a request. */
    final LongAdder retries = new LongAdder();

    /** Attempts that gave no scores, and those that an open circuit did not let through. */
    final LongAdder failures = new LongAdder();

    /** Pairs that an answer held no usable score for. */
    final LongAdder unparsed = new LongAdder();
}
