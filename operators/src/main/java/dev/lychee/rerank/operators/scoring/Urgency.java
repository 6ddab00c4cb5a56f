package dev.lychee.rerank.operators.scoring;

/**
 * When something is due. Work with a deadline is interactive: it comes before bulk work, which has
 * none, and among its like the earliest deadline comes first; then the order of arrival.
 *
 * @param deadlineMillis epoch milliseconds when the answer is due; {@link Long#MAX_VALUE} for bulk
 * @param number place in the order of arrival; no two are alike
 */
record Urgency(long deadlineMillis, long number) implements Comparable<Urgency> {

    boolean isBulk() {
        return deadlineMillis == Long.MAX_VALUE;
    }

    @Override
    public int compareTo(Urgency other) {
        int byDeadline = Long.compare(deadlineMillis, other.deadlineMillis);
        return byDeadline != 0 ? byDeadline : Long.compare(number, other.number);
    }
}
