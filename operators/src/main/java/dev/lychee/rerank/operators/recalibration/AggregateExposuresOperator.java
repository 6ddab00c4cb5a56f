package dev.lychee.rerank.operators.recalibration;

import dev.lychee.rerank.operators.experiments.ExposureTable;
import dev.lychee.rerank.schemas.flow.Exposure;
import dev.lychee.rerank.schemas.flow.ExposureCounts;
import dev.lychee.rerank.schemas.flow.Participation;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.flink.metrics.Counter;
import org.jspecify.annotations.Nullable;

/**
 * Adds exposures up before they are sent to the one place that measures their experiment.
 *
 * <p><b>State</b>, <b>Time</b>, <b>Failure</b>: those of {@link PreAggregationOperator}, none.
 */
public final class AggregateExposuresOperator
        extends PreAggregationOperator<Exposure, ExposureCounts> {

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
    void add(Exposure exposure) {
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
    void flush() {
        if (tables == null) {
            return;
        }
        tables.forEach(
                (target, table) ->
                        send(
                                new ExposureCounts(
                                        target.experiment,
                                        target.hash,
                                        target.shares,
                                        target.arm,
                                        target.variant,
                                        target.segment,
                                        target.window,
                                        table.sums())));
        tables = null;
    }
}
