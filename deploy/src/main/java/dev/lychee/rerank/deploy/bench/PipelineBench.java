package dev.lychee.rerank.deploy.bench;

import dev.lychee.rerank.deploy.bench.PipelineBenchReport.Load;
import dev.lychee.rerank.deploy.bench.PipelineBenchReport.Percentiles;
import dev.lychee.rerank.deploy.bench.PipelineLoad.Answer;
import dev.lychee.rerank.deploy.bench.Workload.Query;
import dev.lychee.rerank.deploy.local.LocalStack;
import dev.lychee.rerank.operators.scoring.BatchLimits;
import dev.lychee.rerank.operators.scoring.Scorer;
import dev.lychee.rerank.operators.scoring.ScorerFactory;
import dev.lychee.rerank.operators.scoring.ScorerSpec;
import dev.lychee.rerank.operators.scoring.ScoringService;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/**
 * The whole job between two topics: as many results as it can give, and how long they take at lower
 * rates.
 *
 * <p>The scheduler alone is measured in turns with the closed loop, with a second copy of the model
 * while the job has nothing to do.
 */
public final class PipelineBench {

    private static final int PAIRS = 4_000;
    private static final long SEED = 1;
    private static final int ROUNDS = 3;

    /** Parts of the closed loop's rate that are offered where the user names no rates. */
    private static final double[] SHARES = {0.25, 0.5, 0.75};

    /** One window of the closed loop where the user names no duration. */
    private static final Duration WINDOW = Duration.ofSeconds(8);

    /** Results at each rate where the user names no duration: ten of them are above p99. */
    private static final int RESULTS = 1_000;

    private static final Duration LONGEST_AT_A_RATE = Duration.ofMinutes(3);

    /**
     * What to measure.
     *
     * @param factory makes the scorer that is measured alone, as the job's
     * @param spec as the job's
     * @param limits as the job's
     * @param setSize pairs in a set
     * @param duration of all measured windows together; null for as long as the percentiles need
     * @param outstanding sets that are open at once in the closed loop
     * @param rates pairs per second to be offered; empty for parts of the closed loop's rate
     */
    public record Options(
            ScorerFactory factory,
            ScorerSpec spec,
            BatchLimits limits,
            int setSize,
            @Nullable Duration duration,
            int outstanding,
            List<Integer> rates) {

        Duration window() {
            return duration == null ? WINDOW : duration.dividedBy(4L * ROUNDS);
        }

        /** How long a rate is offered when there are {@code count} of them. */
        Duration at(double pairsPerSecond, int count) {
            if (duration != null) {
                return duration.dividedBy(2L * count);
            }
            Duration enough = Duration.ofMillis((long) (1e3 * RESULTS * setSize / pairsPerSecond));
            return enough.compareTo(LONGEST_AT_A_RATE) < 0 ? enough : LONGEST_AT_A_RATE;
        }
    }

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
        Scorer scorer = LoadedScorer.load(options.factory(), options.spec());
        try (ScoringService service = LoadedScorer.service(scorer, options.limits());
                PipelineLoad load = PipelineLoad.connect(stack, stopped)) {
            Workload workload = Workload.draw(PAIRS, service.description().maxTokens(), SEED);
            List<Query> sets = workload.sets(options.setSize());
            Supplier<Query> repeated = Workload.repeating(sets);
            Duration window = options.window();
            progress.accept("Warming up ...");
            schedulerRate(service, sets, window);
            load.closedLoop(repeated, options.outstanding(), window);

            List<Double> schedulerRates = new ArrayList<>();
            List<Double> ratios = new ArrayList<>();
            List<PipelineLoad.Window> closed = new ArrayList<>();
            for (int round = 1; round <= ROUNDS; round++) {
                progress.accept("Round %d of %d: the scheduler alone".formatted(round, ROUNDS));
                double scheduler = schedulerRate(service, sets, window);
                progress.accept("Round %d of %d: closed loop".formatted(round, ROUNDS));
                PipelineLoad.Window measured =
                        load.closedLoop(repeated, options.outstanding(), window);
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
                Duration each = options.at(rate, rates.size());
                progress.accept("At %s for %d s".formatted(name, each.toSeconds()));
                loads.add(load(name, rate, List.of(load.openLoop(repeated, rate, each))));
            }
            return new PipelineBenchReport(
                    machine,
                    scorer.description().name() + " " + scorer.description().version(),
                    scorer.description().precision(),
                    options.setSize(),
                    options.outstanding(),
                    workload.sha256(),
                    Spread.of(schedulerRates),
                    Spread.of(ratios),
                    waitsAreTold(closed) ? "busy_ms" : "queue_ms",
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

    private static Load load(String name, double offered, List<PipelineLoad.Window> windows) {
        List<Answer> answers =
                windows.stream().flatMap(window -> window.answers().stream()).toList();
        return new Load(
                name,
                offered,
                Spread.of(windows.stream().map(PipelineLoad.Window::pairsPerSecond).toList()),
                answers.size(),
                percentiles(answers, Answer::latencyMillis),
                percentiles(answers, answer -> answer.receipt().timings().totalMs()),
                percentiles(
                        answers,
                        answer -> {
                            Receipt.Times times = answer.receipt().timings();
                            return times.totalMs() - times.queueMs() - times.scoreMs();
                        }),
                percentiles(answers, answer -> answer.receipt().timings().overheadMs()));
    }

    private static boolean waitsAreTold(List<PipelineLoad.Window> windows) {
        return windows.stream()
                .flatMap(window -> window.answers().stream())
                .allMatch(answer -> answer.receipt().timings().busyMs() != null);
    }

    private static Percentiles percentiles(
            List<Answer> answers, ToDoubleFunction<Answer> milliseconds) {
        List<Double> values = answers.stream().map(milliseconds::applyAsDouble).toList();
        return new Percentiles(
                Spread.percentile(values, 0.5),
                Spread.percentile(values, 0.95),
                Spread.percentile(values, 0.99));
    }
}
