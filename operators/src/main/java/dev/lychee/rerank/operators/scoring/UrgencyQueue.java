package dev.lychee.rerank.operators.scoring;

import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What waits, the most urgent first. Bulk work waits for interactive work, yet every {@value
 * #BULK_TURN}th turn is the oldest bulk's, so that it never starves. Not thread-safe.
 *
 * @param <T> what waits
 */
final class UrgencyQueue<T> {

    /** One turn in so many is for bulk work, while any waits. */
    static final int BULK_TURN = 8;

    private final NavigableMap<Urgency, T> interactive = new TreeMap<>();
    private final NavigableMap<Urgency, T> bulk = new TreeMap<>();
    private int turnsSinceBulk;

    void add(Urgency urgency, T item) {
        of(urgency).put(urgency, item);
    }

    /** Takes it out, whether it is its turn or not; harmless when it is not there. */
    void remove(Urgency urgency) {
        of(urgency).remove(urgency);
    }

    /** Whose turn it is; null when nothing waits. */
    @Nullable T next() {
        Map.Entry<Urgency, T> entry = nextEntry(true, true);
        return entry == null ? null : entry.getValue();
    }

    /**
     * Takes out whose turn it is and ends the turn.
     *
     * @param interactiveAllowed whether interactive work may have the turn
     * @param bulkAllowed whether bulk work may have the turn
     * @return null when nothing waits that may have it
     */
    @Nullable T poll(boolean interactiveAllowed, boolean bulkAllowed) {
        Map.Entry<Urgency, T> entry = nextEntry(interactiveAllowed, bulkAllowed);
        if (entry == null) {
            return null;
        }
        remove(entry.getKey());
        endTurn(entry.getKey());
        return entry.getValue();
    }

    /** Notes who had the turn. */
    void endTurn(Urgency urgency) {
        turnsSinceBulk = urgency.isBulk() || bulk.isEmpty() ? 0 : turnsSinceBulk + 1;
    }

    boolean isEmpty() {
        return interactive.isEmpty() && bulk.isEmpty();
    }

    void clear() {
        interactive.clear();
        bulk.clear();
        turnsSinceBulk = 0;
    }

    private Map.@Nullable Entry<Urgency, T> nextEntry(
            boolean interactiveAllowed, boolean bulkAllowed) {
        boolean mayInteractive = interactiveAllowed && !interactive.isEmpty();
        boolean mayBulk = bulkAllowed && !bulk.isEmpty();
        if (mayBulk && (!mayInteractive || turnsSinceBulk >= BULK_TURN - 1)) {
            return bulk.firstEntry();
        }
        return mayInteractive ? interactive.firstEntry() : null;
    }

    private NavigableMap<Urgency, T> of(Urgency urgency) {
        return urgency.isBulk() ? bulk : interactive;
    }
}
