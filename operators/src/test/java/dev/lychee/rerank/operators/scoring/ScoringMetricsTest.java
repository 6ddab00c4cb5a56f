package dev.lychee.rerank.operators.scoring;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lychee.rerank.schemas.flow.PairOutcome;
import dev.lychee.rerank.schemas.flow.ScoringOutcome;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.flink.metrics.testutils.MetricListener;
import org.junit.jupiter.api.Test;

class ScoringMetricsTest {

    @Test
    void reportsPairsAndTimesOfTheSubtaskAndBatchesOfTheModel() throws Exception {
        TestingScorer.Control control = TestingScorer.control();
        SharedScorers scorers =
                new SharedScorers(
                        (work, delayMillis) -> () -> {},
                        ScoringClock.system(),
                        (thread, broken) -> {});
        MetricListener listener = new MetricListener();
        try (SharedScorers.Lease lease =
                scorers.acquire(
                        List.of(new ScorerSpec(control.packagePath(), "fp32", "cpu", 1)),
                        new ServiceLimits(new BatchLimits(64, 0), 0, 1 << 20),
                        new TestingScorer.Factory(),
                        0)) {
            ScoringMetrics metrics =
                    new ScoringMetrics(listener.getMetricGroup(), lease.service(), scorers);
            lease.service()
                    .submit(null, "red dress", List.of("one"), Long.MAX_VALUE)
                    .get(30, TimeUnit.SECONDS);

            metrics.count(
                    new ScoringOutcome(
                            "r1",
                            "e1",
                            0,
                            "",
                            List.of(),
                            1.0,
                            List.of(
                                    PairOutcome.scored(0, 1.5, false),
                                    PairOutcome.scored(1, 0.5, false),
                                    PairOutcome.failed(2, "no")),
                            12.4,
                            7.6,
                            0,
                            List.of()));

            assertThat(listener.getCounter("model", "testing", "numPairsScored"))
                    .hasValueSatisfying(counter -> assertThat(counter.getCount()).isEqualTo(2));
            assertThat(listener.getCounter("model", "testing", "numPairsFailed"))
                    .hasValueSatisfying(counter -> assertThat(counter.getCount()).isEqualTo(1));
            assertThat(listener.getHistogram("model", "testing", "queueTimeMs"))
                    .hasValueSatisfying(
                            times -> assertThat(times.getStatistics().getMax()).isEqualTo(12));
            assertThat(listener.getHistogram("model", "testing", "inferenceTimeMs"))
                    .hasValueSatisfying(
                            times -> assertThat(times.getStatistics().getMax()).isEqualTo(8));
            assertThat(gauge(listener, "numBatches")).isEqualTo(1L);
            assertThat(gauge(listener, "cacheHits")).isEqualTo(0L);
            assertThat(gauge(listener, "cacheMisses")).isEqualTo(1L);
            assertThat(gauge(listener, "cacheHitRate")).isEqualTo(0.0);
            assertThat(gauge(listener, "cacheSize")).isEqualTo(1L);
            assertThat(gauge(listener, "batchTokens")).isEqualTo(6.0);
            assertThat(gauge(listener, "paddingRatio")).isEqualTo(0.0);
            assertThat(gauge(listener, "queueDepth")).isEqualTo(0);
            assertThat(gauge(listener, "failedBatchesInARow")).isEqualTo(0);
            assertThat(gauge(listener, "modelLoads")).isEqualTo(1L);
            assertThat(gauge(listener, "numEncoded")).as("the scorer's own").isEqualTo(1);
        }
    }

    private static Object gauge(MetricListener listener, String name) {
        return listener.getGauge("model", "testing", name).orElseThrow().getValue();
    }
}
