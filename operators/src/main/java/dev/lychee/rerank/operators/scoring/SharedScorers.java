package dev.lychee.rerank.operators.scoring;

import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.LongAdder;
import org.apache.flink.util.FatalExitExceptionHandler;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The models that are loaded in this JVM, each once, whichever jobs and slots use it.
 *
 * <p><b>State.</b> Leases are counted per package, precision, device and limits. After the last one
 * is released the model lingers for a while, so that a job that restarts finds it loaded.
 *
 * <p><b>Time.</b> Lingering only; the first caller loads, and those who come meanwhile wait for it.
 *
 * <p><b>Failure.</b> A failed load is told to everyone who waited for it and is forgotten: the next
 * caller tries again. A device that turns out to be broken ends the process, as Flink does after a
 * fatal error: the job restarts on other TaskManagers, or on this one when it is started again.
 */
public final class SharedScorers {

    private static final Logger LOG = LoggerFactory.getLogger(SharedScorers.class);

    private static final SharedScorers INSTANCE =
            new SharedScorers(
                    new DaemonScheduler(),
                    ScoringClock.system(),
                    FatalExitExceptionHandler.INSTANCE);

    private final Scheduler scheduler;
    private final ScoringClock clock;
    private final Thread.UncaughtExceptionHandler brokenDevice;
    private final LongAdder loads = new LongAdder();

    /** Guarded by this. */
    private final Map<Key, Entry> entries = new HashMap<>();

    SharedScorers(
            Scheduler scheduler, ScoringClock clock, Thread.UncaughtExceptionHandler brokenDevice) {
        this.scheduler = scheduler;
        this.clock = clock;
        this.brokenDevice = brokenDevice;
    }

    /** The one of this JVM, which is one per TaskManager. */
    public static SharedScorers instance() {
        return INSTANCE;
    }

    /** Loads since the JVM started, the failed ones not counted. */
    public long loads() {
        return loads.sum();
    }

    /**
     * Gives a lease of a model, which is loaded unless it is resident.
     *
     * @param specs which model, and the places where it may run, at least one; the one with the
     *     fewest leases is taken, so that the slots of a TaskManager share out its devices
     * @param limits how its batches are formed, and how many may fail
     * @param factory loads the model
     * @param lingerMillis how long the model stays after the last lease, in milliseconds
     * @throws InvalidModelPackageException if the model package is wrong
     */
    public Lease acquire(
            List<ScorerSpec> specs, ServiceLimits limits, ScorerFactory factory, long lingerMillis)
            throws InvalidModelPackageException, InterruptedException {
        Key key;
        Entry entry;
        boolean first;
        synchronized (this) {
            key =
                    specs.stream()
                            .map(spec -> new Key(spec, limits))
                            .min(Comparator.comparingInt(this::leases))
                            .orElseThrow();
            Entry known = entries.get(key);
            first = known == null;
            entry = known == null ? new Entry() : known;
            if (first) {
                entries.put(key, entry);
            }
            entry.leases++;
            if (entry.lingering != null) {
                entry.lingering.cancel();
                entry.lingering = null;
            }
        }
        if (first) {
            load(key, entry, factory);
        }
        try {
            ScoringService service = entry.service.get();
            if (!first) {
                LOG.info("Model {} is resident, reused", service.description().name());
            }
            return new Lease(this, key, entry, service, lingerMillis);
        } catch (ExecutionException e) {
            Throwable cause = e.getCause();
            if (cause instanceof InvalidModelPackageException invalid) {
                throw new InvalidModelPackageException(String.valueOf(invalid.getMessage()), cause);
            }
            throw new IllegalStateException(
                    "Model " + key.spec.packagePath() + " could not be loaded: " + text(cause),
                    cause);
        } catch (InterruptedException e) {
            release(key, entry, lingerMillis);
            throw e;
        }
    }

    /** The caller holds the lock. */
    private int leases(Key key) {
        Entry entry = entries.get(key);
        return entry == null ? 0 : entry.leases;
    }

    private void load(Key key, Entry entry, ScorerFactory factory) {
        long start = clock.nanoTime();
        try {
            Scorer scorer = factory.load(key.spec);
            ScoringService service = new ScoringService(scorer, key.limits, clock, brokenDevice);
            loads.increment();
            ScorerDescription description = scorer.description();
            LOG.info(
                    "Loaded model {} {} ({}) on {}{} in {} ms",
                    description.name(),
                    description.version(),
                    description.precision(),
                    description.device(),
                    description.threads() == 0
                            ? ""
                            : " with " + description.threads() + " threads per forward pass",
                    TimeUnit.NANOSECONDS.toMillis(clock.nanoTime() - start));
            entry.service.complete(service);
        } catch (Throwable t) {
            synchronized (this) {
                entries.remove(key, entry);
            }
            entry.service.completeExceptionally(t);
        }
    }

    private void release(Key key, Entry entry, long lingerMillis) {
        synchronized (this) {
            entry.leases--;
            if (entry.leases > 0 || entries.get(key) != entry) {
                return;
            }
            if (lingerMillis > 0) {
                entry.lingering = scheduler.schedule(() -> letGo(key, entry), lingerMillis);
                return;
            }
        }
        letGo(key, entry);
    }

    private void letGo(Key key, Entry entry) {
        synchronized (this) {
            if (entry.leases > 0 || !entries.remove(key, entry)) {
                return;
            }
        }
        // Outside the lock: closing waits for the batch under way.
        ScoringService service = entry.service.join();
        service.close();
        LOG.info("Model {} is no longer used and was let go", service.description().name());
    }

    private static String text(@Nullable Throwable cause) {
        return cause == null || cause.getMessage() == null
                ? String.valueOf(cause)
                : cause.getMessage();
    }

    /** A right to use a model until it is closed; closing it twice does no harm. */
    public static final class Lease implements AutoCloseable {

        private final SharedScorers owner;
        private final Key key;
        private final Entry entry;
        private final ScoringService service;
        private final long lingerMillis;
        private final AtomicBoolean released = new AtomicBoolean();

        private Lease(
                SharedScorers owner,
                Key key,
                Entry entry,
                ScoringService service,
                long lingerMillis) {
            this.owner = owner;
            this.key = key;
            this.entry = entry;
            this.service = service;
            this.lingerMillis = lingerMillis;
        }

        /** The service, which other lease holders use too: never close it. */
        public ScoringService service() {
            return service;
        }

        @Override
        public void close() {
            if (released.compareAndSet(false, true)) {
                owner.release(key, entry, lingerMillis);
            }
        }
    }

    /** Runs something later. */
    interface Scheduler {

        Cancellable schedule(Runnable work, long delayMillis);
    }

    /** Something that is to run later. */
    @FunctionalInterface
    interface Cancellable {

        /** Prevents it from running, if it has not begun. */
        void cancel();
    }

    private record Key(ScorerSpec spec, ServiceLimits limits) {}

    private static final class Entry {
        final CompletableFuture<ScoringService> service = new CompletableFuture<>();
        // Guarded by the owner.
        int leases;
        @Nullable Cancellable lingering;
    }

    /** One daemon thread, started with the first model that lingers. */
    private static final class DaemonScheduler implements Scheduler {

        private @Nullable ScheduledExecutorService executor;

        @Override
        public synchronized Cancellable schedule(Runnable work, long delayMillis) {
            if (executor == null) {
                executor =
                        Executors.newSingleThreadScheduledExecutor(
                                task -> {
                                    Thread thread = new Thread(task, "lychee-let-models-go");
                                    thread.setDaemon(true);
                                    // Outlives the job that releases first.
                                    thread.setContextClassLoader(
                                            SharedScorers.class.getClassLoader());
                                    return thread;
                                });
            }
            Future<?> future = executor.schedule(work, delayMillis, TimeUnit.MILLISECONDS);
            return () -> future.cancel(false);
        }
    }
}
