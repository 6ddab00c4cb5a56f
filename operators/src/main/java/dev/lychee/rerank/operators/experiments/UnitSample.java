package dev.lychee.rerank.operators.experiments;

import java.util.Arrays;
import java.util.stream.LongStream;

/**
 * Different units, all of them while they are few, else one in {@code 2^level}, chosen by their
 * hash (adaptive sampling: Flajolet, "On adaptive sampling", Computing 43, 1990). What is kept
 * depends on the units alone, not on their order, and the union of two samples is the sample of the
 * union.
 *
 * @param level one unit in {@code 2^level} is kept
 * @param units numbers of those, ascending, at most {@link #LIMIT}
 */
@SuppressWarnings("ArrayRecordComponent") // handed over once, never compared
record UnitSample(int level, long[] units) {

    /** Above it, counts have a standard error of about 1 %. */
    static final int LIMIT = 8_192;

    static final UnitSample EMPTY = new UnitSample(0, new long[0]);

    /** The sample of both. */
    UnitSample union(UnitSample other) {
        return of(
                Math.max(level, other.level),
                LongStream.concat(Arrays.stream(units), Arrays.stream(other.units)));
    }

    /** The sample of these units; each may come several times. */
    static UnitSample of(LongStream units) {
        return of(0, units);
    }

    private static UnitSample of(int from, LongStream all) {
        long[] kept =
                all.filter(unit -> UnitHash.level(unit) >= from).distinct().sorted().toArray();
        int level = from;
        while (kept.length > LIMIT) {
            int next = ++level;
            kept = Arrays.stream(kept).filter(unit -> UnitHash.level(unit) >= next).toArray();
        }
        return new UnitSample(level, kept);
    }

    /** How many there are, kept or not. */
    long count() {
        return (long) units.length << level;
    }

    /** How many of those are kept that a sample of this level or a higher one keeps. */
    int countAt(int other) {
        return (int) Arrays.stream(units).filter(unit -> UnitHash.level(unit) >= other).count();
    }
}
