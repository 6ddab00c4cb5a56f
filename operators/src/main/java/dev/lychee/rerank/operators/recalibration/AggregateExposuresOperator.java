package dev.lychee.rerank.operators.recalibration;

import dev.lychee.rerank.operators.experiments.ExposureTable;
import dev.lychee.rerank.schemas.flow.Exposure;
import dev.lychee.rerank.schemas.flow.ExposureCounts;
import dev.lychee.rerank.schemas.flow.Participation;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.flink.metrics.Counter;
import org.apache.flink.streaming.api.operators.AbstractStreamOperator;
import org.apache.flink.streaming.api.operators.OneInputStreamOperator;
import org.apache.flink.streaming.api.watermark.Watermark;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.jspecify.annotations.Nullable;

/**
 * Adds exposures up before they are sent to the one place that measures their experiment, as {@link
 * AggregateClicksOperator} does with clickthroughs.
 *
 * <p><b>State</b>: none: it lets go of everything before each watermark and each barrier.
 *
 * <p><b>Time</b>: none of its own; the watermark that closes a window never overtakes its counts.
 *
 * <p><b>Failure</b>: none.
 */
public final class AggregateExposuresOperator extends AbstractStreamOperator<ExposureCounts>
        implements OneInputStreamOperator<Exposure, ExposureCounts> {

    private static final long serialVersionUID = 1;

    private final ExperimentSettings settings;
    private transient @Nullable Map<Target, ExposureTable> tables;
    private transient Counter exposures;

    private record Target(
            String experiment,
            String hash,
            List<Double> shares,
            int arm,
            String variant,
            String segment,
            long window) {}

    /** Adds up. */
    @SuppressWarnings("NullAway.Init") // set in open
    public AggregateExposuresOperator(ExperimentSettings settings) {
        this.settings = settings;
    }

    @Override
    public void open() throws Exception {
        super.open();
        exposures = getMetricGroup().counter("numExposures");
    }

    @Override
    public void processElement(StreamRecord<Exposure> element) {
        Exposure exposure = element.getValue();
        Participation participation = exposure.participation();
        exposures.inc();
        if (tables == null) {
            tables = new LinkedHashMap<>();
        }
        for (String segment : ClickTables.withParents(exposure.segment())) {
            Target target =
                    new Target(
                            participation.experiment(),
                            participation.assignment().hash(),
                            participation.assignment().shares(),
                            participation.assignment().arm(),
                            participation.variant(),
                            segment,
                            settings.windowOf(exposure.servedMillis()));
            tables.computeIfAbsent(target, key -> new ExposureTable()).add(exposure);
        }
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
        if (tables == null) {
            return;
        }
        tables.forEach(
                (target, table) ->
                        output.collect(
                                new StreamRecord<>(
                                        new ExposureCounts(
                                                target.experiment,
                                                target.hash,
                                                target.shares,
                                                target.arm,
                                                target.variant,
                                                target.segment,
                                                target.window,
                                                table.sums()))));
        tables = null;
    }
}
