package dev.lychee.rerank.deploy.cli;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Ctrl-C as a condition to wait for.
 *
 * <p>The JVM ends when its shutdown hooks have returned. The hook of this class waits until the
 * command has closed what it opened: open a signal first, in the same try statement as everything
 * else, so that it is closed last.
 */
final class StopSignal implements AutoCloseable {

    private static final long CLOSING_SECONDS = 40;

    private final CountDownLatch requested = new CountDownLatch(1);
    private final CountDownLatch finished = new CountDownLatch(1);
    private final Thread hook = new Thread(this::onShutdown, "stop-signal");

    private StopSignal() {}

    static StopSignal install() {
        StopSignal signal = new StopSignal();
        Runtime.getRuntime().addShutdownHook(signal.hook);
        return signal;
    }

    boolean isRequested() {
        return requested.getCount() == 0;
    }

    /** Waits at most {@code millis} for Ctrl-C and says whether it came. */
    boolean await(long millis) throws InterruptedException {
        return requested.await(millis, TimeUnit.MILLISECONDS);
    }

    @Override
    public void close() {
        finished.countDown();
        if (!isRequested()) {
            try {
                Runtime.getRuntime().removeShutdownHook(hook);
            } catch (IllegalStateException stopping) {
                // Ctrl-C came just now; the hook finds the work finished.
            }
        }
    }

    private void onShutdown() {
        requested.countDown();
        try {
            if (!finished.await(CLOSING_SECONDS, TimeUnit.SECONDS)) {
                System.err.println("lychee: not everything stopped in time; the process ends now.");
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
