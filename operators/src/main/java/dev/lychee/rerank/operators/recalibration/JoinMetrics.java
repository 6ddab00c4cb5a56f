package dev.lychee.rerank.operators.recalibration;

import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.MetricGroup;

/** What became of results and events. Every event is counted exactly once. */
final class JoinMetrics {

    /** Events that belong to a document of a result. */
    final Counter joined;

    /** Events whose result did not come, or does not train. */
    final Counter unjoined;

    /** Events after the attribution time, or too late to be believed. */
    final Counter late;

    /** Events of another client than the first one of their request. */
    final Counter foreign;

    /** Events about documents that were not shown at the ranks that count. */
    final Counter unknown;

    /** Events beyond the limit per result. */
    final Counter surplus;

    /** Results that came again. */
    final Counter redelivered;

    /** Results that came too late. */
    final Counter lateResults;

    /** Results that teach something. */
    final Counter clickthroughs;

    /** Results that nobody is known to have seen. */
    final Counter unobserved;

    JoinMetrics(MetricGroup group) {
        joined = group.counter("numEventsJoined");
        unjoined = group.counter("numEventsWithoutResult");
        late = group.counter("numEventsLate");
        foreign = group.counter("numEventsOfOtherClients");
        unknown = group.counter("numEventsOfUnknownItems");
        surplus = group.counter("numEventsOverLimit");
        redelivered = group.counter("numResultsRedelivered");
        lateResults = group.counter("numResultsLate");
        clickthroughs = group.counter("numClickthroughs");
        unobserved = group.counter("numResultsUnobserved");
    }
}
