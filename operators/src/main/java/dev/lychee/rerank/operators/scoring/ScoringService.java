package dev.lychee.rerank.operators.scoring;

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
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Scores pairs of all callers in a JVM on one {@link Scorer}: one thread tokenizes, one long-lived
 * thread runs the model.
 *
 * <p><b>State.</b> Owns the scorer and two threads. Pairs wait in memory only: whoever submits must
 * be able to submit again after a failure, as Flink's async operator does with its input. Scores
 * are kept in a cache; a pair that is asked for while it is computed waits for that computation.
 * Neither takes a pair through the tokenizer or the model.
 *
 * <p><b>Time.</b> From its submission a pair waits at most the batch delay for its batch to fill,
 * plus the batches before it. Tasks past their deadline are answered without waiting for the model.
 * Tokenizing runs ahead of the model by a few batches, no further.
 *
 * <p><b>Failure.</b> Every submission is answered exactly once. A batch that fails is split in
 * halves until the pair that fails is alone; only that pair is answered with an error. Others that
 * waited for its computation get one of their own. When the device has too little memory the
 * batches that follow are smaller, for a while. When many batches in a row give no score at all,
 * the service scores a pair of its own, so as not to take bad texts for a bad device; when that
 * fails too, the device is reported as broken and nothing is scored any more.
 */
public final class ScoringService implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(ScoringService.class);

    static final String DEADLINE_PASSED = "deadline passed before scoring";
    static final String CLOSED = "the scorer was closed before this pair was scored";

    /** Both texts of the pair that tells a broken device from bad texts. */
    static final String PROBE = "a";

    /** Pairs that may wait for an answer; beyond, submissions are answered with an error. */
    static final int MAX_OPEN_PAIRS = 200_000;

    private static final int BATCHES_AHEAD = 8;
    private static final int PAIRS_PER_HANDOVER = 32;
    private static final int MAX_ERROR_CHARS = 300;

    /** Batches that must succeed before a budget that was cut for lack of memory grows again. */
    static final int BATCHES_BEFORE_GROWTH = 500;

    private final Scorer scorer;
    private final ScorerDescription description;
    private final ServiceLimits limits;
    private final Thread.UncaughtExceptionHandler brokenDevice;
    private final ScoringClock clock;
    private final @Nullable ScoreCache cache;
    private final ScoringStats stats = new ScoringStats();
    private final Thread tokenizerThread;
    private final Thread inferenceThread;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition tokenizerWork = lock.newCondition();
    private final Condition inferenceWork = lock.newCondition();

    // Guarded by lock.
    private final ArrayDeque<Task> arrived = new ArrayDeque<>();
    private final Set<Task> open = new LinkedHashSet<>();
    private final TreeSet<Task> openByDeadline =
            new TreeSet<>(
                    Comparator.comparingLong((Task task) -> task.deadlineMillis)
                            .thenComparingLong(task -> task.number));
    private final TokenBudgetBatcher<PendingPair> batcher;

    /** What pairs may still join; no entries without a cache. */
    private final Map<ScoreKey, Computation> underWay = new HashMap<>();

    private long submissions;
    private @Nullable String stopped;

    /** What is still to be tokenized; of the tokenizer thread alone. */
    private final ArrayDeque<Claim> claims = new ArrayDeque<>();

    // Of the inference thread alone.
    private int budget;
    private int batchesWithinBudget;
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
        this.clock = clock;
        this.brokenDevice = brokenDevice;
        this.cache = limits.cacheBytes() == 0 ? null : new ScoreCache(limits.cacheBytes());
        this.batcher =
                new TokenBudgetBatcher<>(
                        limits.batches().maxBatchTokens(),
                        TimeUnit.MILLISECONDS.toNanos(limits.batches().maxBatchDelayMillis()),
                        pending -> pending.pair.tokens());
        this.budget = limits.batches().maxBatchTokens();
        String suffix = description.name() + "-" + description.device();
        this.tokenizerThread = thread("lychee-tokenize-" + suffix, this::tokenizeUntilStopped);
        this.inferenceThread = thread("lychee-score-" + suffix, this::scoreUntilStopped);
        tokenizerThread.start();
        inferenceThread.start();
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

    /**
     * Hands over documents to be scored; returns at once.
     *
     * <p>The future never fails: what went wrong stands in the pairs. It is completed by one of the
     * service's threads, so what depends on it must not block. A caller that no longer needs the
     * answer may complete or cancel the future; pairs not yet scored are then dropped.
     *
     * @param instruction what the model is asked to judge; null for the package's own
     * @param query the query text
     * @param documents the document texts
     * @param deadlineMillis epoch milliseconds after which the answer is of no use; {@link
     *     Long#MAX_VALUE} without a deadline
     */
    public CompletableFuture<TaskScores> submit(
            @Nullable String instruction,
            String query,
            List<String> documents,
            long deadlineMillis) {
        if (documents.isEmpty()) {
            return CompletableFuture.completedFuture(new TaskScores(List.of(), 0.0, 0.0));
        }
        Task task;
        String refusal = null;
        lock.lock();
        try {
            task =
                    new Task(
                            submissions++,
                            instruction,
                            query,
                            List.copyOf(documents),
                            deadlineMillis,
                            clock.nanoTime());
            if (stopped != null) {
                refusal = stopped;
            } else if (deadlineMillis <= clock.epochMillis()) {
                refusal = DEADLINE_PASSED;
            } else if (stats.queueDepth.get() + documents.size() > MAX_OPEN_PAIRS) {
                refusal =
                        "the scorer's queue is full: "
                                + stats.queueDepth.get()
                                + " pairs are not answered yet";
            } else {
                open.add(task);
                if (deadlineMillis != Long.MAX_VALUE) {
                    openByDeadline.add(task);
                }
                stats.queueDepth.addAndGet(documents.size());
                arrived.add(task);
                tokenizerWork.signal();
            }
        } finally {
            lock.unlock();
        }
        if (refusal == null) {
            // Also when the caller completes it; the dependent future itself is of no use.
            var unused = task.answer.whenComplete((scores, error) -> forget(task));
        } else {
            finish(task, refusal);
        }
        return task.answer;
    }

    /** Answers everything outstanding with an error, ends the threads and closes the scorer. */
    @Override
    public void close() {
        stop(CLOSED);
        joinUninterruptibly(tokenizerThread);
        joinUninterruptibly(inferenceThread);
        scorer.close();
    }

    private void stop(String reason) {
        List<Task> unanswered;
        lock.lock();
        try {
            if (stopped == null) {
                stopped = reason;
            }
            unanswered = new ArrayList<>(open);
            arrived.clear();
            batcher.drain();
            underWay.clear();
            tokenizerWork.signalAll();
            inferenceWork.signalAll();
        } finally {
            lock.unlock();
        }
        for (Task task : unanswered) {
            finish(task, reason);
        }
    }

    // ------------------------------------------------------------ tokenizer thread

    private void tokenizeUntilStopped() {
        while (true) {
            Task task;
            boolean ahead;
            List<Task> expired;
            lock.lock();
            try {
                expired = takeExpired();
                if (stopped != null) {
                    return;
                }
                task = arrived.poll();
                ahead = batcher.waitingTokens() >= tokensAhead();
                if (task == null && (claims.isEmpty() || ahead) && expired.isEmpty()) {
                    clock.await(tokenizerWork, nanosToNextDeadline());
                }
            } catch (InterruptedException e) {
                throw new IllegalStateException("Nobody interrupts the tokenizer thread", e);
            } finally {
                lock.unlock();
            }
            for (Task late : expired) {
                finish(late, DEADLINE_PASSED);
            }
            // What is known is answered at once, however far the model is behind.
            if (task != null && !task.answer.isDone()) {
                claims.add(new Claim(task, cache == null ? each(task) : claim(task, cache)));
            }
            if (!claims.isEmpty() && !ahead) {
                tokenize(claims.remove());
            }
        }
    }

    private void tokenize(Claim claim) {
        Task task = claim.task;
        List<Computation> computations = claim.computations;
        EncodedQuery query = null;
        for (int from = 0; from < computations.size(); from += PAIRS_PER_HANDOVER) {
            int to = Math.min(computations.size(), from + PAIRS_PER_HANDOVER);
            List<Computation> wanted = wanted(computations.subList(from, to));
            if (wanted.isEmpty()) {
                continue;
            }
            try {
                query = query == null ? scorer.encodeQuery(task.instruction, task.query) : query;
            } catch (RuntimeException e) {
                PairScore failed = PairScore.failed(bounded("the query could not be tokenized", e));
                for (Computation computation : computations.subList(from, computations.size())) {
                    deliver(conclude(computation), failed);
                }
                return;
            }
            List<PendingPair> ready = new ArrayList<>(wanted.size());
            for (Computation computation : wanted) {
                try {
                    String document = task.documents.get(computation.index);
                    ready.add(new PendingPair(computation, scorer.encodePair(query, document)));
                } catch (RuntimeException e) {
                    deliver(
                            conclude(computation),
                            PairScore.failed(bounded("the document could not be tokenized", e)));
                }
            }
            handOver(ready);
        }
    }

    /** Those of the computations that somebody waits for; ends the others. */
    private List<Computation> wanted(List<Computation> computations) {
        List<Computation> wanted = new ArrayList<>(computations.size());
        lock.lock();
        try {
            for (Computation computation : computations) {
                if (isWanted(computation)) {
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
        computation.takers.removeIf(taker -> taker.task.answer.isDone());
        if (computation.takers.isEmpty()) {
            underWay.remove(computation.key, computation);
            return false;
        }
        return true;
    }

    private static List<Computation> each(Task task) {
        List<Computation> computations = new ArrayList<>(task.documents.size());
        for (int i = 0; i < task.documents.size(); i++) {
            computations.add(new Computation(null, task, i));
        }
        return computations;
    }

    /** Answers what is known, joins what is being computed, and gives what is to be computed. */
    private List<Computation> claim(Task task, ScoreCache known) {
        int documents = task.documents.size();
        ScoreKey.Maker keys =
                new ScoreKey.Maker(description.fingerprint(task.instruction), task.query);
        ScoreKey[] keyOf = new ScoreKey[documents];
        for (int i = 0; i < documents; i++) {
            keyOf[i] = keys.of(task.documents.get(i));
        }
        @Nullable PairScore[] found = new PairScore[documents];
        List<Computation> computations = new ArrayList<>();
        lock.lock();
        try {
            for (int i = 0; i < documents; i++) {
                Computation joined = underWay.get(keyOf[i]);
                if (joined != null) {
                    joined.takers.add(new Taker(task, i));
                    continue;
                }
                // Looked up second: a score is kept before its computation ends.
                found[i] = known.get(keyOf[i]);
                if (found[i] == null) {
                    Computation computation = new Computation(keyOf[i], task, i);
                    underWay.put(keyOf[i], computation);
                    computations.add(computation);
                }
            }
        } finally {
            lock.unlock();
        }
        stats.cacheMisses.add(computations.size());
        stats.cacheHits.add(documents - computations.size());
        for (int i = 0; i < documents; i++) {
            PairScore score = found[i];
            if (score != null) {
                deliver(task, i, score);
            }
        }
        return computations;
    }

    private void handOver(List<PendingPair> ready) {
        lock.lock();
        try {
            for (PendingPair pending : ready) {
                // The delay counts from the submission, and tasks come here in that order.
                batcher.add(pending, pending.computation.sinceNanos);
            }
            inferenceWork.signal();
        } finally {
            lock.unlock();
        }
    }

    private long tokensAhead() {
        return (long) BATCHES_AHEAD * limits.batches().maxBatchTokens();
    }

    // ------------------------------------------------------------ inference thread

    private void scoreUntilStopped() {
        while (true) {
            List<PendingPair> batch;
            List<Task> expired;
            lock.lock();
            try {
                if (stopped != null) {
                    return;
                }
                long now = clock.nanoTime();
                expired = takeExpired();
                batch = batcher.poll(now);
                if (batch != null) {
                    tokenizerWork.signal();
                } else if (expired.isEmpty()) {
                    clock.await(inferenceWork, batcher.nanosUntilDue(now));
                }
            } catch (InterruptedException e) {
                throw new IllegalStateException("Nobody interrupts the inference thread", e);
            } finally {
                lock.unlock();
            }
            for (Task late : expired) {
                finish(late, DEADLINE_PASSED);
            }
            if (batch != null) {
                dropUnwanted(batch);
                if (!batch.isEmpty()) {
                    scoreOrSplit(batch, true);
                    checkDevice();
                }
            }
        }
    }

    /** Ends the service when so many batches failed in a row that the device may be the reason. */
    private void checkDevice() {
        int failed = stats.failedInARow.get();
        Throwable failure = lastFailure;
        if (limits.maxFailedBatches() == 0
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

    /** Answers every pair of the batch; {@code whole} unless it is a part of one that failed. */
    private void scoreOrSplit(List<PendingPair> batch, boolean whole) {
        List<EncodedPair> pairs = new ArrayList<>(batch.size());
        int longest = 0;
        long tokens = 0;
        for (PendingPair pending : batch) {
            pairs.add(pending.pair);
            longest = Math.max(longest, pending.pair.tokens());
            tokens += pending.pair.tokens();
        }
        long start = clock.nanoTime();
        float[] logits;
        try {
            logits = scorer.score(pairs);
            if (logits.length != batch.size()) {
                throw new IllegalStateException(
                        "the model gave "
                                + logits.length
                                + " scores for "
                                + batch.size()
                                + " pairs");
            }
        } catch (Throwable t) {
            countForward(takersOf(batch), start, clock.nanoTime());
            lastFailure = t;
            if (whole) {
                stats.failedInARow.incrementAndGet();
            }
            if (batch.size() > 1 && isOutOfMemory(t)) {
                changeBudget((int) Math.min(budget, (long) longest * batch.size()) / 2);
            }
            splitAfterFailure(batch, t);
            return;
        }
        long end = clock.nanoTime();
        List<List<Taker>> takers = takersOf(batch);
        countForward(takers, start, end);
        countFailures(logits, whole);
        if (budget < limits.batches().maxBatchTokens()
                && ++batchesWithinBudget == BATCHES_BEFORE_GROWTH) {
            changeBudget((int) Math.min(limits.batches().maxBatchTokens(), 2L * budget));
        }
        stats.batches.increment();
        stats.batchTokens.add(tokens);
        stats.paddedTokens.add((long) longest * batch.size());
        for (int i = 0; i < logits.length; i++) {
            PendingPair pending = batch.get(i);
            if (Float.isFinite(logits[i])) {
                for (Taker taker : takers.get(i)) {
                    stats.queueNanos.add(Math.max(0, start - taker.task.submittedNanos));
                }
                PairScore score = PairScore.scored(logits[i], pending.pair.truncated());
                ScoreKey key = pending.computation.key;
                if (cache != null && key != null) {
                    cache.put(key, score);
                }
                deliver(conclude(pending.computation), score);
            } else {
                fail(pending, "the model gave " + logits[i] + " for this pair");
            }
        }
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

    private void splitAfterFailure(List<PendingPair> batch, Throwable failure) {
        if (batch.size() == 1) {
            PendingPair alone = batch.get(0);
            String error = bounded("the model failed on this pair", failure);
            LOG.warn("A pair of {} tokens is left unscored: {}", alone.pair.tokens(), error);
            fail(alone, error);
            return;
        }
        LOG.warn(
                "A batch of {} pairs failed and is tried again in halves: {}",
                batch.size(),
                bounded("the model failed", failure));
        int middle = batch.size() / 2;
        for (List<PendingPair> half :
                List.of(batch.subList(0, middle), batch.subList(middle, batch.size()))) {
            List<PendingPair> wanted = new ArrayList<>(half);
            dropUnwanted(wanted);
            if (!wanted.isEmpty()) {
                scoreOrSplit(wanted, false);
            }
        }
    }

    /**
     * Answers the first that waits for the pair with the error; the others get a computation of
     * their own, which is their last.
     */
    private void fail(PendingPair pending, String error) {
        PairScore failed = PairScore.failed(error);
        Computation computation = pending.computation;
        List<Taker> takers = conclude(computation);
        takers.removeIf(taker -> taker.task.answer.isDone());
        if (computation.last || takers.size() < 2) {
            deliver(takers, failed);
            return;
        }
        deliver(takers.subList(0, 1), failed);
        Computation again = new Computation(computation, takers.subList(1, takers.size()));
        scoreOrSplit(List.of(new PendingPair(again, pending.pair)), false);
    }

    /** Takes out of the batch what nobody waits for any more. */
    private void dropUnwanted(List<PendingPair> batch) {
        lock.lock();
        try {
            batch.removeIf(pending -> !isWanted(pending.computation));
        } finally {
            lock.unlock();
        }
    }

    /** Those who wait for each pair now; more may join. */
    private List<List<Taker>> takersOf(List<PendingPair> batch) {
        List<List<Taker>> takers = new ArrayList<>(batch.size());
        lock.lock();
        try {
            for (PendingPair pending : batch) {
                takers.add(List.copyOf(pending.computation.takers));
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
            underWay.remove(computation.key, computation);
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
        Set<Task> tasks = new LinkedHashSet<>();
        for (List<Taker> ofPair : takers) {
            for (Taker taker : ofPair) {
                tasks.add(taker.task);
            }
        }
        for (Task task : tasks) {
            // Later than the start for one that joined meanwhile.
            long since = Math.max(start, task.submittedNanos);
            synchronized (task) {
                if (task.firstForwardNanos < 0) {
                    task.firstForwardNanos = since - task.submittedNanos;
                }
                task.scoreNanos += end - since;
            }
        }
    }

    // ------------------------------------------------------------ answers

    private void deliver(List<Taker> takers, PairScore score) {
        for (Taker taker : takers) {
            deliver(taker.task, taker.index, score);
        }
    }

    private void deliver(Task task, int index, PairScore score) {
        boolean last;
        synchronized (task) {
            if (task.scores[index] != null) {
                return;
            }
            task.scores[index] = score;
            task.missing--;
            last = task.missing == 0;
        }
        if (last) {
            finish(task, CLOSED);
        }
    }

    /** Answers the task unless it is answered; pairs without a score get the error. */
    private void finish(Task task, String errorOfMissing) {
        List<PairScore> pairs = new ArrayList<>(task.documents.size());
        double queueMillis;
        double scoreMillis;
        synchronized (task) {
            if (task.finished) {
                return;
            }
            task.finished = true;
            for (PairScore score : task.scores) {
                pairs.add(score == null ? PairScore.failed(errorOfMissing) : score);
            }
            long queued =
                    task.firstForwardNanos >= 0
                            ? task.firstForwardNanos
                            : clock.nanoTime() - task.submittedNanos;
            queueMillis = queued / 1e6;
            scoreMillis = task.scoreNanos / 1e6;
        }
        // Counted first, so that whoever has the answer finds it in the counts.
        long failed = pairs.stream().filter(pair -> pair.error() != null).count();
        stats.pairsFailed.add(failed);
        stats.pairsScored.add(pairs.size() - failed);
        forget(task);
        task.answer.complete(new TaskScores(pairs, queueMillis, scoreMillis));
    }

    private void forget(Task task) {
        lock.lock();
        try {
            if (open.remove(task)) {
                openByDeadline.remove(task);
                stats.queueDepth.addAndGet(-task.documents.size());
            }
        } finally {
            lock.unlock();
        }
    }

    /** The caller holds the lock, and answers the tasks after releasing it. */
    private List<Task> takeExpired() {
        if (openByDeadline.isEmpty()
                || openByDeadline.first().deadlineMillis > clock.epochMillis()) {
            return List.of();
        }
        long now = clock.epochMillis();
        List<Task> expired = new ArrayList<>();
        while (!openByDeadline.isEmpty() && openByDeadline.first().deadlineMillis <= now) {
            Task late = openByDeadline.first();
            openByDeadline.remove(late);
            expired.add(late);
        }
        return expired;
    }

    private long nanosToNextDeadline() {
        if (openByDeadline.isEmpty()) {
            return Long.MAX_VALUE;
        }
        long millis = openByDeadline.first().deadlineMillis - clock.epochMillis();
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

    /** One submission. The mutable fields are guarded by the task's monitor. */
    private static final class Task {
        final long number;
        final @Nullable String instruction;
        final String query;
        final List<String> documents;
        final long deadlineMillis;
        final long submittedNanos;
        final CompletableFuture<TaskScores> answer = new CompletableFuture<>();
        final @Nullable PairScore[] scores;
        int missing;
        boolean finished;
        long firstForwardNanos = -1;
        long scoreNanos;

        Task(
                long number,
                @Nullable String instruction,
                String query,
                List<String> documents,
                long deadlineMillis,
                long submittedNanos) {
            this.number = number;
            this.instruction = instruction;
            this.query = query;
            this.documents = documents;
            this.deadlineMillis = deadlineMillis;
            this.submittedNanos = submittedNanos;
            this.scores = new PairScore[documents.size()];
            this.missing = documents.size();
        }
    }

    /** A pair of a task that waits for a computation. */
    private record Taker(Task task, int index) {}

    /** A score that is to be computed, and who waits for it. */
    private static final class Computation {
        /** Null without a cache. */
        final @Nullable ScoreKey key;

        /** Which document of the task that began it. */
        final int index;

        final long sinceNanos;

        /** Whether it failed before, so that its failure is everybody's. */
        final boolean last;

        /** Guarded by the service's lock. */
        final List<Taker> takers = new ArrayList<>(1);

        Computation(@Nullable ScoreKey key, Task task, int index) {
            this.key = key;
            this.index = index;
            this.sinceNanos = task.submittedNanos;
            this.last = false;
            takers.add(new Taker(task, index));
        }

        /** The computation once more, for those who did not get the error. */
        Computation(Computation failed, List<Taker> others) {
            this.key = failed.key;
            this.index = failed.index;
            this.sinceNanos = failed.sinceNanos;
            this.last = true;
            takers.addAll(others);
        }
    }

    /** What a task began to compute. Others may wait for that too, so it outlives its task. */
    private record Claim(Task task, List<Computation> computations) {}

    private record PendingPair(Computation computation, EncodedPair pair) {}
}
