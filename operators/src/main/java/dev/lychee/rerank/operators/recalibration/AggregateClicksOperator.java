package dev.lychee.rerank.operators.recalibration;

import dev.lychee.rerank.operators.clicks.ClickTable;
import dev.lychee.rerank.schemas.flow.ClickCounts;
import dev.lychee.rerank.schemas.flow.Clickthrough;
import dev.lychee.rerank.schemas.flow.ShownItem;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Adds clickthroughs up before they are sent to the one place that fits: a few tables.
 *
 * <p><b>State</b>, <b>Time</b>, <b>Failure</b>: those of {@link PreAggregationOperator}, none.
 */
public final class AggregateClicksOperator
        extends PreAggregationOperator<Clickthrough, ClickCounts> {

    private static final long serialVersionUID = 1;

    private final int ranks;
    private transient @Nullable Map<Target, Sums> sums;

    private record Target(String fingerprint, String table, long epoch) {}

    private static final class Sums {

        private final ClickTable table;
        private long mapVersion;

        Sums(int ranks) {
            table = new ClickTable(ranks);
        }

        void add(ShownItem item) {
            table.add(item.rank(), item.logit(), item.label(), item.calibrated());
        }
    }

    /** Adds up; {@code ranks} as results were decoded with. */
    public AggregateClicksOperator(int ranks) {
        this.ranks = ranks;
    }

    @Override
    void add(Clickthrough clickthrough) {
        for (String segment : ClickTables.withParents(clickthrough.segment())) {
            boolean own = segment.equals(clickthrough.mapSegment());
            Sums target = sums(clickthrough, ClickTables.of(segment));
            target.mapVersion = Math.max(target.mapVersion, own ? clickthrough.mapVersion() : 0);
            clickthrough.items().forEach(target::add);
        }
        if (clickthrough.explored()) {
            addPairs(clickthrough);
        }
    }

    private void addPairs(Clickthrough clickthrough) {
        for (ShownItem item : clickthrough.items()) {
            Integer pair = item.pair();
            if (pair != null) {
                String table =
                        item.rank() == pair
                                ? ClickTables.UPPER_OF_PAIRS
                                : ClickTables.LOWER_OF_PAIRS;
                sums(clickthrough, table).add(item);
            }
        }
    }

    private Sums sums(Clickthrough clickthrough, String table) {
        if (sums == null) {
            sums = new LinkedHashMap<>();
        }
        return sums.computeIfAbsent(
                new Target(clickthrough.fingerprint(), table, clickthrough.epoch()),
                key -> new Sums(ranks));
    }

    @Override
    void flush() {
        if (sums == null) {
            return;
        }
        for (Map.Entry<Target, Sums> each : sums.entrySet()) {
            Target target = each.getKey();
            int[] cells = each.getValue().table.filledCells();
            send(
                    new ClickCounts(
                            target.fingerprint,
                            target.table,
                            target.epoch,
                            each.getValue().mapVersion,
                            cells,
                            each.getValue().table.at(cells)));
        }
        sums = null;
    }
}
