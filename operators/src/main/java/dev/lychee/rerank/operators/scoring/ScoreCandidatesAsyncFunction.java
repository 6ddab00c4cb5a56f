package dev.lychee.rerank.operators.scoring;

import dev.lychee.rerank.schemas.ImageReference;
import dev.lychee.rerank.schemas.ModelReference;
import dev.lychee.rerank.schemas.flow.ImageFailure;
import dev.lychee.rerank.schemas.flow.PairOutcome;
import dev.lychee.rerank.schemas.flow.ScoreItem;
import dev.lychee.rerank.schemas.flow.ScoreTask;
import dev.lychee.rerank.schemas.flow.ScoringOutcome;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import org.apache.flink.api.common.externalresource.ExternalResourceInfo;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.runtime.execution.SuppressRestartsException;
import org.apache.flink.streaming.api.functions.async.ResultFuture;
import org.apache.flink.streaming.api.functions.async.RichAsyncFunction;
import org.apache.flink.util.function.SerializableSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Scores the pairs of each task on the model that this TaskManager shares among its slots.
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

    static final String NO_QUERY_TEXT = "the model reads text only, and the query has none";
    static final String NO_DOCUMENT_TEXT = "the model reads text only, and the candidate has none";
    static final String PICTURE_NOT_READ = "not read: the model reads text only";

    /** Of a picture that the answer did not wait for. */
    static final String PICTURE_NOT_WAITED_FOR = "not-read";

    /** Before what is wrong with the query's picture, in the mark of a pair. */
    static final String QUERY_PICTURE = "query-";

    /** Pictures of one task that are told of in dead letters; all are counted. */
    private static final int MAX_REPORTED_FAILURES = 10;

    private static final int MAX_SOURCE_CHARS = 1_024;

    private final ScorerFactory factory;
    private final ScoringSettings settings;
    private final long timeoutMillis;
    private final SerializableSupplier<SharedScorers> sharedScorers;

    private transient SharedScorers.@Nullable Lease lease;
    private transient @Nullable ScoringMetrics metrics;
    private transient @Nullable Map<ResultFuture<ScoringOutcome>, CompletableFuture<TaskScores>>
            unanswered;
    private transient volatile boolean closed;

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
        List<ScorerSpec> specs =
                devices().stream()
                        .map(
                                device ->
                                        new ScorerSpec(
                                                settings.packagePath(),
                                                settings.precision(),
                                                device,
                                                settings.threads()))
                        .toList();
        SharedScorers scorers = sharedScorers.get();
        SharedScorers.Lease acquired;
        try {
            acquired = scorers.acquire(specs, settings.limits(), factory, settings.lingerMillis());
        } catch (InvalidModelPackageException e) {
            throw new SuppressRestartsException(e);
        }
        lease = acquired;
        closed = false;
        unanswered = new ConcurrentHashMap<>();
        metrics =
                new ScoringMetrics(
                        getRuntimeContext().getMetricGroup(), acquired.service(), scorers);
    }

    @Override
    public void asyncInvoke(ScoreTask task, ResultFuture<ScoringOutcome> resultFuture) {
        ScoringService service = Objects.requireNonNull(lease).service();
        ScorerDescription model = service.description();
        Map<ResultFuture<ScoringOutcome>, CompletableFuture<TaskScores>> open =
                Objects.requireNonNull(unanswered);
        CompletableFuture<TaskScores> scores = service.submit(request(task, model));
        open.put(resultFuture, scores);
        // Runs once, on whichever thread completes the scores: the model's, or the task's own when
        // they are there already or the operator's timeout comes first.
        var unused =
                scores.whenComplete(
                        (known, error) -> {
                            open.remove(resultFuture, scores);
                            answer(task, model, known, error, resultFuture);
                        });
    }

    @Override
    public void timeout(ScoreTask task, ResultFuture<ScoringOutcome> resultFuture) {
        ScoringService service = Objects.requireNonNull(lease).service();
        TaskScores late =
                TaskScores.failed(
                        readable(task, service.description()).size(),
                        "timed out after " + timeoutMillis + " ms");
        CompletableFuture<TaskScores> scores = Objects.requireNonNull(unanswered).get(resultFuture);
        if (scores == null) {
            // Answered at this very moment; Flink ignores a second completion.
            complete(resultFuture, outcome(task, service.description(), late));
        } else {
            // Completes the result through the same path as any answer, unless that came first.
            scores.complete(late);
        }
    }

    @Override
    public void close() {
        closed = true;
        Map<ResultFuture<ScoringOutcome>, CompletableFuture<TaskScores>> open = unanswered;
        if (open != null) {
            // Nobody reads these any more, and other jobs may use the model meanwhile.
            for (CompletableFuture<TaskScores> scores : List.copyOf(open.values())) {
                scores.cancel(false);
            }
            open.clear();
        }
        SharedScorers.Lease held = lease;
        lease = null;
        if (held != null) {
            held.close();
        }
    }

    private void answer(
            ScoreTask task,
            ScorerDescription model,
            @Nullable TaskScores scores,
            @Nullable Throwable error,
            ResultFuture<ScoringOutcome> resultFuture) {
        if (closed) {
            return;
        }
        TaskScores known =
                scores != null
                        ? scores
                        : TaskScores.failed(
                                readable(task, model).size(), "scoring ended: " + error);
        ScoringOutcome outcome = outcome(task, model, known);
        ScoringMetrics counted = metrics;
        if (counted != null) {
            counted.count(outcome);
            counted.count(known.pictures());
        }
        complete(resultFuture, outcome);
    }

    /** The items that the model can judge. */
    private static List<ScoreItem> readable(ScoreTask task, ScorerDescription model) {
        if (!isQueryReadable(task, model)) {
            return List.of();
        }
        List<ScoreItem> readable = new ArrayList<>(task.items().size());
        for (ScoreItem item : task.items()) {
            if (isReadable(item, model)) {
                readable.add(item);
            }
        }
        return readable;
    }

    private static boolean isQueryReadable(ScoreTask task, ScorerDescription model) {
        return !task.query().isBlank() || (readsPictures(model) && task.queryImage() != null);
    }

    private static boolean isReadable(ScoreItem item, ScorerDescription model) {
        return !item.document().isBlank() || (readsPictures(model) && !item.images().isEmpty());
    }

    private static boolean readsPictures(ScorerDescription model) {
        return model.images().kind() != ScorerImages.Kind.NONE;
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
            ScoreTask task, ScorerDescription model, TaskScores scores) {
        Iterator<PairScore> scored = scores.pairs().iterator();
        ReadPictures read = scores.pictures();
        Iterator<ReadPicture> pictures = read == null ? null : read.documents().iterator();
        boolean queryReadable = isQueryReadable(task, model);
        List<PairOutcome> pairs = new ArrayList<>(task.items().size());
        boolean anyScored = false;
        for (ScoreItem item : task.items()) {
            boolean readable = queryReadable && isReadable(item, model);
            PairScore score =
                    readable
                            ? scored.next()
                            : PairScore.failed(queryReadable ? NO_DOCUMENT_TEXT : NO_QUERY_TEXT);
            ReadPicture picture = readable && pictures != null ? pictures.next() : null;
            anyScored |= score.error() == null;
            pairs.add(
                    new PairOutcome(
                            item.position(),
                            score.error() == null,
                            score.logit(),
                            score.truncated(),
                            mark(task, item, model, read, picture),
                            Map.of(),
                            score.error(),
                            picture == null ? null : picture.use()));
        }
        return new ScoringOutcome(
                task.requestId(),
                task.envelopeId(),
                task.taskIndex(),
                anyScored ? model.fingerprint(task.instruction()) : "",
                anyScored ? List.of(new ModelReference(model.name(), model.version())) : List.of(),
                model.temperature(),
                pairs,
                scores.queueMillis(),
                scores.scoreMillis(),
                scores.busyMillis(),
                scores.degraded(),
                failures(task, model, read));
    }

    /** What the result says of a pair's pictures; null when it has none. */
    private static @Nullable String mark(
            ScoreTask task,
            ScoreItem item,
            ScorerDescription model,
            @Nullable ReadPictures read,
            @Nullable ReadPicture picture) {
        if (item.images().isEmpty() && task.queryImage() == null) {
            return null;
        }
        if (!readsPictures(model)) {
            return PICTURE_NOT_READ;
        }
        if (read == null) {
            return PICTURE_NOT_WAITED_FOR;
        }
        String own = picture == null ? null : picture.status();
        String query = read.query().status();
        boolean queryFailed = query != null && !query.equals(ReadPicture.OK);
        return queryFailed && (own == null || own.equals(ReadPicture.OK))
                ? QUERY_PICTURE + query
                : own;
    }

    private static List<ImageFailure> failures(
            ScoreTask task, ScorerDescription model, @Nullable ReadPictures read) {
        if (read == null) {
            return List.of();
        }
        List<ImageFailure> failures = new ArrayList<>();
        addFailures(failures, ImageFailure.QUERY, read.query());
        List<ScoreItem> items = readable(task, model);
        for (int i = 0; i < items.size(); i++) {
            addFailures(failures, items.get(i).position(), read.documents().get(i));
        }
        return failures;
    }

    private static void addFailures(
            List<ImageFailure> failures, int position, ReadPicture picture) {
        for (ReadPicture.Failure failure : picture.failures()) {
            if (failures.size() < MAX_REPORTED_FAILURES) {
                failures.add(
                        new ImageFailure(
                                position,
                                failure.index(),
                                failure.problem().code(),
                                failure.message(),
                                source(failure.reference())));
            }
        }
    }

    private static String source(ImageReference reference) {
        String text =
                reference.uri() == null ? String.valueOf(reference.base64()) : reference.uri();
        return text.length() <= MAX_SOURCE_CHARS ? text : text.substring(0, MAX_SOURCE_CHARS);
    }

    private ScoringRequest request(ScoreTask task, ScorerDescription model) {
        List<ScoreItem> items = readable(task, model);
        boolean pictures = readsPictures(model);
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
                task.instruction(),
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
}
