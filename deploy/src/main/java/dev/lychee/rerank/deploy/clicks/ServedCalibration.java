package dev.lychee.rerank.deploy.clicks;

import dev.lychee.rerank.operators.evaluation.CalibrationMetrics;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.OptionalDouble;

/**
 * The expected calibration error of what users were shown, against the truth that only the
 * simulation knows: of the last pages since a new calibration map came to hold.
 */
public final class ServedCalibration {

    private final int window;
    private final Deque<Page> pages = new ArrayDeque<>();
    private long mapVersion;
    private int maps;
    private long pagesOfMap;

    /**
     * Nothing seen yet.
     *
     * @param window how many pages count at most
     */
    public ServedCalibration(int window) {
        this.window = window;
    }

    /**
     * Counts a page.
     *
     * @return whether it is the first one of a map newer than all before, so that earlier pages
     *     count no more
     */
    public boolean add(Page page) {
        boolean newMap = page.mapVersion() > mapVersion;
        if (newMap) {
            mapVersion = page.mapVersion();
            maps++;
            pagesOfMap = 0;
            pages.clear();
        }
        pages.addLast(page);
        pagesOfMap++;
        if (pages.size() > window) {
            pages.removeFirst();
        }
        return newMap;
    }

    /** Version of the newest map that a page named; 0 for none. */
    public long mapVersion() {
        return mapVersion;
    }

    /** How many maps came to hold. */
    public int maps() {
        return maps;
    }

    /** Pages since the newest one came to hold. */
    public long pagesOfMap() {
        return pagesOfMap;
    }

    /** The error, 0..1; empty when nothing with a probability was shown. */
    public OptionalDouble error() {
        return CalibrationMetrics.expectedCalibrationError(
                pages.stream().map(Page::calibrated).flatMapToDouble(Arrays::stream).toArray(),
                pages.stream().map(Page::truth).flatMapToDouble(Arrays::stream).toArray(),
                CalibrationMetrics.DEFAULT_BINS);
    }
}
