package dev.lychee.rerank.operators.clicks;

import java.util.Arrays;

/**
 * Impressions and clicks by rank and logit bin; by bin also the sums of logits and of the
 * probabilities that were served.
 *
 * <p>All sums are whole numbers, fixed-point with {@link #ONE} for 1: adding them in any order and
 * any grouping gives the same bits. Not safe for concurrent use.
 */
public final class ClickTable {

    /** Fixed-point 1. */
    public static final long ONE = 1 << 20;

    /**
     * Logits beyond count as this; sums then cannot overflow within 8 thousand million impressions.
     */
    private static final double LARGEST_LOGIT = 1_000;

    private final int ranks;
    private final long[] sums;

    /** An empty table. */
    public ClickTable(int ranks) {
        this(ranks, new long[2 * (ranks + 1) * LogitBins.COUNT]);
    }

    private ClickTable(int ranks, long[] sums) {
        this.ranks = ranks;
        this.sums = sums;
    }

    /**
     * A table from the sums of another one.
     *
     * @param sums as {@link #sums} gave them; copied
     * @throws IllegalArgumentException when the sums are of a table with another number of ranks
     */
    public static ClickTable of(int ranks, long[] sums) {
        ClickTable table = new ClickTable(ranks);
        if (sums.length != table.sums.length) {
            throw new IllegalArgumentException(
                    "A table of %d ranks has %d sums, got %d"
                            .formatted(ranks, table.sums.length, sums.length));
        }
        System.arraycopy(sums, 0, table.sums, 0, sums.length);
        return table;
    }

    /**
     * Counts one document that was shown.
     *
     * @param rank where it was shown, 1-based
     * @param logit finite
     * @param label 1 for a click, 0 for none; between for actions that count for less
     * @param calibrated the probability that was served with it, 0..1
     */
    public void add(int rank, double logit, double label, double calibrated) {
        int bin = LogitBins.of(logit);
        sums[impressionCell(rank, bin)] += ONE;
        sums[clickCell(rank, bin)] += fixed(label);
        sums[logitCell(bin)] += fixed(Math.max(-LARGEST_LOGIT, Math.min(LARGEST_LOGIT, logit)));
        sums[calibratedCell(bin)] += fixed(calibrated);
    }

    /** Adds all that another table of as many ranks has. */
    public void add(ClickTable other) {
        for (int i = 0; i < sums.length; i++) {
            sums[i] += other.sums[i];
        }
    }

    /**
     * Adds single sums.
     *
     * @param cells indexes as {@link #filledCells} gave them
     * @param values the sums there
     */
    public void add(int[] cells, long[] values) {
        for (int i = 0; i < cells.length; i++) {
            sums[cells[i]] += values[i];
        }
    }

    /** Lets what was counted so far weigh less: every sum times {@code factor}, 0..1, rounded. */
    public void decay(double factor) {
        for (int i = 0; i < sums.length; i++) {
            sums[i] = Math.round(sums[i] * factor);
        }
    }

    /** Both tables together, a new one. */
    public ClickTable plus(ClickTable other) {
        ClickTable both = of(ranks, sums);
        both.add(other);
        return both;
    }

    /** Indexes of the sums that are not 0. */
    public int[] filledCells() {
        int[] cells = new int[sums.length];
        int count = 0;
        for (int i = 0; i < sums.length; i++) {
            if (sums[i] != 0) {
                cells[count++] = i;
            }
        }
        return Arrays.copyOf(cells, count);
    }

    /** The sums in these cells. */
    public long[] at(int[] cells) {
        long[] values = new long[cells.length];
        for (int i = 0; i < cells.length; i++) {
            values[i] = sums[cells[i]];
        }
        return values;
    }

    /** All sums, for keeping; a copy. */
    public long[] sums() {
        return sums.clone();
    }

    /** How many ranks it counts. */
    public int ranks() {
        return ranks;
    }

    /** Impressions of a bin at a rank (1-based). */
    public double impressions(int rank, int bin) {
        return number(sums[impressionCell(rank, bin)]);
    }

    /** Clicks on a bin at a rank (1-based), weighted by action. */
    public double clicks(int rank, int bin) {
        return number(sums[clickCell(rank, bin)]);
    }

    /** Impressions at a rank (1-based). */
    public double impressions(int rank) {
        return total(impressionCell(rank, 0), LogitBins.COUNT);
    }

    /** Clicks at a rank (1-based), weighted by action. */
    public double clicks(int rank) {
        return total(clickCell(rank, 0), LogitBins.COUNT);
    }

    /** All impressions. */
    public double impressions() {
        return total(0, ranks * LogitBins.COUNT);
    }

    /** All clicks, weighted by action. */
    public double clicks() {
        return total(clickCell(1, 0), ranks * LogitBins.COUNT);
    }

    /** Mean logit of what was shown of a bin; NaN when nothing was. */
    public double meanLogit(int bin) {
        return LogitBins.inside(bin, sums[logitCell(bin)] / (shown(bin) * ONE));
    }

    /** Mean probability that was served with what was shown of a bin; NaN when nothing was. */
    public double meanCalibrated(int bin) {
        return Math.max(0, Math.min(1, sums[calibratedCell(bin)] / (shown(bin) * ONE)));
    }

    private double shown(int bin) {
        long sum = 0;
        for (int rank = 1; rank <= ranks; rank++) {
            sum += sums[impressionCell(rank, bin)];
        }
        return number(sum);
    }

    private double total(int from, int count) {
        long sum = 0;
        for (int i = from; i < from + count; i++) {
            sum += sums[i];
        }
        return number(sum);
    }

    private static int impressionCell(int rank, int bin) {
        return (rank - 1) * LogitBins.COUNT + bin;
    }

    private int clickCell(int rank, int bin) {
        return (ranks + rank - 1) * LogitBins.COUNT + bin;
    }

    private int logitCell(int bin) {
        return 2 * ranks * LogitBins.COUNT + bin;
    }

    private int calibratedCell(int bin) {
        return (2 * ranks + 1) * LogitBins.COUNT + bin;
    }

    private static long fixed(double value) {
        return Math.round(value * ONE);
    }

    private static double number(long fixed) {
        return (double) fixed / ONE;
    }
}
