package dev.lychee.rerank.deploy.cli;

import dev.lychee.rerank.deploy.terminal.Terminal;
import java.util.Locale;

/**
 * How far a bounded run is: one line that changes on a terminal; elsewhere a line per tenth, if it
 * takes longer than people wait without a word.
 */
final class ProgressLine {

    private static final int TENTHS = 10;
    private static final double QUIET_SECONDS = 10;

    private final Terminal terminal;
    private final long total;
    private final long startNanos = System.nanoTime();
    private long shownTenths;

    ProgressLine(Terminal terminal, long total) {
        this.terminal = terminal;
        this.total = total;
    }

    void show(long counted) {
        // A restart may leave lines behind that are written again.
        long done = Math.min(counted, total);
        String line =
                String.format(
                        Locale.ROOT,
                        "%,d of %,d sets (%d %%)%s",
                        done,
                        total,
                        100 * done / total,
                        remaining(done));
        terminal.progress(line);
        long tenths = TENTHS * done / total;
        if (!terminal.isInteractive() && tenths > shownTenths && seconds() > QUIET_SECONDS) {
            terminal.println(line);
        }
        shownTenths = tenths;
    }

    private double seconds() {
        return (System.nanoTime() - startNanos) / 1e9;
    }

    private String remaining(long done) {
        double seconds = seconds();
        if (done == 0 || done == total || seconds < 5) {
            return "";
        }
        long left = Math.round(seconds * (total - done) / done);
        return left < 90 ? ", " + left + " s left" : ", " + left / 60 + " min left";
    }
}
