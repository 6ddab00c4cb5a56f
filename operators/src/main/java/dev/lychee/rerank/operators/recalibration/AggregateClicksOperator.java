package dev.lychee.rerank.operators.recalibration;

import dev.lychee.rerank.operators.clicks.ClickTable;
import dev.lychee.rerank.schemas.flow.ClickCounts;
import dev.lychee.rerank.schemas.flow.Clickthrough;
import dev.lychee.rerank.schemas.flow.ShownItem;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.flink.streaming.api.operators.AbstractStreamOperator;
import org.apache.flink.streaming.api.operators.OneInputStreamOperator;
import org.apache.flink.streaming.api.watermark.Watermark;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.jspecify.annotations.Nullable;

/**
 * Adds clickthroughs up before they are sent to the one place that fits: thousands become a few
 * tables. An operator and not a function, since it lets go of what it has before each watermark and
 * each checkpoint barrier.
 *
 * <p><b>State</b>: none, for that reason: a checkpoint finds it empty, so a failure loses nothing.
 *
 * <p><b>Time</b>: none of its own; the watermark that closes an epoch never overtakes its counts.
 *
 * <p><b>Failure</b>: none.
 */
public final class AggregateClicksOperator extends AbstractStreamOperator<ClickCounts>
        implements OneInputStreamOperator<Clickthrough, ClickCounts> {

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
    public void processElement(StreamRecord<Clickthrough> element) {
        Clickthrough clickthrough = element.getValue();
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
    public void processWatermark(Watermark mark) throws Exception {
        flush();
        super.processWatermark(mark);
    }

    @Override
    public void prepareSnapshotPreBarrier(long checkpointId) {
        flush();
    }

    @Override
    public void finish() throws Exception {
        flush();
        super.finish();
    }

    private void flush() {
        if (sums == null) {
            return;
        }
        for (Map.Entry<Target, Sums> each : sums.entrySet()) {
            Target target = each.getKey();
            int[] cells = each.getValue().table.filledCells();
            output.collect(
                    new StreamRecord<>(
                            new ClickCounts(
                                    target.fingerprint,
                                    target.table,
                                    target.epoch,
                                    each.getValue().mapVersion,
                                    cells,
                                    each.getValue().table.at(cells))));
        }
        sums = null;
    }
}
