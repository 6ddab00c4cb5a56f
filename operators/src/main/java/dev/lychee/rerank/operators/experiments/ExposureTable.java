package dev.lychee.rerank.operators.experiments;

import dev.lychee.rerank.schemas.Estimate;
import dev.lychee.rerank.schemas.ExperimentRates;
import dev.lychee.rerank.schemas.flow.Exposure;
import dev.lychee.rerank.schemas.flow.ExposureSums;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Sums of the exposures of an arm, apart for each of 128 buckets of units: the spread of the
 * buckets says how sure the rates are. All sums are whole numbers, so no order can matter.
 *
 * <p>Not thread-safe.
 */
public final class ExposureTable {

    // What is summed up; the places are those of the kept sums.
    private static final int EXPOSURES = 0;
    private static final int SEEN = 1;
    private static final int CLICKED = 2;
    private static final int CARTED = 3;
    private static final int PURCHASED = 4;

    /** Exposures with an action, so with an NDCG. */
    private static final int ACTED = 5;

    /** In billionths. */
    private static final int NDCG = 6;

    private static final int MEASURES = 7;
    private static final double BILLION = 1e9;

    private final long[] sums;
    private UnitSample sample;

    /** Units that are not in the sample yet; it is cheaper to add many at once. */
    private long[] waiting = new long[16];

    private int numWaiting;

    /** An empty table. */
    public ExposureTable() {
        this(new long[MEASURES * UnitHash.BUCKETS], UnitSample.EMPTY);
    }

    private ExposureTable(long[] sums, UnitSample sample) {
        this.sums = sums;
        this.sample = sample;
    }

    /** A table as it was kept; null for an empty one. */
    public static ExposureTable of(@Nullable ExposureSums kept) {
        return kept == null
                ? new ExposureTable()
                : new ExposureTable(
                        Arrays.copyOf(kept.sums(), MEASURES * UnitHash.BUCKETS),
                        new UnitSample(kept.level(), kept.units()));
    }

    /** The table as it is kept. */
    public ExposureSums sums() {
        UnitSample all = unitSample();
        return new ExposureSums(sums.clone(), all.level(), all.units());
    }

    /** Adds an exposure. */
    public void add(Exposure exposure) {
        long unit = exposure.participation().assignment().unitNumber();
        int bucket = UnitHash.bucket(unit);
        boolean acted = !Double.isNaN(exposure.ndcg());
        add(EXPOSURES, bucket, 1);
        add(SEEN, bucket, exposure.seen() ? 1 : 0);
        add(CLICKED, bucket, exposure.clicked() ? 1 : 0);
        add(CARTED, bucket, exposure.carted() ? 1 : 0);
        add(PURCHASED, bucket, exposure.purchased() ? 1 : 0);
        add(ACTED, bucket, acted ? 1 : 0);
        add(NDCG, bucket, acted ? Math.round(exposure.ndcg() * BILLION) : 0);
        if (numWaiting == waiting.length) {
            if (numWaiting >= UnitSample.LIMIT) {
                unitSample();
            } else {
                waiting = Arrays.copyOf(waiting, 2 * numWaiting);
            }
        }
        waiting[numWaiting++] = unit;
    }

    private void add(int measure, int bucket, long value) {
        sums[measure * UnitHash.BUCKETS + bucket] += value;
    }

    /** Adds the exposures of another table. */
    public void add(ExposureTable other) {
        for (int i = 0; i < sums.length; i++) {
            sums[i] += other.sums[i];
        }
        sample = unitSample().union(other.unitSample());
    }

    /** Results that were served. */
    public long exposures() {
        return total(EXPOSURES);
    }

    /** Those that somebody is known to have looked at. */
    public long seen() {
        return total(SEEN);
    }

    /** Different units. */
    public long units() {
        return unitSample().count();
    }

    UnitSample unitSample() {
        if (numWaiting > 0) {
            sample = sample.union(UnitSample.of(Arrays.stream(waiting, 0, numWaiting)));
            numWaiting = 0;
        }
        return sample;
    }

    /** What users did, with 95 % intervals. */
    public ExperimentRates rates() {
        return new ExperimentRates(
                rate(CLICKED, EXPOSURES, 1),
                rate(CARTED, EXPOSURES, 1),
                rate(PURCHASED, EXPOSURES, 1),
                rate(NDCG, ACTED, BILLION));
    }

    private @Nullable Estimate rate(int counted, int of, double unit) {
        double[] numerators = new double[UnitHash.BUCKETS];
        double[] denominators = new double[UnitHash.BUCKETS];
        for (int bucket = 0; bucket < UnitHash.BUCKETS; bucket++) {
            numerators[bucket] = sums[counted * UnitHash.BUCKETS + bucket] / unit;
            denominators[bucket] = sums[of * UnitHash.BUCKETS + bucket];
        }
        return ClusteredRate.estimate(numerators, denominators, units());
    }

    private long total(int measure) {
        long total = 0;
        for (int bucket = 0; bucket < UnitHash.BUCKETS; bucket++) {
            total += sums[measure * UnitHash.BUCKETS + bucket];
        }
        return total;
    }
}
