package dev.lychee.rerank.operators.scoring;

import dev.lychee.rerank.operators.image.ImageProblem;
import dev.lychee.rerank.schemas.flow.PairOutcome;
import dev.lychee.rerank.schemas.flow.ScoringOutcome;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.Gauge;
import org.apache.flink.metrics.Histogram;
import org.apache.flink.metrics.MetricGroup;
import org.apache.flink.metrics.ThreadSafeSimpleCounter;
import org.apache.flink.runtime.metrics.DescriptiveStatisticsHistogram;
import org.jspecify.annotations.Nullable;

/**
 * What a subtask reports about scoring, in the group {@code model=NAME}. Counters and histograms
 * speak of the subtask's own tasks that ask the model, whatever other models they ask too; the
 * gauges {@code numBatches}, {@code batchTokens}, {@code paddingRatio}, {@code queueDepth}, {@code
 * cacheHits}, {@code cacheMisses}, {@code cacheHitRate}, {@code cacheSize}, {@code
 * failedBatchesInARow}, {@code tasksDegraded}, {@code maxBatchTokens}, {@code precision}, {@code
 * device}, {@code forwardThreads}, {@code modelLoads} and {@link Scorer#gauges} speak of the model
 * and its JVM, which subtasks share, and are not to be summed over subtasks.
 *
 * <p>Updated by the model's inference thread, read by reporters.
 */
final class ScoringMetrics {

    private static final int HISTOGRAM_WINDOW = 1_000;

    private final MetricGroup group;
    private final Map<ImageProblem, Counter> imagesFailed = new ConcurrentHashMap<>();
    private final Counter imagesRead;
    private final Counter pairsScored;
    private final Counter pairsFailed;
    private final Histogram queueTimeMs;
    private final Histogram inferenceTimeMs;

    ScoringMetrics(MetricGroup operatorGroup, ScoringService service, SharedScorers scorers) {
        group = operatorGroup.addGroup("model", service.description().name());
        pairsScored = group.counter("numPairsScored", new ThreadSafeSimpleCounter());
        imagesRead = group.counter("numImagesRead", new ThreadSafeSimpleCounter());
        pairsFailed = group.counter("numPairsFailed", new ThreadSafeSimpleCounter());
        queueTimeMs =
                group.histogram(
                        "queueTimeMs", new DescriptiveStatisticsHistogram(HISTOGRAM_WINDOW));
        inferenceTimeMs =
                group.histogram(
                        "inferenceTimeMs", new DescriptiveStatisticsHistogram(HISTOGRAM_WINDOW));
        group.gauge("numBatches", (Gauge<Long>) () -> service.stats().batches());
        group.gauge("batchTokens", (Gauge<Double>) () -> service.stats().meanBatchTokens());
        group.gauge("paddingRatio", (Gauge<Double>) () -> service.stats().paddingRatio());
        group.gauge("queueDepth", (Gauge<Integer>) () -> service.stats().queueDepth());
        group.gauge("cacheHits", (Gauge<Long>) () -> service.stats().cacheHits());
        group.gauge("cacheMisses", (Gauge<Long>) () -> service.stats().cacheMisses());
        group.gauge("cacheHitRate", (Gauge<Double>) () -> service.stats().cacheHitRate());
        group.gauge("cacheSize", (Gauge<Long>) service::cachedScores);
        group.gauge("failedBatchesInARow", (Gauge<Integer>) () -> service.stats().failedInARow());
        group.gauge("tasksDegraded", (Gauge<Long>) () -> service.stats().tasksDegraded());
        group.gauge("maxBatchTokens", (Gauge<Integer>) service::maxBatchTokens);
        group.gauge("precision", (Gauge<String>) service.description()::precision);
        group.gauge("device", (Gauge<String>) service.description()::device);
        group.gauge("forwardThreads", (Gauge<Integer>) service.description()::threads);
        group.gauge("modelLoads", (Gauge<Long>) scorers::loads);
        service.gauges().forEach((name, value) -> group.gauge(name, (Gauge<Object>) value::get));
    }

    /**
     * Counts pictures; those that failed by reason, as {@code numImagesFailed} of {@code
     * reason=CODE}.
     */
    void count(@Nullable ReadPictures pictures) {
        if (pictures == null) {
            return;
        }
        count(pictures.query());
        pictures.documents().forEach(this::count);
    }

    private void count(ReadPicture picture) {
        if (picture.image() != null) {
            imagesRead.inc();
        }
        for (ReadPicture.Failure failure : picture.failures()) {
            imagesFailed
                    .computeIfAbsent(
                            failure.problem(),
                            problem ->
                                    group.addGroup("reason", problem.code())
                                            .counter(
                                                    "numImagesFailed",
                                                    new ThreadSafeSimpleCounter()))
                    .inc();
        }
    }

    void count(ScoringOutcome outcome) {
        int scored = 0;
        for (PairOutcome pair : outcome.pairs()) {
            if (pair.scored()) {
                scored++;
            }
        }
        pairsScored.inc(scored);
        pairsFailed.inc(outcome.pairs().size() - scored);
        queueTimeMs.update(Math.round(outcome.queueMillis()));
        inferenceTimeMs.update(Math.round(outcome.scoreMillis()));
    }
}
