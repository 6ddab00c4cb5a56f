package dev.lychee.rerank.deploy.clicks;

import dev.lychee.rerank.deploy.terminal.Terminal;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;

/**
 * Shows how true the served probabilities are while users click: one line per calibration map that
 * came to hold, once enough was served with it, and at least one a minute.
 */
public final class ClickProgress {

    private static final String ROW = "  %5s %13s %9s   %-18s %5s";
    private static final int BAR = 20;
    private static final Duration AT_LEAST_EVERY = Duration.ofMinutes(1);

    private final Terminal terminal;
    private final int window;
    private final ServedCalibration served;
    private final long startNanos = System.nanoTime();
    private long shownNanos = startNanos;
    private boolean shown;
    private long impressions;
    private long clicks;
    private OptionalDouble first = OptionalDouble.empty();
    private OptionalDouble last = OptionalDouble.empty();

    /**
     * Begins now.
     *
     * @param window how many results the error is of: the last ones with the map in force
     */
    public ClickProgress(Terminal terminal, int window) {
        this.terminal = terminal;
        this.window = window;
        this.served = new ServedCalibration(window);
    }

    /** Prints what the columns are. */
    public void printHead() {
        terminal.println(
                terminal.bold(
                        ROW.formatted("time", "impressions", "clicks", "map in force", "error")));
    }

    /** Counts results that users saw, and prints the lines that are due. */
    public void add(List<Page> pages) {
        for (Page page : pages) {
            if (page.mapVersion() > served.mapVersion() && !shown) {
                print();
            }
            if (served.add(page)) {
                shown = false;
            }
            impressions += page.impressions().size();
            clicks += page.clicks();
            if (!shown && served.pagesOfMap() >= window) {
                print();
            }
        }
        long now = System.nanoTime();
        if (now - shownNanos > AT_LEAST_EVERY.toNanos()) {
            print();
        }
    }

    /**
     * Nothing more comes: prints the line that waits for more results, if there are half of them or
     * there is no other line.
     */
    public void finish() {
        if (!shown && (first.isEmpty() || served.pagesOfMap() >= window / 2)) {
            print();
        }
    }

    /** What is true now, in a few words; for a line that is overwritten. */
    public String now() {
        OptionalDouble error = served.error();
        return error.isEmpty()
                ? ""
                : String.format(
                        Locale.ROOT,
                        "calibration error %.3f of the last %d",
                        error.getAsDouble(),
                        Math.min(window, served.pagesOfMap()));
    }

    /** The error of the first line; empty when nothing was shown. */
    public OptionalDouble first() {
        return first;
    }

    /** The error of the last line; empty when nothing was shown. */
    public OptionalDouble last() {
        return last;
    }

    /** Whether the map in force has its line. */
    public boolean hasLineOfNewestMap() {
        return shown;
    }

    /** How many maps came to hold. */
    public int maps() {
        return served.maps();
    }

    private void print() {
        OptionalDouble measured = served.error();
        shownNanos = System.nanoTime();
        if (measured.isEmpty()) {
            return;
        }
        shown = true;
        last = measured;
        double error = measured.getAsDouble();
        if (first.isEmpty()) {
            first = measured;
        }
        double before = first.getAsDouble();
        long seconds = Duration.ofNanos(shownNanos - startNanos).toSeconds();
        String row =
                String.format(
                        Locale.ROOT,
                        ROW,
                        "%d:%02d".formatted(seconds / 60, seconds % 60),
                        String.format(Locale.ROOT, "%,d", impressions),
                        String.format(Locale.ROOT, "%,d", clicks),
                        served.maps() == 0
                                ? "none"
                                : "#%d %d".formatted(served.maps(), served.mapVersion()),
                        String.format(Locale.ROOT, "%.3f", error));
        String bar = " " + "█".repeat((int) Math.round(BAR * Math.min(1, error / before)));
        terminal.println(
                row
                        + (error < before
                                ? terminal.green(bar)
                                : error > before ? terminal.red(bar) : bar));
    }
}
