package dev.lychee.rerank.operators.scoring;

import dev.lychee.rerank.operators.assembly.TokenEstimate;
import dev.lychee.rerank.operators.scoring.Computation.Taker;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Scores pairs of all callers in a JVM on one {@link Scorer}: a thread or more tokenize, one
 * long-lived thread runs the model. Of a model that is served elsewhere that thread begins requests
 * and takes their answers, as many at once as {@link RemoteLimits} say, and waits for none.
 *
 * <p><b>State.</b> Owns the scorer and the threads. Pairs wait in memory only: whoever submits must
 * be able to submit again after a failure, as Flink's async operator does with its input. Scores
 * are kept in a cache; a pair that is asked for while it is computed waits for that computation.
 * Neither takes a pair through the tokenizer or the model.
 *
 * <p><b>Time.</b> Work with a deadline comes before work without, which has every eighth turn, and
 * among its like the earliest deadline comes first. From its submission a pair waits at most the
 * batch delay for its batch to fill, plus the batches before it. A task that cannot be computed by
 * its deadline is asked for less ({@link Degradation}); one past its deadline is answered without
 * waiting for the model. Tokenizing runs ahead of the model by some batches, no further.
 *
 * <p><b>Failure.</b> Every submission is answered exactly once. A batch that fails is split in
 * halves until the pair that fails is alone; only that pair is answered with an error. Others that
 * waited for its computation get one of their own. When the device has too little memory the
 * batches that follow are smaller, for a while. When many batches in a row give no score at all,
 * the service scores a pair of its own, so as not to take bad texts for a bad device; when that
 * fails too, the device is reported as broken and nothing is scored any more. An endpoint that is
 * down leaves its pairs unscored, without halving and without such consequences.
 */
public final class ScoringService implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(ScoringService.class);

    static final String DEADLINE_PASSED = "deadline passed before scoring";
    static final String CLOSED = "the scorer was closed before this pair was scored";

    /** Both texts of the pair that tells a broken device from bad texts. */
    static final String PROBE = "a";

    /** Why a pair has no score that was left out under load. */
    static final String LEFT_OUT = "left out under load; see degraded";

    private static final int[] NOT_RANKED = {};

    /** Pairs that may wait for an answer; beyond, submissions are answered with an error. */
    static final int MAX_OPEN_PAIRS = 200_000;

    /** Tokenized ahead of the model, for each class; the more, the better lengths match. */
    private static final int BATCHES_AHEAD = 32;

    private static final int SHARE_OF_BUDGET_FOR_PACE = 4;

    /** Weight of the last pass in the running mean of the model's pace. */
    private static final double PACE_WEIGHT = 0.1;

    private static final int PAIRS_PER_HANDOVER = 32;
    private static final int MAX_ERROR_CHARS = 300;

    /** Batches that must succeed before a budget that was cut for lack of memory grows again. */
    static final int BATCHES_BEFORE_GROWTH = 500;

    private final Scorer scorer;
    private final ScorerDescription description;
    private final ServiceLimits limits;
    private final @Nullable RemoteLimits remote;
    private final Thread.UncaughtExceptionHandler brokenDevice;
    private final ScoringClock clock;
    private final @Nullable ScoreCache cache;
    private final @Nullable PictureReader pictures;
    private final ScoringStats stats = new ScoringStats();
    private final BatchSizing sizing;
    private final BusyTime busyTime = new BusyTime();
    private final List<Thread> tokenizerThreads = new ArrayList<>();
    private final Thread inferenceThread;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition tokenizerWork = lock.newCondition();
    private final Condition inferenceWork = lock.newCondition();

    // Guarded by lock.
    private final ArrayDeque<ScoringTask> arrived = new ArrayDeque<>();
    private final Set<ScoringTask> open = new LinkedHashSet<>();
    private final TreeSet<ScoringTask> openByDeadline =
            new TreeSet<>(Comparator.comparing((ScoringTask task) -> task.urgency));
    private final Batcher<Computation> batcher;
    private final ArrayDeque<Runnable> endedPasses = new ArrayDeque<>();

    /** What pairs may still join; no entries without a cache. */
    private final Map<ScoreKey, Computation> underWay = new HashMap<>();

    private long arrivals;
    private @Nullable String stopped;

    /** Time per estimated token of a pair, the mean of late; 0 until a pass says more. */
    private volatile double nanosPerEstimatedToken;

    /** What is still to be tokenized. */
    private final UrgencyQueue<Claim> claims = new UrgencyQueue<>();

    // Of the inference thread alone.
    private int budget;
    private int batchesWithinBudget;
    private int passesUnderWay;
    private final ArrayDeque<List<Computation>> again = new ArrayDeque<>();
    private @Nullable Throwable lastFailure;

    /**
     * Takes over the scorer and starts.
     *
     * @param scorer closed by {@link #close}
     * @param limits how batches are formed, and how many may fail
     * @param clock the time by which delays and deadlines pass
     * @param brokenDevice is told once, with a {@link BrokenDeviceException}, by the thread that
     *     runs the model, before the pairs that wait are answered; may end the process
     */
    public ScoringService(
            Scorer scorer,
            ServiceLimits limits,
            ScoringClock clock,
            Thread.UncaughtExceptionHandler brokenDevice) {
        this.scorer = scorer;
        this.description = scorer.description();
        this.limits = limits;
        this.remote = scorer.remoteLimits();
        this.clock = clock;
        this.brokenDevice = brokenDevice;
        // A score that another batch gave may differ in its last bits.
        this.cache =
                limits.cacheBytes() == 0 || limits.deterministic()
                        ? null
                        : new ScoreCache(limits.cacheBytes());
        this.pictures = PictureReader.of(scorer, limits.images());
        this.sizing = BatchSizing.of(scorer, limits, clock);
        this.nanosPerEstimatedToken = sizing.nanosPerToken();
        this.batcher = batcher();
        this.budget = sizing.maxBatchTokens();
        String suffix = description.name() + "-" + description.device();
        for (int i = 0; i < tokenizerThreads(description.device()); i++) {
            tokenizerThreads.add(
                    thread("lychee-tokenize-" + suffix + "-" + i, this::tokenizeUntilStopped));
        }
        this.inferenceThread = thread("lychee-score-" + suffix, this::scoreUntilStopped);
        tokenizerThreads.forEach(Thread::start);
        inferenceThread.start();
    }

    private Batcher<Computation> batcher() {
        if (remote != null) {
            return new SingleTaskBatcher<>(sizing.maxBatchTokens(), computation -> 1);
        }
        if (limits.deterministic()) {
            return new SingleTaskBatcher<>(sizing.maxBatchTokens(), Computation::tokens);
        }
        return new TokenBudgetBatcher<>(
                sizing.maxBatchTokens(),
                TimeUnit.MILLISECONDS.toNanos(limits.batches().maxBatchDelayMillis()),
                sizing.overheadTokens(),
                Computation::tokens,
                scorer::shape);
    }

    /** One where the model needs the cores itself; some more to keep a GPU fed. */
    private static int tokenizerThreads(String device) {
        int cores = Runtime.getRuntime().availableProcessors();
        return device.equals("cpu") ? 1 : Math.max(1, Math.min(4, cores / 4));
    }

    /** What is loaded, and where it runs. */
    public ScorerDescription description() {
        return description;
    }

    /** Counts since the start. */
    public ScoringStats.Snapshot stats() {
        return stats.snapshot();
    }

    /** Scores in the cache, about; 0 without a cache. */
    public long cachedScores() {
        return cache == null ? 0 : cache.size();
    }

    /** What the scorer reports of itself. */
    public Map<String, Supplier<Object>> gauges() {
        return scorer.gauges();
    }

    /**
     * Most padded tokens of a forward pass, as asked for or as measured; most pairs of a request
     * where the model is served elsewhere.
     */
    public int maxBatchTokens() {
        return sizing.maxBatchTokens();
    }

    /**
     * Hands over documents to be scored; returns at once. They are never degraded under load.
     *
     * @see #submit(ScoringRequest)
     */
    public CompletableFuture<TaskScores> submit(
            @Nullable String instruction,
            String query,
            List<String> documents,
            long deadlineMillis) {
        return submit(
                new ScoringRequest(
                        instruction,
                        query,
                        documents,
                        NOT_RANKED,
                        documents.size(),
                        deadlineMillis));
    }

    /**
     * Hands over documents to be scored; returns at once.
     *
     * <p>The future never fails: what went wrong stands in the pairs. It is completed by one of the
     * service's threads, so what depends on it must not block. A caller that no longer needs the
     * answer may complete or cancel the future; pairs not yet scored are then dropped.
     */
    public CompletableFuture<TaskScores> submit(ScoringRequest request) {
        if (request.documents().isEmpty()) {
            return CompletableFuture.completedFuture(
                    new TaskScores(List.of(), 0.0, 0.0, 0.0, List.of()));
        }
        int[] estimates = estimates(request);
        PictureReader reader = request.hasPictures() ? pictures : null;
        ScoringTask task;
        long nowMillis;
        String refusal = null;
        lock.lock();
        try {
            long now = clock.nanoTime();
            nowMillis = clock.epochMillis();
            // One number for the task and one for each of its pairs.
            long number = arrivals;
            arrivals += 1 + request.documents().size();
            task =
                    new ScoringTask(
                            number,
                            request,
                            estimates,
                            degradation(request, estimates, nowMillis),
                            now,
                            busyTime.until(now));
            if (stopped != null) {
                refusal = stopped;
            } else if (request.deadlineMillis() <= nowMillis) {
                refusal = DEADLINE_PASSED;
            } else if (stats.queueDepth.get() + task.size() > MAX_OPEN_PAIRS) {
                refusal =
                        "the scorer's queue is full: "
                                + stats.queueDepth.get()
                                + " pairs are not answered yet";
            } else {
                open.add(task);
                if (!task.urgency.isBulk()) {
                    openByDeadline.add(task);
                }
                stats.queueDepth.addAndGet(task.size());
                if (reader == null) {
                    arrived.add(task);
                }
                // Also without: it may be the next to expire.
                tokenizerWork.signal();
            }
        } finally {
            lock.unlock();
        }
        if (refusal == null) {
            if (!task.degradation.steps().isEmpty()) {
                stats.tasksDegraded.increment();
            }
            // Also when the caller completes it; the dependent future itself is of no use.
            var unused = task.answer.whenComplete((scores, error) -> forget(task));
            if (reader != null) {
                readPictures(reader, task, request.deadlineMillis() - nowMillis);
            }
        } else {
            finish(task, refusal);
        }
        return task.answer;
    }

    /** Lets the task go on when its pictures are there, or have been waited for long enough. */
    private void readPictures(PictureReader reader, ScoringTask task, long millisLeft) {
        var unused =
                reader.read(task.request, millisLeft)
                        .thenAccept(
                                read -> {
                                    task.setPictures(read);
                                    lock.lock();
                                    try {
                                        if (stopped == null && !task.answer.isDone()) {
                                            arrived.add(task);
                                            tokenizerWork.signal();
                                        }
                                    } finally {
                                        lock.unlock();
                                    }
                                });
    }

    private int[] estimates(ScoringRequest request) {
        int query = estimate(request.query());
        int[] estimates = new int[request.documents().size()];
        for (int i = 0; i < estimates.length; i++) {
            estimates[i] = query + estimate(request.documents().get(i));
        }
        return estimates;
    }

    private int estimate(PairSide side) {
        int text = TokenEstimate.of(side.text());
        return side.images().isEmpty() ? text : text + description.images().tokens();
    }

    /**
     * What the task goes without, given the work that is due no later. The caller holds the lock.
     */
    private Degradation degradation(ScoringRequest request, int[] estimates, long nowMillis) {
        int[] ranks = request.ranks();
        double pace = nanosPerEstimatedToken;
        if (ranks.length == 0 || request.deadlineMillis() == Long.MAX_VALUE || pace == 0) {
            return Degradation.none(estimates.length);
        }
        long backlog = 0;
        for (ScoringTask earlier : openByDeadline) {
            if (earlier.urgency.deadlineMillis() > request.deadlineMillis()) {
                break;
            }
            backlog += earlier.openEstimate();
        }
        double turns = (double) UrgencyQueue.BULK_TURN / (UrgencyQueue.BULK_TURN - 1);
        boolean sharesWithBulk = open.size() > openByDeadline.size();
        double[] nanos = new double[estimates.length];
        for (int i = 0; i < nanos.length; i++) {
            nanos[i] = pace * Math.min(estimates[i], description.maxTokens());
        }
        return Degradation.choose(
                ranks,
                request.candidates(),
                nanos,
                pace * backlog * (sharesWithBulk ? turns : 1),
                1e6 * (request.deadlineMillis() - nowMillis));
    }

    /** Answers everything outstanding with an error, ends the threads and closes the scorer. */
    @Override
    public void close() {
        stop(CLOSED);
        tokenizerThreads.forEach(ScoringService::joinUninterruptibly);
        joinUninterruptibly(inferenceThread);
        if (pictures != null) {
            pictures.close();
        }
        scorer.close();
    }

    private void stop(String reason) {
        List<ScoringTask> unanswered;
        lock.lock();
        try {
            if (stopped == null) {
                stopped = reason;
            }
            unanswered = new ArrayList<>(open);
            arrived.clear();
            batcher.clear();
            claims.clear();
            underWay.clear();
            tokenizerWork.signalAll();
            inferenceWork.signalAll();
        } finally {
            lock.unlock();
        }
        for (ScoringTask task : unanswered) {
            finish(task, reason);
        }
    }

    // ------------------------------------------------------------ tokenizer thread

    private void tokenizeUntilStopped() {
        while (true) {
            ScoringTask task;
            Claim claim = null;
            List<ScoringTask> expired;
            lock.lock();
            try {
                expired = takeExpired();
                if (stopped != null) {
                    return;
                }
                // What is known is answered at once, however far the model is behind.
                task = arrived.poll();
                if (task == null) {
                    claim =
                            claims.poll(
                                    batcher.interactiveTokens() < tokensAhead(),
                                    batcher.bulkTokens() < tokensAhead());
                }
                if (task == null && claim == null && expired.isEmpty()) {
                    clock.await(tokenizerWork, nanosToNextDeadline());
                }
            } catch (InterruptedException e) {
                throw new IllegalStateException("Nobody interrupts the tokenizer thread", e);
            } finally {
                lock.unlock();
            }
            for (ScoringTask late : expired) {
                finish(late, DEADLINE_PASSED);
            }
            if (task != null && !task.answer.isDone()) {
                List<Computation> computations = cache == null ? each(task) : claim(task, cache);
                if (!computations.isEmpty()) {
                    enqueue(new Claim(task, computations));
                }
            }
            if (claim != null) {
                tokenize(claim);
            }
        }
    }

    private void enqueue(Claim claim) {
        lock.lock();
        try {
            claims.add(claim.task.urgency, claim);
        } finally {
            lock.unlock();
        }
    }

    private void tokenize(Claim claim) {
        ScoringTask task = claim.task;
        List<Computation> wanted = wanted(claim.computations);
        if (wanted.isEmpty()) {
            return;
        }
        EncodedQuery query;
        try {
            query = scorer.encodeQuery(task.request.instruction(), task.query());
        } catch (RuntimeException e) {
            PairScore failed = PairScore.failed(bounded("the query could not be tokenized", e));
            for (Computation computation : wanted) {
                deliver(conclude(computation), failed);
            }
            return;
        }
        // All at once where batches are formed of the whole task.
        int perHandover =
                limits.deterministic() || remote != null ? wanted.size() : PAIRS_PER_HANDOVER;
        List<Computation> ready = new ArrayList<>(Math.min(perHandover, wanted.size()));
        for (Computation computation : wanted) {
            try {
                computation.pair = scorer.encodePair(query, computation.document);
                ready.add(computation);
            } catch (RuntimeException e) {
                deliver(
                        conclude(computation),
                        PairScore.failed(bounded("the document could not be tokenized", e)));
            }
            if (ready.size() == perHandover) {
                handOver(ready, task.submittedNanos);
                ready.clear();
            }
        }
        handOver(ready, task.submittedNanos);
    }

    /**
     * Those of the computations that somebody waits for and that are not tokenized yet; ends those
     * that nobody waits for.
     */
    private List<Computation> wanted(List<Computation> computations) {
        List<Computation> wanted = new ArrayList<>(computations.size());
        lock.lock();
        try {
            for (Computation computation : computations) {
                // Two tasks may bring the same one here.
                if (computation.stage == Computation.Stage.CLAIMED && isWanted(computation)) {
                    computation.stage = Computation.Stage.TOKENIZED;
                    wanted.add(computation);
                }
            }
        } finally {
            lock.unlock();
        }
        return wanted;
    }

    /** Ends the computation unless somebody waits for it. The caller holds the lock. */
    private boolean isWanted(Computation computation) {
        computation.takers.removeIf(taker -> taker.task().answer.isDone());
        if (computation.takers.isEmpty()) {
            end(computation);
            return false;
        }
        return true;
    }

    /** Nobody can join the computation any more. The caller holds the lock. */
    private void end(Computation computation) {
        computation.stage = Computation.Stage.ENDED;
        underWay.remove(computation.key, computation);
    }

    private List<Computation> each(ScoringTask task) {
        List<Computation> computations = new ArrayList<>(task.size());
        for (int i = 0; i < task.size(); i++) {
            String unreadable = task.unreadable(i);
            if (unreadable != null) {
                deliver(task, i, PairScore.failed(unreadable));
            } else if (task.degradation.computed()[i]) {
                computations.add(new Computation(null, task, i));
            } else {
                deliver(task, i, PairScore.failed(LEFT_OUT));
            }
        }
        return computations;
    }

    /**
     * Answers what is known, joins what is being computed, and gives what is to be tokenized: the
     * computations that this task begins, and those it joins before they are tokenized, since they
     * may be due earlier now.
     */
    private List<Computation> claim(ScoringTask task, ScoreCache known) {
        int documents = task.size();
        ScoreKey.Maker keys =
                new ScoreKey.Maker(
                        description.fingerprint(task.request.instruction()), task.query());
        ScoreKey[] keyOf = new ScoreKey[documents];
        for (int i = 0; i < documents; i++) {
            keyOf[i] = keys.of(task.document(i));
        }
        boolean[] computed = task.degradation.computed();
        @Nullable PairScore[] found = new PairScore[documents];
        List<Computation> computations = new ArrayList<>();
        int begun = 0;
        int leftOut = 0;
        for (int i = 0; i < documents; i++) {
            String unreadable = task.unreadable(i);
            if (unreadable != null) {
                found[i] = PairScore.failed(unreadable);
                leftOut++;
            }
        }
        lock.lock();
        try {
            for (int i = 0; i < documents; i++) {
                if (found[i] != null) {
                    continue;
                }
                Computation joined = computed[i] ? underWay.get(keyOf[i]) : null;
                if (joined != null) {
                    join(joined, task, i);
                    if (joined.stage == Computation.Stage.CLAIMED) {
                        computations.add(joined);
                    }
                    continue;
                }
                // Looked up second: a score is kept before its computation ends.
                found[i] = known.get(keyOf[i]);
                if (found[i] == null && !computed[i]) {
                    found[i] = PairScore.failed(LEFT_OUT);
                    leftOut++;
                } else if (found[i] == null) {
                    Computation computation = new Computation(keyOf[i], task, i);
                    underWay.put(keyOf[i], computation);
                    computations.add(computation);
                    begun++;
                }
            }
        } finally {
            lock.unlock();
        }
        stats.cacheMisses.add(begun);
        stats.cacheHits.add(documents - begun - leftOut);
        for (int i = 0; i < documents; i++) {
            PairScore score = found[i];
            if (score != null) {
                deliver(task, i, score);
            }
        }
        return computations;
    }

    /** The computation is due when the first who waits for it is. The caller holds the lock. */
    private void join(Computation computation, ScoringTask task, int index) {
        computation.takers.add(new Taker(task, index));
        if (task.urgency.deadlineMillis() < computation.urgency.deadlineMillis()) {
            computation.urgency =
                    new Urgency(task.urgency.deadlineMillis(), computation.urgency.number());
            batcher.promote(computation, computation.urgency);
        }
    }

    private void handOver(List<Computation> ready, long sinceNanos) {
        if (ready.isEmpty()) {
            return;
        }
        List<Batcher.Arrival<Computation>> arrivals = new ArrayList<>(ready.size());
        lock.lock();
        try {
            for (Computation computation : ready) {
                arrivals.add(new Batcher.Arrival<>(computation, computation.urgency));
            }
            batcher.add(arrivals, sinceNanos);
            inferenceWork.signal();
        } finally {
            lock.unlock();
        }
    }

    private long tokensAhead() {
        int passes = remote == null ? BATCHES_AHEAD : Math.max(BATCHES_AHEAD, remote.requests());
        return (long) passes * sizing.maxBatchTokens();
    }

    // ------------------------------------------------------------ inference thread

    private void scoreUntilStopped() {
        while (true) {
            Runnable ended;
            List<Computation> batch = null;
            List<ScoringTask> expired;
            boolean free = passesUnderWay < (remote == null ? 1 : remote.requests());
            boolean whole = again.isEmpty();
            lock.lock();
            try {
                if (stopped != null) {
                    return;
                }
                long now = clock.nanoTime();
                expired = takeExpired();
                ended = endedPasses.poll();
                if (ended == null && free) {
                    batch = whole ? batcher.poll(now) : again.poll();
                }
                if (batch != null) {
                    tokenizerWork.signal();
                } else if (ended == null && expired.isEmpty()) {
                    clock.await(inferenceWork, free ? batcher.nanosUntilDue(now) : Long.MAX_VALUE);
                }
            } catch (InterruptedException e) {
                throw new IllegalStateException("Nobody interrupts the inference thread", e);
            } finally {
                lock.unlock();
            }
            for (ScoringTask late : expired) {
                finish(late, DEADLINE_PASSED);
            }
            if (ended != null) {
                ended.run();
            }
            if (batch != null) {
                dropUnwanted(batch);
                if (!batch.isEmpty()) {
                    busyTime.begin(clock.nanoTime());
                    scoreOrSplit(batch, whole);
                    busyTime.end(clock.nanoTime());
                    checkDevice();
                }
            }
        }
    }

    /** Ends the service when so many batches failed in a row that the device may be the reason. */
    private void checkDevice() {
        int failed = stats.failedInARow.get();
        Throwable failure = lastFailure;
        if (remote != null
                || limits.maxFailedBatches() == 0
                || failed < limits.maxFailedBatches()
                || failure == null) {
            return;
        }
        try {
            float logit =
                    scorer.score(
                                    List.of(
                                            scorer.encodePair(
                                                    scorer.encodeQuery(null, PROBE), PROBE)))[0];
            if (!Float.isFinite(logit)) {
                throw new IllegalStateException("the model gave " + logit);
            }
        } catch (Throwable t) {
            String sentence =
                    bounded(
                            String.format(
                                    Locale.ROOT,
                                    "Device %s could not score a pair of the last %d"
                                            + " batches of model %s, nor one that is known"
                                            + " to be good",
                                    description.device(),
                                    failed,
                                    description.name()),
                            t);
            LOG.error("{}; nothing is scored any more", sentence);
            brokenDevice.uncaughtException(
                    Thread.currentThread(), new BrokenDeviceException(sentence, t));
            stop(sentence);
            return;
        }
        LOG.warn(
                "No pair of the last {} batches of model {} could be scored, but {} is well: {}",
                failed,
                description.name(),
                description.device(),
                bounded("the last of them failed", failure));
        stats.failedInARow.set(0);
    }

    /**
     * Answers every pair of the batch, later if the model is served elsewhere; {@code whole} unless
     * it is a part of one that failed.
     */
    private void scoreOrSplit(List<Computation> batch, boolean whole) {
        List<EncodedPair> pairs = new ArrayList<>(batch.size());
        for (Computation computation : batch) {
            pairs.add(computation.pair());
        }
        long start = clock.nanoTime();
        CompletableFuture<PassScores> pass;
        try {
            pass = scorer.begin(pairs, () -> anyWanted(batch));
        } catch (Throwable t) {
            pass = CompletableFuture.failedFuture(t);
        }
        if (pass.isDone()) {
            endPass(batch, whole, start, pass);
            return;
        }
        passesUnderWay++;
        busyTime.begin(start);
        CompletableFuture<PassScores> ended = pass;
        var unused =
                ended.whenComplete(
                        (scores, failure) ->
                                handBack(
                                        () -> {
                                            endPass(batch, whole, start, ended);
                                            passesUnderWay--;
                                            busyTime.end(clock.nanoTime());
                                        }));
    }

    /** Gives a pass that has ended to the inference thread. */
    private void handBack(Runnable endedPass) {
        lock.lock();
        try {
            endedPasses.add(endedPass);
            inferenceWork.signal();
        } finally {
            lock.unlock();
        }
    }

    /** Answers what a pass that has ended tells; pairs of one that failed are tried in halves. */
    private void endPass(
            List<Computation> batch,
            boolean whole,
            long start,
            CompletableFuture<PassScores> pass) {
        int longest = 0;
        long tokens = 0;
        long estimate = 0;
        for (Computation computation : batch) {
            longest = Math.max(longest, computation.tokens());
            tokens += computation.tokens();
            estimate += computation.estimate;
        }
        long padded = remote == null ? scorer.shape(batch.size(), longest).tokens() : tokens;
        PassScores scores;
        try {
            scores = pass.join();
            if (scores.logits().length != batch.size()) {
                throw new IllegalStateException(
                        "the model gave "
                                + scores.logits().length
                                + " scores for "
                                + batch.size()
                                + " pairs");
            }
        } catch (Throwable t) {
            Throwable failure =
                    t instanceof CompletionException && t.getCause() != null ? t.getCause() : t;
            countForward(takersOf(batch), start, clock.nanoTime());
            lastFailure = failure;
            if (whole) {
                stats.failedInARow.incrementAndGet();
            }
            if (failure instanceof ScorerUnavailableException) {
                leaveUnscored(batch, failure);
                return;
            }
            if (batch.size() > 1 && remote == null && isOutOfMemory(failure)) {
                changeBudget((int) Math.min(budget, padded) / 2);
            }
            splitAfterFailure(batch, failure);
            return;
        }
        float[] logits = scores.logits();
        long end = clock.nanoTime();
        List<List<Taker>> takers = takersOf(batch);
        countForward(takers, start, end);
        countFailures(logits, whole);
        // A small pass says more of what it costs beforehand than of how fast tokens go.
        long size = remote == null ? padded : batch.size();
        if (size * SHARE_OF_BUDGET_FOR_PACE >= budget || nanosPerEstimatedToken == 0) {
            // Requests under way at the same time share the server.
            countPace((double) (end - start) / estimate / Math.max(1, passesUnderWay));
        }
        if (budget < sizing.maxBatchTokens() && ++batchesWithinBudget == BATCHES_BEFORE_GROWTH) {
            changeBudget((int) Math.min(sizing.maxBatchTokens(), 2L * budget));
        }
        stats.batches.increment();
        stats.batchTokens.add(tokens);
        stats.paddedTokens.add(padded);
        for (int i = 0; i < logits.length; i++) {
            Computation computation = batch.get(i);
            if (Float.isFinite(logits[i])) {
                for (Taker taker : takers.get(i)) {
                    stats.queueNanos.add(Math.max(0, start - taker.task().submittedNanos));
                }
                PairScore score = PairScore.scored(logits[i], computation.pair().truncated());
                if (cache != null && computation.key != null) {
                    cache.put(computation.key, score);
                }
                deliver(conclude(computation), score);
            } else {
                String reason = scores.reasons().get(i);
                fail(
                        computation,
                        reason != null ? reason : "the model gave " + logits[i] + " for this pair");
            }
        }
    }

    private void countPace(double nanosPerToken) {
        double before = nanosPerEstimatedToken;
        nanosPerEstimatedToken =
                before == 0 ? nanosPerToken : before + PACE_WEIGHT * (nanosPerToken - before);
    }

    /** A pass without a score is as good as one that failed. */
    private void countFailures(float[] logits, boolean whole) {
        for (float logit : logits) {
            if (Float.isFinite(logit)) {
                stats.failedInARow.set(0);
                return;
            }
        }
        lastFailure = new IllegalStateException("the model gave " + logits[0]);
        if (whole) {
            stats.failedInARow.incrementAndGet();
        }
    }

    /** Answers every pair with the failure, which would be the same for each. */
    private void leaveUnscored(List<Computation> batch, Throwable failure) {
        PairScore failed = PairScore.failed(bounded("not scored", failure));
        if (stats.failedInARow.get() <= 1) {
            LOG.warn(
                    "{} pairs of model {} are left unscored, and more may be: {}",
                    batch.size(),
                    description.name(),
                    failed.error());
        }
        for (Computation computation : batch) {
            deliver(conclude(computation), failed);
        }
    }

    private void splitAfterFailure(List<Computation> batch, Throwable failure) {
        if (batch.size() == 1) {
            Computation alone = batch.get(0);
            String error = bounded("the model failed on this pair", failure);
            LOG.warn("A pair of {} tokens is left unscored: {}", alone.tokens(), error);
            fail(alone, error);
            return;
        }
        LOG.warn(
                "A batch of {} pairs failed and is tried again in halves: {}",
                batch.size(),
                bounded("the model failed", failure));
        int middle = batch.size() / 2;
        for (List<Computation> half :
                List.of(batch.subList(0, middle), batch.subList(middle, batch.size()))) {
            List<Computation> wanted = new ArrayList<>(half);
            dropUnwanted(wanted);
            if (!wanted.isEmpty()) {
                tryAgain(wanted);
            }
        }
    }

    /**
     * Answers the first that waits for the pair with the error; the others get a computation of
     * their own, which is their last.
     */
    private void fail(Computation computation, String error) {
        PairScore failed = PairScore.failed(error);
        List<Taker> takers = conclude(computation);
        takers.removeIf(taker -> taker.task().answer.isDone());
        if (computation.last || takers.size() < 2) {
            deliver(takers, failed);
            return;
        }
        deliver(takers.subList(0, 1), failed);
        tryAgain(List.of(new Computation(computation, takers.subList(1, takers.size()))));
    }

    /** Scores a part of a batch that failed: at once, or when a request may begin. */
    private void tryAgain(List<Computation> part) {
        if (remote == null) {
            scoreOrSplit(part, false);
        } else {
            again.add(new ArrayList<>(part));
        }
    }

    /** Takes out of the batch what nobody waits for any more. */
    private void dropUnwanted(List<Computation> batch) {
        lock.lock();
        try {
            batch.removeIf(computation -> !isWanted(computation));
        } finally {
            lock.unlock();
        }
    }

    private boolean anyWanted(List<Computation> batch) {
        lock.lock();
        try {
            for (Computation computation : batch) {
                for (Taker taker : computation.takers) {
                    if (!taker.task().answer.isDone()) {
                        return true;
                    }
                }
            }
            return false;
        } finally {
            lock.unlock();
        }
    }

    /** Those who wait for each pair now; more may join. */
    private List<List<Taker>> takersOf(List<Computation> batch) {
        List<List<Taker>> takers = new ArrayList<>(batch.size());
        lock.lock();
        try {
            for (Computation computation : batch) {
                takers.add(List.copyOf(computation.takers));
            }
        } finally {
            lock.unlock();
        }
        return takers;
    }

    /** Ends a computation, which nobody can join any more; gives those who wait for it. */
    private List<Taker> conclude(Computation computation) {
        lock.lock();
        try {
            end(computation);
            return new ArrayList<>(computation.takers);
        } finally {
            lock.unlock();
        }
    }

    /** Fewer tokens after the device ran out of memory, more when that is long ago. */
    private void changeBudget(int tokens) {
        budget = Math.max(1, tokens);
        batchesWithinBudget = 0;
        LOG.warn(
                "Batches of model {} on {} hold {} tokens at most from now on, of {} allowed",
                description.name(),
                description.device(),
                budget,
                limits.batches().maxBatchTokens());
        lock.lock();
        try {
            batcher.setMaxBatchTokens(budget);
        } finally {
            lock.unlock();
        }
    }

    private static boolean isOutOfMemory(Throwable failure) {
        for (Throwable t = failure; t != null; t = t.getCause()) {
            String message = t.getMessage();
            if (t instanceof OutOfMemoryError
                    || (message != null
                            && message.toLowerCase(Locale.ROOT).contains("out of memory"))) {
                return true;
            }
        }
        return false;
    }

    private void countForward(List<List<Taker>> takers, long start, long end) {
        stats.inferenceNanos.add(end - start);
        Set<ScoringTask> tasks = new LinkedHashSet<>();
        for (List<Taker> ofPair : takers) {
            for (Taker taker : ofPair) {
                tasks.add(taker.task());
            }
        }
        for (ScoringTask task : tasks) {
            task.countForward(start, end);
        }
    }

    // ------------------------------------------------------------ answers

    private void deliver(List<Taker> takers, PairScore score) {
        for (Taker taker : takers) {
            deliver(taker.task(), taker.index(), score);
        }
    }

    private void deliver(ScoringTask task, int index, PairScore score) {
        if (task.put(index, score)) {
            finish(task, CLOSED);
        }
    }

    /** Answers the task unless it is answered; pairs without a score get the error. */
    private void finish(ScoringTask task, String errorOfMissing) {
        long now = clock.nanoTime();
        TaskScores scores = task.finish(errorOfMissing, now, busyTime.until(now));
        if (scores == null) {
            return;
        }
        // Counted first, so that whoever has the answer finds it in the counts.
        long failed = scores.pairs().stream().filter(pair -> pair.error() != null).count();
        stats.pairsFailed.add(failed);
        stats.pairsScored.add(scores.pairs().size() - failed);
        forget(task);
        task.answer.complete(scores);
    }

    private void forget(ScoringTask task) {
        lock.lock();
        try {
            if (open.remove(task)) {
                openByDeadline.remove(task);
                stats.queueDepth.addAndGet(-task.size());
            }
        } finally {
            lock.unlock();
        }
    }

    /** The caller holds the lock, and answers the tasks after releasing it. */
    private List<ScoringTask> takeExpired() {
        if (openByDeadline.isEmpty()
                || openByDeadline.first().urgency.deadlineMillis() > clock.epochMillis()) {
            return List.of();
        }
        long now = clock.epochMillis();
        List<ScoringTask> expired = new ArrayList<>();
        while (!openByDeadline.isEmpty()
                && openByDeadline.first().urgency.deadlineMillis() <= now) {
            ScoringTask late = openByDeadline.first();
            openByDeadline.remove(late);
            expired.add(late);
        }
        return expired;
    }

    private long nanosToNextDeadline() {
        if (openByDeadline.isEmpty()) {
            return Long.MAX_VALUE;
        }
        long millis = openByDeadline.first().urgency.deadlineMillis() - clock.epochMillis();
        return TimeUnit.MILLISECONDS.toNanos(Math.max(1, millis));
    }

    // ------------------------------------------------------------ threads

    private Thread thread(String name, Runnable work) {
        Thread thread =
                new Thread(
                        () -> {
                            try {
                                work.run();
                            } catch (Throwable t) {
                                LOG.error("Thread {} ended; nothing is scored any more", name, t);
                                stop(bounded("the scorer ended", t));
                            }
                        },
                        name);
        thread.setDaemon(true);
        // Not the submitting job's loader: this thread outlives the job.
        thread.setContextClassLoader(ScoringService.class.getClassLoader());
        return thread;
    }

    private static void joinUninterruptibly(Thread thread) {
        boolean interrupted = false;
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private static String bounded(String what, Throwable cause) {
        Throwable root = cause;
        while (root.getCause() != null && root.getCause() != root) {
            root = root.getCause();
        }
        String message = root.getMessage();
        String text =
                message == null || message.isBlank()
                        ? root.getClass().getSimpleName()
                        : message.strip();
        // Engine errors carry a native stack trace below the first line.
        int line = text.indexOf('\n');
        if (line > 0) {
            text = text.substring(0, line);
        }
        if (text.length() > MAX_ERROR_CHARS) {
            text = text.substring(0, MAX_ERROR_CHARS) + "...";
        }
        return String.format(Locale.ROOT, "%s: %s", what, text);
    }

    /** What a task asks the tokenizer for. Others may wait for that too. */
    private record Claim(ScoringTask task, List<Computation> computations) {}
}
