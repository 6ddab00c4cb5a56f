package dev.lychee.rerank.deploy.bench;

import dev.lychee.rerank.deploy.bench.Workload.Query;
import dev.lychee.rerank.deploy.local.LocalStack;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.function.ToLongFunction;

/**
 * The whole job under full load for minutes: whether memory or threads grow.
 *
 * <p>Broker, cluster and load are in this process, too, so their growth would show as well. No pair
 * comes twice: the score cache fills and evicts.
 */
public final class EnduranceBench {

    private static final long SEED = 2;

    /** Until here the Java heap, compiled code and the cache reach their size. */
    private static final Duration SETTLE = Duration.ofMinutes(3);

    /**
     * What to measure.
     *
     * @param model name of the model, or of its stand-in
     * @param cacheBytes the job's cache
     * @param setSize pairs in a set
     * @param outstanding sets that are open at once
     * @param duration of the load
     * @param sampleEvery time between two looks at the process
     */
    public record Options(
            String model,
            long cacheBytes,
            int setSize,
            int outstanding,
            Duration duration,
            Duration sampleEvery) {

        /** Half of a run that is too short to settle. */
        Duration settle() {
            Duration half = duration.dividedBy(2);
            return half.compareTo(SETTLE) < 0 ? half : SETTLE;
        }
    }

    private final Options options;
    private final Consumer<String> progress;

    /** A measurement that says what it is at to {@code progress}. */
    public EnduranceBench(Options options, Consumer<String> progress) {
        this.options = options;
        this.progress = progress;
    }

    /**
     * Measures a stack whose job runs.
     *
     * @param stopped whether the user no longer wants it
     * @throws InterruptedException soon after {@code stopped}
     */
    public EnduranceBenchReport run(LocalStack stack, BooleanSupplier stopped)
            throws IOException, InterruptedException {
        Machine machine = Machine.now();
        Supplier<Query> sets = Workload.fresh(options.setSize(), options.setSize(), SEED);
        AtomicLongArray pairs = new AtomicLongArray((int) options.duration().toMinutes() + 1);
        List<ProcessSample> samples = new ArrayList<>();
        AtomicReference<IOException> notSampled = new AtomicReference<>();
        ScheduledExecutorService sampler =
                Executors.newSingleThreadScheduledExecutor(
                        task -> new Thread(task, "bench-sampler"));
        try (PipelineLoad load = PipelineLoad.connect(stack, stopped)) {
            long start = System.nanoTime();
            var unused =
                    sampler.scheduleAtFixedRate(
                            () -> {
                                try {
                                    ProcessSample sample =
                                            ProcessSample.at((System.nanoTime() - start) / 1e9);
                                    samples.add(sample);
                                    progress.accept(
                                            "%.0f of %d s: %,d MiB resident, %d threads"
                                                    .formatted(
                                                            sample.seconds(),
                                                            options.duration().toSeconds(),
                                                            sample.residentKib() >> 10,
                                                            sample.threads()));
                                } catch (IOException unreadable) {
                                    notSampled.set(unreadable);
                                }
                            },
                            0,
                            options.sampleEvery().toMillis(),
                            TimeUnit.MILLISECONDS);
            load.closedLoop(
                    sets,
                    options.outstanding(),
                    options.duration(),
                    answer -> {
                        int minute = (int) (answer.receivedSeconds() / 60);
                        if (minute < pairs.length()) {
                            pairs.addAndGet(minute, answer.pairs());
                        }
                    });
        } finally {
            sampler.shutdown();
            sampler.awaitTermination(10, TimeUnit.SECONDS);
        }
        if (notSampled.get() != null) {
            throw notSampled.get();
        }
        return report(machine, rates(pairs), samples);
    }

    private EnduranceBenchReport report(
            Machine machine, List<Double> rates, List<ProcessSample> samples) throws IOException {
        double settle = options.settle().toMillis() / 1e3;
        double end = options.duration().toMillis() / 1e3;
        // While the load drains there is less to do.
        List<ProcessSample> settled =
                samples.stream()
                        .filter(sample -> sample.seconds() >= settle && sample.seconds() <= end)
                        .toList();
        if (settled.size() < 2) {
            throw new IOException("The run was too short for a slope");
        }
        return new EnduranceBenchReport(
                machine,
                options.model(),
                options.setSize(),
                options.outstanding(),
                options.cacheBytes(),
                end,
                settle,
                slopePercent(settled, ProcessSample::residentKib),
                slopePercent(settled, ProcessSample::anonymousKib),
                settled.get(settled.size() - 1).threads() - settled.get(0).threads(),
                rates,
                samples);
    }

    /** Growth per minute over the mean, in per cent. */
    static double slopePercent(List<ProcessSample> samples, ToLongFunction<ProcessSample> value) {
        double[] minutes = samples.stream().mapToDouble(sample -> sample.seconds() / 60).toArray();
        double[] values = samples.stream().mapToDouble(value::applyAsLong).toArray();
        return 100 * LeastSquares.slope(minutes, values) / LeastSquares.mean(values);
    }

    /** Of whole minutes, and of the part that is left when it is the only one. */
    private List<Double> rates(AtomicLongArray pairs) {
        double left = options.duration().toMillis() / 1e3;
        List<Double> rates = new ArrayList<>();
        for (int minute = 0; minute < pairs.length() && left > 0; minute++) {
            rates.add(pairs.get(minute) / Math.min(60, left));
            left -= 60;
        }
        return rates;
    }
}
