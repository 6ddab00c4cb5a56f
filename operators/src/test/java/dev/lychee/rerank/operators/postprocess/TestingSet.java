package dev.lychee.rerank.operators.postprocess;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Tuple;

/** The scores of a made-up candidate set, for properties. */
@SuppressWarnings("ArrayRecordComponent") // read only
record TestingSet(double[] values, boolean[] usable) {

    /** A set in which all pairs were scored. */
    static TestingSet of(double... values) {
        boolean[] usable = new boolean[values.length];
        Arrays.fill(usable, true);
        return new TestingSet(values, usable);
    }

    /**
     * Up to 60 pairs and all that can go wrong: unscored ones, NaN, infinities, ties, extreme
     * magnitudes.
     */
    static Arbitrary<TestingSet> messy() {
        Arbitrary<Double> values =
                Arbitraries.frequencyOf(
                        Tuple.of(6, Arbitraries.doubles().between(-20, 20)),
                        Tuple.of(4, Arbitraries.integers().between(-3, 3).map(i -> i / 2.0)),
                        Tuple.of(1, Arbitraries.doubles()),
                        Tuple.of(
                                2,
                                Arbitraries.of(
                                        Double.NaN,
                                        Double.POSITIVE_INFINITY,
                                        Double.NEGATIVE_INFINITY,
                                        -0.0,
                                        Double.MIN_VALUE,
                                        Double.MAX_VALUE,
                                        -Double.MAX_VALUE)));
        Arbitrary<Boolean> usable = Arbitraries.of(true, true, true, false);
        return Combinators.combine(values, usable)
                .as(Pair::new)
                .list()
                .ofMaxSize(60)
                .map(TestingSet::of);
    }

    /** 2 to 60 scored pairs between 0 and 1, on a grid of thousandths so that ties happen. */
    static Arbitrary<TestingSet> scores() {
        return Arbitraries.integers()
                .between(0, 1000)
                .map(i -> i / 1000.0)
                .array(double[].class)
                .ofMinSize(2)
                .ofMaxSize(60)
                .map(TestingSet::of);
    }

    int size() {
        return values.length;
    }

    boolean takesPart(int index) {
        return usable[index] && Double.isFinite(values[index]);
    }

    /** Only the pairs that take part. */
    TestingSet cleaned() {
        double[] kept = new double[size()];
        int count = 0;
        for (int i = 0; i < size(); i++) {
            if (takesPart(i)) {
                kept[count++] = values[i];
            }
        }
        return of(Arrays.copyOf(kept, count));
    }

    /** The same pairs in the order given: the pair at {@code order[i]} comes to {@code i}. */
    TestingSet inOrder(int[] order) {
        boolean[] moved = new boolean[size()];
        for (int i = 0; i < size(); i++) {
            moved[i] = usable[order[i]];
        }
        return new TestingSet(inOrder(values, order), moved);
    }

    TestingSet times(double factor, double shift) {
        double[] mapped = new double[size()];
        for (int i = 0; i < size(); i++) {
            mapped[i] = values[i] * factor + shift;
        }
        return new TestingSet(mapped, usable);
    }

    static double[] inOrder(double[] values, int[] order) {
        double[] moved = new double[values.length];
        for (int i = 0; i < values.length; i++) {
            moved[i] = values[order[i]];
        }
        return moved;
    }

    static int[] shuffledOrder(int size, long seed) {
        Random random = new Random(seed);
        int[] order = IndexSort.identity(size);
        for (int i = size - 1; i > 0; i--) {
            int other = random.nextInt(i + 1);
            int moved = order[i];
            order[i] = order[other];
            order[other] = moved;
        }
        return order;
    }

    private static TestingSet of(List<Pair> pairs) {
        double[] values = new double[pairs.size()];
        boolean[] usable = new boolean[pairs.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = pairs.get(i).value();
            usable[i] = pairs.get(i).usable();
        }
        return new TestingSet(values, usable);
    }

    /** For jqwik's reports. */
    @Override
    public String toString() {
        return Arrays.toString(values) + " usable " + Arrays.toString(usable);
    }

    private record Pair(double value, boolean usable) {}
}
