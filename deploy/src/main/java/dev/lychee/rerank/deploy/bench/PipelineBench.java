package dev.lychee.rerank.deploy.bench;

import dev.lychee.rerank.deploy.bench.PipelineBenchReport.Load;
import dev.lychee.rerank.deploy.bench.PipelineBenchReport.Percentiles;
import dev.lychee.rerank.deploy.bench.Workload.Query;
import dev.lychee.rerank.deploy.local.LocalStack;
import dev.lychee.rerank.operators.scoring.BatchLimits;
import dev.lychee.rerank.operators.scoring.Scorer;
import dev.lychee.rerank.operators.scoring.ScoringService;
import dev.lychee.rerank.schemas.Json;
import dev.lychee.rerank.schemas.RerankedResult;
import dev.lychee.rerank.schemas.Timings;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/**
 * The whole job between two topics: as many results as it can give, and how long they take at lower
 * rates.
 *
 * <p>The scheduler alone is measured in turns with the closed loop, with a second copy of the model
 * while the job has nothing to do.
 */
public final class PipelineBench {

    private static final int SET_SIZE = 20;
    private static final int PAIRS = 4_000;
    private static final long SEED = 1;
    private static final int ROUNDS = 3;

    /** Parts of the closed loop's rate that are offered where the user names no rates. */
    private static final double[] SHARES = {0.25, 0.5, 0.75};

    /**
     * What to measure.
     *
     * @param model folder of the model package that the job uses
     * @param precision as the job's
     * @param threads as the job's
     * @param limits as the job's
     * @param duration of all measured windows together
     * @param outstanding sets that are open at once in the closed loop
     * @param rates pairs per second to be offered; empty for parts of the closed loop's rate
     */
    public record Options(
            Path model,
            String precision,
            int threads,
            BatchLimits limits,
            Duration duration,
            int outstanding,
            List<Integer> rates) {}

    private final Options options;
    private final Consumer<String> progress;

    /** A measurement that says what it is at to {@code progress}. */
    public PipelineBench(Options options, Consumer<String> progress) {
        this.options = options;
        this.progress = progress;
    }

    /**
     * Measures a stack whose job runs.
     *
     * @param stopped whether the user no longer wants it
     * @throws InterruptedException soon after {@code stopped}
     */
    public PipelineBenchReport run(LocalStack stack, BooleanSupplier stopped)
            throws IOException, InterruptedException {
        Machine machine = Machine.now();
        Scorer scorer = LoadedScorer.load(options.model(), options.precision(), options.threads());
        try (ScoringService service = LoadedScorer.service(scorer, options.limits());
                PipelineLoad load = PipelineLoad.connect(stack, stopped)) {
            Workload workload = Workload.draw(PAIRS, service.description().maxTokens(), SEED);
            List<Query> sets = workload.sets(SET_SIZE);
            Duration window = options.duration().dividedBy(4L * ROUNDS);
            progress.accept("Warming up ...");
            schedulerRate(service, sets, window);
            load.closedLoop(sets, options.outstanding(), window);

            List<Double> schedulerRates = new ArrayList<>();
            List<Double> ratios = new ArrayList<>();
            List<PipelineLoad.Window> closed = new ArrayList<>();
            for (int round = 1; round <= ROUNDS; round++) {
                progress.accept("Round %d of %d: the scheduler alone".formatted(round, ROUNDS));
                double scheduler = schedulerRate(service, sets, window);
                progress.accept("Round %d of %d: closed loop".formatted(round, ROUNDS));
                PipelineLoad.Window measured = load.closedLoop(sets, options.outstanding(), window);
                closed.add(measured);
                schedulerRates.add(scheduler);
                ratios.add(measured.pairsPerSecond() / scheduler);
            }
            List<Load> loads = new ArrayList<>();
            loads.add(load("%d sets open".formatted(options.outstanding()), 0, closed));
            double limit = loads.get(0).pairsPerSecond().median();
            List<Double> rates = rates(limit);
            for (double rate : rates) {
                String name = String.format(Locale.ROOT, "%,.0f pairs/s", rate);
                progress.accept("At " + name);
                Duration each = options.duration().dividedBy(2L * rates.size());
                loads.add(load(name, rate, List.of(load.openLoop(sets, rate, each))));
            }
            return new PipelineBenchReport(
                    machine,
                    SET_SIZE,
                    options.outstanding(),
                    workload.sha256(),
                    Spread.of(schedulerRates),
                    Spread.of(ratios),
                    loads);
        }
    }

    private List<Double> rates(double limit) {
        List<Double> rates = new ArrayList<>();
        for (int rate : options.rates()) {
            rates.add((double) rate);
        }
        if (rates.isEmpty()) {
            for (double share : SHARES) {
                rates.add(share * limit);
            }
        }
        return rates;
    }

    /** Pairs per second while as many sets are open as in the closed loop. */
    private double schedulerRate(ScoringService service, List<Query> sets, Duration window)
            throws InterruptedException {
        Semaphore open = new Semaphore(options.outstanding());
        LongAdder scored = new LongAdder();
        long start = System.nanoTime();
        long nanos = window.toNanos();
        for (int i = 0; System.nanoTime() - start < nanos; i++) {
            open.acquire();
            Query set = sets.get(i % sets.size());
            var unused =
                    service.submit(null, set.text(), set.documents(), Long.MAX_VALUE)
                            .thenAccept(
                                    answer -> {
                                        scored.add(answer.pairs().size());
                                        open.release();
                                    });
        }
        double rate = scored.sum() * 1e9 / (System.nanoTime() - start);
        open.acquire(options.outstanding());
        return rate;
    }

    private static Load load(String name, double offered, List<PipelineLoad.Window> windows)
            throws IOException {
        List<Double> latencies = new ArrayList<>();
        List<Double> inside = new ArrayList<>();
        List<Double> outsideModel = new ArrayList<>();
        for (PipelineLoad.Window window : windows) {
            latencies.addAll(window.latencyMillis());
            for (byte[] message : window.results()) {
                Timings timings = Json.mapper().readValue(message, RerankedResult.class).timings();
                inside.add(timings.totalMs());
                outsideModel.add(timings.totalMs() - timings.queueMs() - timings.scoreMs());
            }
        }
        return new Load(
                name,
                offered,
                Spread.of(windows.stream().map(PipelineLoad.Window::pairsPerSecond).toList()),
                latencies.size(),
                percentiles(latencies),
                percentiles(inside),
                percentiles(outsideModel));
    }

    private static Percentiles percentiles(List<Double> values) {
        return new Percentiles(
                Spread.percentile(values, 0.5),
                Spread.percentile(values, 0.95),
                Spread.percentile(values, 0.99));
    }
}
