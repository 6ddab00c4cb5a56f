package dev.lychee.rerank.operators.scoring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class SharedScorersTest {

    private static final ServiceLimits LIMITS =
            new ServiceLimits(new BatchLimits(64, 0), 0, 1 << 20);

    private final TestingScorer.Control control = TestingScorer.control();
    private final TestingScheduler scheduler = new TestingScheduler();
    private final SharedScorers scorers =
            new SharedScorers(scheduler, new TestingClock(), (thread, broken) -> {});

    private SharedScorers.Lease acquire(String device, long lingerMillis) throws Exception {
        return scorers.acquire(
                List.of(new ScorerSpec(control.packagePath(), "fp32", device, 1)),
                LIMITS,
                new TestingScorer.Factory(),
                lingerMillis);
    }

    @Test
    void forgetsTheScoresOfAModelThatIsReplaced() throws Exception {
        for (String fingerprint : List.of("0123456789abcdef", "fedcba9876543210")) {
            control.fingerprint(fingerprint);
            try (SharedScorers.Lease lease = acquire("cpu", 0)) {
                lease.service()
                        .submit(null, "red dress", List.of("one"), Long.MAX_VALUE)
                        .get(30, TimeUnit.SECONDS);
            }
        }
        assertThat(control.batches()).containsExactly(List.of("one"), List.of("one"));
    }

    @Test
    void sharesOneModelAmongLeases() throws Exception {
        try (SharedScorers.Lease first = acquire("cpu", 0);
                SharedScorers.Lease second = acquire("cpu", 0)) {
            assertThat(second.service()).isSameAs(first.service());
            assertThat(control.loads()).isEqualTo(1);
            assertThat(scorers.loads()).isEqualTo(1);
        }
        assertThat(control.closed()).isEqualTo(1);
    }

    @Test
    void loadsOncePerDevice() throws Exception {
        try (SharedScorers.Lease first = acquire("gpu:0", 0);
                SharedScorers.Lease second = acquire("gpu:1", 0)) {
            assertThat(second.service()).isNotSameAs(first.service());
            assertThat(scorers.loads()).isEqualTo(2);
        }
        assertThat(control.closed()).isEqualTo(2);
    }

    @Test
    void keepsTheModelUntilTheLastLeaseIsReleased() throws Exception {
        SharedScorers.Lease first = acquire("cpu", 0);
        SharedScorers.Lease second = acquire("cpu", 0);

        first.close();
        first.close();
        assertThat(control.closed()).isZero();

        second.close();
        assertThat(control.closed()).isEqualTo(1);
    }

    @Test
    void findsTheModelLoadedAfterARestart() throws Exception {
        acquire("cpu", 1_000).close();
        assertThat(control.closed()).isZero();

        SharedScorers.Lease again = acquire("cpu", 1_000);
        scheduler.runAll();
        assertThat(control.loads()).isEqualTo(1);
        assertThat(control.closed()).isZero();

        again.close();
        scheduler.runAll();
        assertThat(control.closed()).isEqualTo(1);
    }

    @Test
    void loadsAgainAfterTheModelWasLetGo() throws Exception {
        acquire("cpu", 0).close();
        acquire("cpu", 0).close();

        assertThat(control.loads()).isEqualTo(2);
        assertThat(control.closed()).isEqualTo(2);
    }

    @Test
    void waitsForALoadThatIsUnderWay() throws Exception {
        CountDownLatch loading = new CountDownLatch(1);
        CountDownLatch go = new CountDownLatch(1);
        ScorerFactory slow =
                spec -> {
                    loading.countDown();
                    try {
                        go.await();
                    } catch (InterruptedException e) {
                        throw new IllegalStateException(e);
                    }
                    return new TestingScorer.Factory().load(spec);
                };
        ScorerSpec spec = new ScorerSpec(control.packagePath(), "fp32", "cpu", 1);
        ExecutorService threads = Executors.newFixedThreadPool(4);
        try {
            List<Future<SharedScorers.Lease>> leases = new ArrayList<>();
            Callable<SharedScorers.Lease> work =
                    () -> scorers.acquire(List.of(spec), LIMITS, slow, 0);
            leases.add(threads.submit(work));
            assertThat(loading.await(30, TimeUnit.SECONDS)).isTrue();
            for (int i = 0; i < 3; i++) {
                leases.add(threads.submit(work));
            }
            go.countDown();
            for (Future<SharedScorers.Lease> lease : leases) {
                lease.get(30, TimeUnit.SECONDS);
            }
            assertThat(control.loads()).isEqualTo(1);
            assertThat(control.closed()).isZero();
            for (Future<SharedScorers.Lease> lease : leases) {
                lease.get().close();
            }
            assertThat(control.closed()).isEqualTo(1);
        } finally {
            threads.shutdownNow();
        }
    }

    @Test
    void forgetsALoadThatFailed() throws Exception {
        control.refuseToLoad("Field 'name' is missing.");
        assertThatThrownBy(() -> acquire("cpu", 0))
                .isInstanceOf(InvalidModelPackageException.class)
                .hasMessage("Field 'name' is missing.");

        control.refuseToLoad(null);
        acquire("cpu", 0).close();

        assertThat(control.attempts()).isEqualTo(2);
        assertThat(scorers.loads()).isEqualTo(1);
    }

    @Test
    void saysWhyAModelCouldNotBeLoaded() {
        ScorerFactory broken =
                spec -> {
                    throw new IllegalStateException("no memory");
                };

        assertThatThrownBy(
                        () ->
                                scorers.acquire(
                                        List.of(new ScorerSpec("here", "fp32", "cpu", 1)),
                                        LIMITS,
                                        broken,
                                        0))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("Model here could not be loaded: no memory");
    }

    private static final class TestingScheduler implements SharedScorers.Scheduler {

        private final List<Runnable> waiting = new ArrayList<>();

        @Override
        public SharedScorers.Cancellable schedule(Runnable work, long delayMillis) {
            waiting.add(work);
            return () -> waiting.remove(work);
        }

        void runAll() {
            List<Runnable> due = List.copyOf(waiting);
            waiting.clear();
            due.forEach(Runnable::run);
        }
    }
}
