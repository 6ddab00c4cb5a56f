package dev.lychee.rerank.operators.experiments;

/**
 * What the number of a unit is used for beside its arm. The arm follows from the upper digits, the
 * rest from the lower ones: the digits of a cryptographic hash know nothing of each other.
 */
final class UnitHash {

    private static final int BUCKET_BITS = 7;

    /** Units are spread over so many buckets. */
    static final int BUCKETS = 1 << BUCKET_BITS;

    private UnitHash() {}

    /** 0..{@link #BUCKETS} - 1. */
    static int bucket(long unit) {
        return (int) (unit & (BUCKETS - 1));
    }

    /** One unit in {@code 2^n} has level {@code n} or a higher one. */
    static int level(long unit) {
        return Long.numberOfTrailingZeros(unit >>> BUCKET_BITS);
    }
}
