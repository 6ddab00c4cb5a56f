package dev.lychee.rerank.deploy.bench;

import dev.lychee.rerank.deploy.bench.PostBenchReport.Step;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.openjdk.jmh.infra.BenchmarkParams;
import org.openjdk.jmh.infra.IterationParams;
import org.openjdk.jmh.results.BenchmarkResult;
import org.openjdk.jmh.results.IterationResult;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.format.OutputFormat;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/** Runs {@link PostProcessingBenchmark} with JMH. */
public final class PostBench {

    /** In the order of the job; the name of a method of the benchmark. */
    private static final List<String> STEPS =
            List.of(
                    "decode",
                    "assemble",
                    "normalize",
                    "calibrate",
                    "adjust",
                    "threshold",
                    "rank",
                    "allSteps",
                    "encode");

    /**
     * What to measure.
     *
     * @param sizes candidates in a set
     * @param forks fresh JVMs per benchmark; 0 measures in this one
     * @param iterations measured iterations in each, after as many to warm up
     * @param iterationMillis length of an iteration, in milliseconds
     */
    public record Options(List<Integer> sizes, int forks, int iterations, long iterationMillis) {}

    private final Options options;
    private final Consumer<String> progress;

    /** A measurement that says what it is at to {@code progress}. */
    public PostBench(Options options, Consumer<String> progress) {
        this.options = options;
        this.progress = progress;
    }

    /** Measures all steps. */
    public PostBenchReport run() throws IOException {
        Machine machine = Machine.now();
        var jmh =
                new OptionsBuilder()
                        .include(PostProcessingBenchmark.class.getName() + ".*")
                        .param(
                                "candidates",
                                options.sizes().stream()
                                        .map(String::valueOf)
                                        .toArray(String[]::new))
                        .forks(options.forks())
                        .warmupIterations(options.iterations())
                        .warmupTime(TimeValue.milliseconds(options.iterationMillis()))
                        .measurementIterations(options.iterations())
                        .measurementTime(TimeValue.milliseconds(options.iterationMillis()))
                        .shouldFailOnError(true)
                        .verbosity(VerboseMode.SILENT)
                        .build();
        Collection<RunResult> results;
        try {
            results = new Runner(jmh, new ProgressFormat(progress)).run();
        } catch (RunnerException failure) {
            throw new IOException("The benchmark did not run", failure);
        }
        return new PostBenchReport(
                machine,
                options.forks(),
                options.iterations(),
                options.iterationMillis(),
                steps(results));
    }

    private static List<Step> steps(Collection<RunResult> results) {
        Map<String, Step> byName = new LinkedHashMap<>();
        for (RunResult run : results) {
            int size = Integer.parseInt(run.getParams().getParam("candidates"));
            String benchmark = run.getParams().getBenchmark();
            String name = benchmark.substring(benchmark.lastIndexOf('.') + 1);
            Result<?> result = run.getPrimaryResult();
            // JMH has no error for a single iteration.
            double error = Double.isNaN(result.getScoreError()) ? 0 : result.getScoreError();
            byName.put(name + size, new Step(name, size, result.getScore(), error));
        }
        List<Integer> sizes =
                byName.values().stream().map(Step::candidates).distinct().sorted().toList();
        List<Step> steps = new ArrayList<>();
        for (int size : sizes) {
            for (String name : STEPS) {
                Step step = byName.get(name + size);
                if (step != null) {
                    steps.add(step);
                }
            }
        }
        return steps;
    }

    /** Tells which benchmark runs, and nothing else. */
    private static final class ProgressFormat implements OutputFormat {

        private final Consumer<String> progress;
        private int started;

        ProgressFormat(Consumer<String> progress) {
            this.progress = progress;
        }

        @Override
        public void startBenchmark(BenchmarkParams benchmark) {
            started++;
            String name = benchmark.getBenchmark();
            progress.accept(
                    "%d: %s, %s candidates"
                            .formatted(
                                    started,
                                    name.substring(name.lastIndexOf('.') + 1),
                                    benchmark.getParam("candidates")));
        }

        @Override
        public void iteration(BenchmarkParams benchmark, IterationParams params, int iteration) {}

        @Override
        public void iterationResult(
                BenchmarkParams benchmark,
                IterationParams params,
                int iteration,
                IterationResult result) {}

        @Override
        public void endBenchmark(BenchmarkResult result) {}

        @Override
        public void startRun() {}

        @Override
        public void endRun(Collection<RunResult> results) {}

        @Override
        public void print(String text) {}

        @Override
        public void println(String text) {}

        @Override
        public void flush() {}

        @Override
        public void close() {}

        @Override
        public void verbosePrintln(String text) {}

        @Override
        public void write(int octet) {}

        @Override
        public void write(byte[] octets) {}
    }
}
