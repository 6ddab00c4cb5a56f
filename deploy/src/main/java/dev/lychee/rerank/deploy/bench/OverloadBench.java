package dev.lychee.rerank.deploy.bench;

import dev.lychee.rerank.deploy.bench.OverloadBenchReport.Part;
import dev.lychee.rerank.deploy.bench.OverloadBenchReport.Second;
import dev.lychee.rerank.deploy.bench.PipelineLoad.Answer;
import dev.lychee.rerank.deploy.bench.PipelineLoad.Phase;
import dev.lychee.rerank.deploy.bench.Workload.Query;
import dev.lychee.rerank.deploy.local.LocalStack;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * More load than the job can score, then less: how many sets are answered by their deadline, how,
 * and how soon results are whole again.
 *
 * <p>No pair comes twice, so that no cache helps.
 */
public final class OverloadBench {

    /** Results in a row that must be whole before the job counts as recovered. */
    static final int RECOVERED_RESULTS = 20;

    private static final long SEED = 3;

    /**
     * What to measure.
     *
     * @param model name of the model, or of its stand-in
     * @param minSetSize fewest pairs in a set
     * @param maxSetSize most pairs in a set
     * @param deadlineMillis of each set under load
     * @param outstanding sets that are open at once while the capacity is measured
     * @param capacityFor how long the capacity is measured, after half of that to warm up
     * @param overload load over capacity
     * @param overloadFor how long
     * @param relief load over capacity afterwards
     * @param reliefFor how long
     */
    public record Options(
            String model,
            int minSetSize,
            int maxSetSize,
            long deadlineMillis,
            int outstanding,
            Duration capacityFor,
            double overload,
            Duration overloadFor,
            double relief,
            Duration reliefFor) {}

    private final Options options;
    private final Consumer<String> progress;

    /** A measurement that says what it is at to {@code progress}. */
    public OverloadBench(Options options, Consumer<String> progress) {
        this.options = options;
        this.progress = progress;
    }

    /**
     * Measures a stack whose job runs.
     *
     * @param stopped whether the user no longer wants it
     * @throws InterruptedException soon after {@code stopped}
     */
    public OverloadBenchReport run(LocalStack stack, BooleanSupplier stopped)
            throws IOException, InterruptedException {
        Machine machine = Machine.now();
        Supplier<Query> sets = Workload.fresh(options.minSetSize(), options.maxSetSize(), SEED);
        try (PipelineLoad load = PipelineLoad.connect(stack, stopped)) {
            progress.accept("Warming up ...");
            load.closedLoop(sets, options.outstanding(), options.capacityFor().dividedBy(2));
            progress.accept("Capacity");
            PipelineLoad.Window window =
                    load.closedLoop(sets, options.outstanding(), options.capacityFor());
            double capacity = window.pairsPerSecond();
            if (capacity <= 0) {
                throw new IOException("No result came in time: the capacity is not known");
            }
            progress.accept(
                    "%.1f x %,.0f pairs/s for %d s, then %.1f x for %d s"
                            .formatted(
                                    options.overload(),
                                    capacity,
                                    options.overloadFor().toSeconds(),
                                    options.relief(),
                                    options.reliefFor().toSeconds()));
            List<Answer> answers = new ArrayList<>();
            PipelineLoad.Outcome outcome =
                    load.openLoop(
                            sets,
                            options.deadlineMillis(),
                            List.of(
                                    new Phase(options.overload() * capacity, options.overloadFor()),
                                    new Phase(options.relief() * capacity, options.reliefFor())),
                            answers::add);
            return report(machine, capacity, window.answers(), answers, outcome.lostAt());
        }
    }

    private OverloadBenchReport report(
            Machine machine,
            double capacity,
            List<Answer> unloaded,
            List<Answer> answers,
            List<Double> lostAt) {
        double fall = options.overloadFor().toMillis() / 1e3;
        double end = fall + options.reliefFor().toMillis() / 1e3;
        return new OverloadBenchReport(
                machine,
                options.model(),
                options.minSetSize(),
                options.maxSetSize(),
                options.deadlineMillis(),
                capacity,
                (int) unloaded.stream().filter(answer -> !answer.receipt().isWhole()).count(),
                part("overload", options.overload(), 0, fall, answers, lostAt),
                part("relief", options.relief(), fall, end, answers, lostAt),
                Recovery.seconds(answers, fall, RECOVERED_RESULTS),
                fall,
                seconds(answers, lostAt, (int) Math.ceil(end)));
    }

    /** The sets that were sent between two moments. */
    private Part part(
            String name,
            double load,
            double from,
            double to,
            List<Answer> answers,
            List<Double> lostAt) {
        List<Answer> sentThen =
                answers.stream()
                        .filter(each -> each.sentSeconds() >= from && each.sentSeconds() < to)
                        .toList();
        int lost = (int) lostAt.stream().filter(sent -> sent >= from && sent < to).count();
        Map<String, Integer> statuses = new TreeMap<>();
        Map<String, Integer> degraded = new TreeMap<>();
        List<Double> ages = new ArrayList<>();
        long pairs = 0;
        int inTime = 0;
        int whole = 0;
        for (Answer answer : sentThen) {
            statuses.merge(answer.receipt().status(), 1, Integer::sum);
            for (String entry : answer.receipt().degraded()) {
                degraded.merge(entry, 1, Integer::sum);
            }
            ages.add((double) answer.ageMillis());
            pairs += answer.pairs();
            inTime += isInTime(answer) ? 1 : 0;
            whole += answer.receipt().isWhole() ? 1 : 0;
        }
        int sent = sentThen.size() + lost;
        return new Part(
                name,
                load,
                pairs / (to - from),
                sent,
                lost,
                sent == 0 ? 0 : (double) inTime / sent,
                sent == 0 ? 0 : (double) whole / sent,
                ages.isEmpty() ? 0 : Spread.percentile(ages, 0.5),
                ages.isEmpty() ? 0 : Spread.percentile(ages, 0.99),
                statuses,
                degraded);
    }

    private List<Second> seconds(List<Answer> answers, List<Double> lostAt, int count) {
        int[] sent = new int[count];
        int[] inTime = new int[count];
        int[] complete = new int[count];
        int[] degraded = new int[count];
        for (Answer answer : answers) {
            int second = Math.min(count - 1, (int) answer.sentSeconds());
            sent[second]++;
            inTime[second] += isInTime(answer) ? 1 : 0;
            complete[second] += answer.receipt().status().equals(Receipt.COMPLETE) ? 1 : 0;
            degraded[second] += answer.receipt().degraded().isEmpty() ? 0 : 1;
        }
        for (double lost : lostAt) {
            sent[Math.min(count - 1, (int) lost)]++;
        }
        List<Second> seconds = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            seconds.add(new Second(i, sent[i], inTime[i], complete[i], degraded[i]));
        }
        return seconds;
    }

    private boolean isInTime(Answer answer) {
        return answer.ageMillis() <= options.deadlineMillis();
    }
}
