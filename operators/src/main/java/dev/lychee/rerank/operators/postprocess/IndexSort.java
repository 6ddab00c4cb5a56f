package dev.lychee.rerank.operators.postprocess;

/** Sorts indexes by what they point at, stably and without boxing. */
public final class IndexSort {

    private IndexSort() {}

    /** Compares what two indexes point at. */
    @FunctionalInterface
    public interface IndexComparator {

        /**
         * Negative if {@code left} comes first, positive if {@code right} does, 0 to keep them as
         * they are.
         */
        int compare(int left, int right);
    }

    /** The numbers 0 to {@code length - 1}. */
    public static int[] identity(int length) {
        int[] indexes = new int[length];
        for (int i = 0; i < length; i++) {
            indexes[i] = i;
        }
        return indexes;
    }

    /** Bottom-up merge sort, in place; {@code n log n} comparisons, {@code n} when it is sorted. */
    public static void sort(int[] indexes, IndexComparator comparator) {
        int length = indexes.length;
        int[] from = indexes;
        int[] to = new int[length];
        for (long width = 1; width < length; width *= 2) {
            for (long start = 0; start < length; start += 2 * width) {
                merge(
                        from,
                        to,
                        (int) start,
                        (int) Math.min(start + width, length),
                        (int) Math.min(start + 2 * width, length),
                        comparator);
            }
            int[] merged = to;
            to = from;
            from = merged;
        }
        if (from != indexes) {
            System.arraycopy(from, 0, indexes, 0, length);
        }
    }

    private static void merge(
            int[] from, int[] to, int start, int middle, int end, IndexComparator comparator) {
        if (middle >= end || comparator.compare(from[middle - 1], from[middle]) <= 0) {
            System.arraycopy(from, start, to, start, end - start);
            return;
        }
        int left = start;
        int right = middle;
        for (int i = start; i < end; i++) {
            boolean takeLeft =
                    left < middle
                            && (right >= end || comparator.compare(from[left], from[right]) <= 0);
            to[i] = takeLeft ? from[left++] : from[right++];
        }
    }
}
