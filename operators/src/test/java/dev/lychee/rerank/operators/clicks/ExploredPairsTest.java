package dev.lychee.rerank.operators.clicks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import org.junit.jupiter.api.Test;

class ExploredPairsTest {

    private static final double RELEVANT = 0.4;

    /** What all traffic suggests: each rank below the first is looked at too little. */
    private static final ClickModel SERVED =
            new ClickModel(new double[] {1, 0.3, 0.15, 0.05}, 1, new double[4]);

    /** Counts that are exactly what the truth expects leave nothing to chance. */
    @Property(tries = 50)
    void manyPairsFindTheExaminationWhateverAllTrafficSuggests(
            @ForAll @DoubleRange(min = 0.2, max = 1) double second,
            @ForAll @DoubleRange(min = 0.1, max = 1) double third,
            @ForAll @DoubleRange(min = 0.1, max = 1) double fourth) {
        ClickModel truth =
                new ClickModel(new double[] {1, second, third, fourth}, 1, new double[4]);

        ClickModel found = correct(SERVED, truth, 1, 2_000_000);

        assertThat(found.examination()[1]).isCloseTo(second, within(0.01));
        assertThat(found.examination()[2]).isCloseTo(third, within(0.01));
        assertThat(found.examination()[3]).isCloseTo(fourth, within(0.01));
    }

    @Property(tries = 50)
    void clicksOnWhatIsNotRelevantAreNotTakenForLooks(
            @ForAll @DoubleRange(max = 0.4) double first,
            @ForAll @DoubleRange(max = 0.4) double second,
            @ForAll @DoubleRange(min = 0.5, max = 1) double positive) {
        double[] negative = {first, second, 0.1, 0};
        ClickModel truth = new ClickModel(new double[] {1, 0.6, 0.4, 0.3}, positive, negative);
        ClickModel served = new ClickModel(SERVED.examination(), positive, negative);

        ClickModel found = correct(served, truth, 1, 2_000_000);

        assertThat(found.examination()[1]).isCloseTo(0.6, within(0.01));
        assertThat(found.examination()[3]).isCloseTo(0.3, within(0.01));
        assertThat(found.negative()).isEqualTo(negative);
        assertThat(found.positive()).isEqualTo(positive);
    }

    @Test
    void ranksThatNoPairReachesFollowTheOneAboveThem() {
        ClickModel truth = new ClickModel(new double[] {1, 0.6, 0.6, 0.6}, 1, new double[4]);

        assertThat(correct(SERVED, truth, 1, 0).examination()).isEqualTo(SERVED.examination());
        ClickModel below = correct(SERVED, truth, 2, 2_000_000);
        assertThat(below.examination()[1]).isEqualTo(0.3);
        assertThat(below.examination()[2]).isCloseTo(0.3, within(0.01));
        ClickTable upper = new ClickTable(4);
        ClickTable lower = new ClickTable(4);
        count(upper, lower, truth, 1, 2_000_000);
        ClickModel top = ExploredPairs.correct(SERVED, upper, lower);
        assertThat(top.examination()[1]).isCloseTo(0.6, within(0.01));
        assertThat(top.examination()[3] / top.examination()[1]).isCloseTo(0.05 / 0.3, within(1e-9));
    }

    @Test
    void fewPairsMoveItAsFarAsTheyAreWorth() {
        ClickModel truth = new ClickModel(new double[] {1, 0.6, 0.3, 0.1}, 1, new double[4]);
        double before = SERVED.examination()[1];
        for (int shown : new int[] {100, 1_000, 10_000}) {
            double after = correct(SERVED, truth, 1, shown).examination()[1];
            assertThat(after).isBetween(before, 0.6);
            before = after;
        }
        assertThat(correct(SERVED, truth, 1, 20).examination()[1]).isCloseTo(0.3, within(0.01));
    }

    @Test
    void pairsThatNobodyClickedOnLeaveEverythingInRange() {
        ClickTable upper = new ClickTable(4);
        ClickTable lower = new ClickTable(4);
        for (int i = 0; i < 5_000; i++) {
            upper.add(2, 0, 0, 0.5);
            lower.add(3, 0, i % 2, 0.5);
        }

        for (double each : ExploredPairs.correct(SERVED, upper, lower).examination()) {
            assertThat(each).isBetween(0.0, 1.0);
        }
    }

    private static ClickModel correct(ClickModel served, ClickModel truth, int from, int shown) {
        ClickTable upper = new ClickTable(4);
        ClickTable lower = new ClickTable(4);
        for (int rank = from; rank < 4; rank++) {
            count(upper, lower, truth, rank, shown);
        }
        return ExploredPairs.correct(served, upper, lower);
    }

    private static void count(
            ClickTable upper, ClickTable lower, ClickModel truth, int rank, int shown) {
        add(upper, truth, rank, shown);
        add(lower, truth, rank + 1, shown);
    }

    /** One impression that stands for many: tables add up whatever they are given. */
    private static void add(ClickTable table, ClickModel truth, int rank, int shown) {
        if (shown == 0) {
            return;
        }
        ClickTable one = new ClickTable(4);
        one.add(rank, 0, truth.slope(rank) * RELEVANT + truth.intercept(rank), 0.5);
        int[] cells = one.filledCells();
        long[] values = one.at(cells);
        for (int i = 0; i < values.length; i++) {
            values[i] *= shown;
        }
        table.add(cells, values);
    }
}
