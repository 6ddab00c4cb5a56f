package dev.lychee.rerank.operators.scoring;

import dev.lychee.rerank.schemas.ImageReference;
import dev.lychee.rerank.schemas.flow.PairOutcome;
import dev.lychee.rerank.schemas.flow.ScoreItem;
import dev.lychee.rerank.schemas.flow.ScoreTask;
import dev.lychee.rerank.schemas.flow.ScoringOutcome;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.ToDoubleFunction;
import org.apache.flink.api.common.externalresource.ExternalResourceInfo;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.metrics.MetricGroup;
import org.apache.flink.runtime.execution.SuppressRestartsException;
import org.apache.flink.streaming.api.functions.async.ResultFuture;
import org.apache.flink.streaming.api.functions.async.RichAsyncFunction;
import org.apache.flink.util.function.SerializableSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Scores the pairs of each task on the models that this TaskManager shares among its slots. Where a
 * profile names aspects or several models, each pair is asked several questions, whose answers make
 * one score ({@link ScoringPlan}).
 *
 * <p><b>State.</b> None of its own: tasks that are not answered are entries of Flink's async
 * operator, which snapshots them and hands them in again after a restore. So give the operator a
 * capacity of several batches, and do not lean on the order of its outcomes.
 *
 * <p><b>Time.</b> {@link #asyncInvoke} returns at once. A task past its deadline, and one that
 * reaches the operator's timeout, is answered with every missing pair failed.
 *
 * <p><b>Failure.</b> Every task gets exactly one outcome; nothing that a task holds fails the job.
 * A wrong model package ends the job without restarts, because a restart would find it as wrong. A
 * broken device ends the TaskManager, rather than leave everything unscored from then on.
 */
public final class ScoreCandidatesAsyncFunction
        extends RichAsyncFunction<ScoreTask, ScoringOutcome> {

    private static final Logger LOG = LoggerFactory.getLogger(ScoreCandidatesAsyncFunction.class);

    /** Name of Flink's external resource whose property {@code index} names a GPU. */
    private static final String GPU_RESOURCE = "gpu";

    private final ScorerFactory factory;
    private final ScoringSettings settings;
    private final long timeoutMillis;
    private final SerializableSupplier<SharedScorers> sharedScorers;

    private transient @Nullable Models models;
    private transient @Nullable Map<ResultFuture<ScoringOutcome>, Asked> unanswered;
    private transient volatile boolean closed;

    /** What a task asks, and the answers that come, one per question of the plan. */
    private record Asked(ScoringPlan plan, List<CompletableFuture<TaskScores>> answers) {}

    /**
     * @param factory loads the model
     * @param settings which model, where, and how its batches are formed
     * @param timeoutMillis the timeout that the async operator was given, in milliseconds; told to
     *     readers of the outcome
     */
    public ScoreCandidatesAsyncFunction(
            ScorerFactory factory, ScoringSettings settings, long timeoutMillis) {
        this(factory, settings, timeoutMillis, SharedScorers::instance);
    }

    ScoreCandidatesAsyncFunction(
            ScorerFactory factory,
            ScoringSettings settings,
            long timeoutMillis,
            SerializableSupplier<SharedScorers> sharedScorers) {
        this.factory = factory;
        this.settings = settings;
        this.timeoutMillis = timeoutMillis;
        this.sharedScorers = sharedScorers;
    }

    @Override
    public void open(OpenContext openContext) throws Exception {
        Models acquired = new Models();
        models = acquired;
        closed = false;
        unanswered = new ConcurrentHashMap<>();
        List<String> devices = devices();
        SharedScorers scorers = sharedScorers.get();
        try {
            for (String folder : settings.packages()) {
                List<ScorerSpec> specs =
                        devices.stream()
                                .map(
                                        device ->
                                                new ScorerSpec(
                                                        folder,
                                                        settings.precision(),
                                                        device,
                                                        settings.threads()))
                                .toList();
                acquired.add(
                        scorers.acquire(specs, settings.limits(), factory, settings.lingerMillis()),
                        getRuntimeContext().getMetricGroup(),
                        scorers);
            }
        } catch (InvalidModelPackageException e) {
            throw new SuppressRestartsException(e);
        }
    }

    @Override
    public void asyncInvoke(ScoreTask task, ResultFuture<ScoringOutcome> resultFuture) {
        Models loaded = Objects.requireNonNull(models);
        Map<ResultFuture<ScoringOutcome>, Asked> open = Objects.requireNonNull(unanswered);
        ScoringPlan plan = ScoringPlan.of(task, loaded.descriptions());
        List<CompletableFuture<TaskScores>> answers = new ArrayList<>();
        for (ScoringPlan.Question question : plan.questions()) {
            answers.add(loaded.service(question).submit(request(task, question)));
        }
        Asked asked = new Asked(plan, answers);
        open.put(resultFuture, asked);
        // Runs once, on whichever thread completes the last answer: a model's, or the task's own
        // when they are there already or the operator's timeout comes first.
        var unused =
                CompletableFuture.allOf(answers.toArray(CompletableFuture[]::new))
                        .whenComplete(
                                (done, error) -> {
                                    open.remove(resultFuture, asked);
                                    answer(task, asked, resultFuture);
                                });
    }

    @Override
    public void timeout(ScoreTask task, ResultFuture<ScoringOutcome> resultFuture) {
        String late = "timed out after " + timeoutMillis + " ms";
        Asked asked = Objects.requireNonNull(unanswered).get(resultFuture);
        if (asked == null) {
            // Answered at this very moment; Flink ignores a second completion.
            ScoringPlan plan = ScoringPlan.of(task, Objects.requireNonNull(models).descriptions());
            complete(resultFuture, outcome(task, plan, allFailed(task, plan, late)));
        } else {
            // Completes the result through the same path as any answer, unless that came first.
            List<TaskScores> failed = allFailed(task, asked.plan(), late);
            for (int i = 0; i < failed.size(); i++) {
                asked.answers().get(i).complete(failed.get(i));
            }
        }
    }

    @Override
    public void close() {
        closed = true;
        Map<ResultFuture<ScoringOutcome>, Asked> open = unanswered;
        if (open != null) {
            // Nobody reads these any more, and other jobs may use the models meanwhile.
            for (Asked asked : List.copyOf(open.values())) {
                asked.answers().forEach(answer -> answer.cancel(false));
            }
            open.clear();
        }
        Models held = models;
        models = null;
        if (held != null) {
            held.close();
        }
    }

    private void answer(ScoreTask task, Asked asked, ResultFuture<ScoringOutcome> resultFuture) {
        Models loaded = models;
        if (closed || loaded == null) {
            return;
        }
        ScoringPlan plan = asked.plan();
        List<TaskScores> scores = new ArrayList<>();
        for (int i = 0; i < plan.questions().size(); i++) {
            ScorerDescription model = plan.questions().get(i).model();
            scores.add(
                    asked.answers()
                            .get(i)
                            .handle(
                                    (known, error) ->
                                            error == null
                                                    ? known
                                                    : failed(
                                                            task, model, "scoring ended: " + error))
                            .join());
        }
        ScoringOutcome outcome = outcome(task, plan, scores);
        loaded.count(plan, outcome, scores);
        complete(resultFuture, outcome);
    }

    private static List<TaskScores> allFailed(ScoreTask task, ScoringPlan plan, String error) {
        return plan.questions().stream()
                .map(question -> failed(task, question.model(), error))
                .toList();
    }

    private static TaskScores failed(ScoreTask task, ScorerDescription model, String error) {
        return TaskScores.failed(TaskAnswers.readable(task, model).size(), error);
    }

    private static void complete(
            ResultFuture<ScoringOutcome> resultFuture, ScoringOutcome outcome) {
        try {
            resultFuture.complete(List.of(outcome));
        } catch (RejectedExecutionException e) {
            // The task was cancelled meanwhile; its input is replayed from the checkpoint.
            LOG.debug("An outcome came after the task ended", e);
        }
    }

    private static ScoringOutcome outcome(
            ScoreTask task, ScoringPlan plan, List<TaskScores> scores) {
        List<TaskAnswers> answers = new ArrayList<>();
        for (int i = 0; i < scores.size(); i++) {
            answers.add(new TaskAnswers(task, plan.questions().get(i).model(), scores.get(i)));
        }
        // All that read pictures read the same.
        TaskAnswers seen =
                answers.stream()
                        .filter(TaskAnswers::readsPictures)
                        .findFirst()
                        .orElse(answers.get(0));
        List<PairOutcome> pairs = new ArrayList<>(task.items().size());
        boolean anyScored = false;
        for (ScoreItem item : task.items()) {
            List<PairScore> ofPair = new ArrayList<>(answers.size());
            for (TaskAnswers each : answers) {
                ofPair.add(each.next(item));
            }
            PairOutcome pair = plan.pair(item.position(), seen.mark(item), seen.use(), ofPair);
            anyScored |= pair.scored();
            pairs.add(pair);
        }
        return new ScoringOutcome(
                task.requestId(),
                task.envelopeId(),
                task.taskIndex(),
                anyScored ? plan.fingerprint() : "",
                anyScored ? plan.models() : List.of(),
                plan.modelTemperature(),
                pairs,
                longest(scores, TaskScores::queueMillis),
                longest(scores, TaskScores::scoreMillis),
                longest(scores, TaskScores::busyMillis),
                scores.stream().flatMap(each -> each.degraded().stream()).distinct().toList(),
                seen.failures(),
                plan.mixture(),
                plan.notes());
    }

    private static double longest(List<TaskScores> scores, ToDoubleFunction<TaskScores> time) {
        return scores.stream().mapToDouble(time).max().orElse(0);
    }

    private ScoringRequest request(ScoreTask task, ScoringPlan.Question question) {
        List<ScoreItem> items = TaskAnswers.readable(task, question.model());
        boolean pictures = question.model().readsPictures();
        List<PairSide> documents = new ArrayList<>(items.size());
        int[] ranks = new int[items.size()];
        boolean ranked = settings.degradeUnderLoad();
        for (int i = 0; i < ranks.length; i++) {
            documents.add(
                    new PairSide(
                            items.get(i).document(), pictures ? items.get(i).images() : List.of()));
            ranks[i] = items.get(i).retrievalRank();
            // Unknown in tasks that an earlier version left in a savepoint.
            ranked &= ranks[i] > 0;
        }
        ImageReference queryImage = pictures ? task.queryImage() : null;
        return new ScoringRequest(
                question.instruction(),
                new PairSide(task.query(), queryImage == null ? List.of() : List.of(queryImage)),
                documents,
                ranked ? ranks : new int[0],
                task.candidates(),
                settings.ignoreDeadlines() ? Long.MAX_VALUE : task.deadlineMillis());
    }

    /** The devices of this TaskManager that its slots share out. */
    private List<String> devices() {
        if (settings.device() == ScoringSettings.DevicePreference.CPU) {
            return List.of("cpu");
        }
        List<String> indexes =
                getRuntimeContext().getExternalResourceInfos(GPU_RESOURCE).stream()
                        .map(ScoreCandidatesAsyncFunction::index)
                        .sorted()
                        .toList();
        if (!indexes.isEmpty()) {
            return indexes.stream().map(index -> "gpu:" + index).toList();
        }
        if (settings.device() == ScoringSettings.DevicePreference.GPU) {
            throw new SuppressRestartsException(
                    new IllegalStateException(
                            "A GPU is asked for, but Flink gives this TaskManager none: set"
                                    + " external-resources: gpu and external-resource.gpu.amount,"
                                    + " or ask for device auto or cpu."));
        }
        return List.of("cpu");
    }

    private static String index(ExternalResourceInfo gpu) {
        return gpu.getProperty("index").orElse("0");
    }

    /** The models of this subtask, by name, the one that is asked by default first. */
    private static final class Models {

        private final Map<String, SharedScorers.Lease> leases = new LinkedHashMap<>();
        private final Map<String, ScorerDescription> descriptions = new LinkedHashMap<>();
        private final Map<String, ScoringMetrics> metrics = new LinkedHashMap<>();

        void add(SharedScorers.Lease lease, MetricGroup group, SharedScorers scorers)
                throws InvalidModelPackageException {
            ScorerDescription model = lease.service().description();
            if (leases.putIfAbsent(model.name(), lease) != null) {
                lease.close();
                throw new InvalidModelPackageException(
                        "Two model packages are named %s; profiles could not tell them apart."
                                .formatted(model.name()));
            }
            descriptions.put(model.name(), model);
            metrics.put(model.name(), new ScoringMetrics(group, lease.service(), scorers));
        }

        Map<String, ScorerDescription> descriptions() {
            return descriptions;
        }

        ScoringService service(ScoringPlan.Question question) {
            return Objects.requireNonNull(leases.get(question.model().name())).service();
        }

        /** Counts for each model that was asked; of its questions the first one's pictures. */
        void count(ScoringPlan plan, ScoringOutcome outcome, List<TaskScores> scores) {
            Set<String> counted = new HashSet<>();
            for (int i = 0; i < scores.size(); i++) {
                String name = plan.questions().get(i).model().name();
                if (counted.add(name)) {
                    ScoringMetrics ofModel = Objects.requireNonNull(metrics.get(name));
                    ofModel.count(outcome);
                    ofModel.count(scores.get(i).pictures());
                }
            }
        }

        void close() {
            leases.values().forEach(SharedScorers.Lease::close);
        }
    }
}
