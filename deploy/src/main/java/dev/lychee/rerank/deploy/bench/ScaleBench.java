package dev.lychee.rerank.deploy.bench;

import dev.lychee.rerank.deploy.bench.ScaleBenchReport.Step;
import dev.lychee.rerank.deploy.bench.Workload.Query;
import dev.lychee.rerank.deploy.local.FlinkProcesses;
import dev.lychee.rerank.deploy.local.LocalKafka;
import dev.lychee.rerank.deploy.local.LocalStack.Topics;
import dev.lychee.rerank.job.RerankJob;
import dev.lychee.rerank.job.RerankOptions;
import dev.lychee.rerank.operators.scoring.ScorerFactory;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.apache.flink.api.common.JobID;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.CoreOptions;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/**
 * The whole job on one TaskManager and on several, each a process of its own with a stand-in of its
 * own: what is lost when work is spread.
 *
 * <p>A stand-in takes no processor, so that TaskManagers on one machine do not take it from each
 * other; what they need beside it they do share.
 */
public final class ScaleBench {

    private static final long SEED = 4;

    /** So many that each source subtask has as many as any other, at 1 to 4 and 6 and 8 of them. */
    private static final int PARTITIONS = 24;

    private static final Duration WAIT_FOR_JOB = Duration.ofMinutes(2);
    private static final long CHECK_MILLIS = 200;
    private static final long STATUS_EVERY_NANOS = 1_000_000_000L;

    /** Name of the operator whose records are compared between TaskManagers. */
    private static final String SCORING = "score candidates";

    /**
     * What to measure.
     *
     * @param taskManagers how many, one number after the other, each greater than the one before
     * @param speed of the stand-in in each
     * @param factory makes the stand-in
     * @param setSize pairs in a set
     * @param outstanding sets that are open at once, for each TaskManager
     * @param window length of a measured window
     * @param rounds windows for each number of TaskManagers
     * @param options of the job and of Flink
     */
    public record Options(
            List<Integer> taskManagers,
            FixedSpeed speed,
            ScorerFactory factory,
            int setSize,
            int outstanding,
            Duration window,
            int rounds,
            Configuration options) {}

    private final Options options;
    private final Consumer<String> progress;

    /** A measurement that says what it is at to {@code progress}. */
    public ScaleBench(Options options, Consumer<String> progress) {
        this.options = options;
        this.progress = progress;
    }

    /**
     * Starts what is measured, measures it and ends it.
     *
     * @param stopped whether the user no longer wants it
     * @throws InterruptedException soon after {@code stopped}
     */
    public ScaleBenchReport run(BooleanSupplier stopped) throws IOException, InterruptedException {
        Machine machine = Machine.now();
        progress.accept("Starting Kafka and Flink ...");
        List<Step> steps = new ArrayList<>();
        try (LocalKafka kafka = LocalKafka.start();
                FlinkProcesses flink = FlinkProcesses.start(options.options())) {
            for (int count : options.taskManagers()) {
                progress.accept("Starting %d TaskManagers ...".formatted(count));
                while (flink.taskManagers() < count) {
                    flink.startTaskManager();
                }
                steps.add(measure(kafka, flink, count, steps, stopped));
            }
        }
        return new ScaleBenchReport(
                machine,
                options.speed().toString(),
                options.setSize(),
                options.outstanding(),
                options.window().toMillis() / 1e3,
                steps);
    }

    private Step measure(
            LocalKafka kafka,
            FlinkProcesses flink,
            int count,
            List<Step> before,
            BooleanSupplier stopped)
            throws IOException, InterruptedException {
        // A job of its own for each number: nothing that another one left is in its topics.
        Topics topics =
                new Topics(
                        "candidate-sets-" + count,
                        "reranked-results-" + count,
                        "dead-letters-" + count,
                        "control-" + count,
                        "control-replies-" + count,
                        "calibration-maps-" + count,
                        "interactions-" + count,
                        "experiment-results-" + count);
        topics.create(kafka, PARTITIONS);
        awaitTaskManagers(flink, count, stopped);
        JobID job = submit(kafka, flink, topics, count);
        awaitRunning(flink, job, stopped);

        List<Double> rates = new ArrayList<>();
        List<Double> coresHere = new ArrayList<>();
        List<Double> coresOfFlink = new ArrayList<>();
        Supplier<Query> sets = Workload.fresh(options.setSize(), options.setSize(), SEED);
        int outstanding = options.outstanding() * count;
        try (PipelineLoad load = PipelineLoad.connect(target(kafka, flink, topics, job), stopped)) {
            progress.accept("%d TaskManagers: warming up".formatted(count));
            load.closedLoop(sets, outstanding, options.window());
            for (int round = 1; round <= options.rounds(); round++) {
                progress.accept(
                        "%d TaskManagers: round %d of %d"
                                .formatted(count, round, options.rounds()));
                long start = System.nanoTime();
                long here = Machine.cpuNanos();
                long there = flink.cpuNanos();
                rates.add(load.closedLoop(sets, outstanding, options.window()).pairsPerSecond());
                double nanos = System.nanoTime() - start;
                coresHere.add((Machine.cpuNanos() - here) / nanos);
                coresOfFlink.add((flink.cpuNanos() - there) / nanos);
            }
        }
        flink.cancel(job);
        // Counts of a job that runs are some seconds old.
        List<Long> tasks = flink.recordsRead(job, SCORING);
        Spread rate = Spread.of(rates);
        double perTaskManager = rate.median() / count;
        double alone =
                before.isEmpty()
                        ? perTaskManager
                        : before.get(0).pairsPerSecond().median() / before.get(0).taskManagers();
        return new Step(
                count,
                rate,
                perTaskManager / alone,
                Collections.min(tasks),
                Collections.max(tasks),
                Spread.of(coresHere),
                Spread.of(coresOfFlink));
    }

    private JobID submit(LocalKafka kafka, FlinkProcesses flink, Topics topics, int parallelism)
            throws IOException {
        Configuration job = new Configuration(options.options());
        job.set(RerankOptions.KAFKA_BOOTSTRAP_SERVERS, kafka.bootstrapServers());
        job.set(RerankOptions.KAFKA_CANDIDATE_SETS, topics.candidateSets());
        job.set(RerankOptions.KAFKA_RERANKED_RESULTS, topics.rerankedResults());
        job.set(RerankOptions.KAFKA_DEAD_LETTERS, topics.deadLetters());
        job.set(RerankOptions.KAFKA_CONTROL, topics.control());
        job.set(RerankOptions.KAFKA_CONTROL_REPLIES, topics.controlReplies());
        job.set(RerankOptions.KAFKA_CALIBRATION_MAPS, topics.calibrationMaps());
        job.set(CoreOptions.DEFAULT_PARALLELISM, parallelism);
        StreamExecutionEnvironment environment = flink.environment(job);
        RerankJob.build(environment, job, options.factory());
        return flink.submit(environment, "lychee rerank on " + parallelism);
    }

    private static PipelineLoad.Target target(
            LocalKafka kafka, FlinkProcesses flink, Topics topics, JobID job) {
        return new PipelineLoad.Target() {
            private long asked = System.nanoTime();

            @Override
            public String bootstrapServers() {
                return kafka.bootstrapServers();
            }

            @Override
            public Topics topics() {
                return topics;
            }

            @Override
            public void requireRunning() throws IOException {
                flink.requireAlive();
                if (System.nanoTime() - asked > STATUS_EVERY_NANOS) {
                    asked = System.nanoTime();
                    flink.requireRunning(job);
                }
            }
        };
    }

    private static void awaitTaskManagers(FlinkProcesses flink, int count, BooleanSupplier stopped)
            throws IOException, InterruptedException {
        await(
                () -> flink.registeredTaskManagers() >= count,
                "The TaskManagers did not register",
                flink,
                stopped);
    }

    private static void awaitRunning(FlinkProcesses flink, JobID job, BooleanSupplier stopped)
            throws IOException, InterruptedException {
        await(() -> flink.allTasksRun(job), "The job did not start", flink, stopped);
    }

    /** Something that may become true. */
    private interface Condition {
        boolean holds() throws IOException;
    }

    private static void await(
            Condition condition, String otherwise, FlinkProcesses flink, BooleanSupplier stopped)
            throws IOException, InterruptedException {
        long start = System.nanoTime();
        while (!condition.holds()) {
            if (stopped.getAsBoolean()) {
                throw new InterruptedException("The measurement was stopped");
            }
            flink.requireAlive();
            if (System.nanoTime() - start > WAIT_FOR_JOB.toNanos()) {
                throw new IOException("%s in %d s".formatted(otherwise, WAIT_FOR_JOB.toSeconds()));
            }
            Thread.sleep(CHECK_MILLIS);
        }
    }
}
