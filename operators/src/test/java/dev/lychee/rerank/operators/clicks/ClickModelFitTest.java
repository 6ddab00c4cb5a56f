package dev.lychee.rerank.operators.clicks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.stream.DoubleStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import org.junit.jupiter.api.Test;

class ClickModelFitTest {

    private static final int SHOWN_PER_CELL = 2_000;

    /** Counts that are exactly what the model expects leave nothing to chance. */
    @Property(tries = 20)
    void findsTheExaminationThatMadeTheClicks(
            @ForAll @DoubleRange(min = 0.1, max = 0.95) double second,
            @ForAll @DoubleRange(min = 0.1, max = 0.95) double third) {
        ClickModel truth = new ClickModel(new double[] {1, second, third}, 1, new double[3]);

        ClickModel found = ClickModelFit.fit(expected(truth), TrustBias.NONE);

        assertThat(found.examination()[0]).isEqualTo(1);
        assertThat(found.examination()[1]).isCloseTo(second, within(0.01));
        assertThat(found.examination()[2]).isCloseTo(third, within(0.01));
    }

    @Property(tries = 10)
    void findsTrustBelowRankOneWhenItIsKnownAtRankOne(
            @ForAll @DoubleRange(min = 0.3, max = 0.9) double second,
            @ForAll @DoubleRange(min = 0.02, max = 0.3) double trusted) {
        ClickModel truth = new ClickModel(new double[] {1, second}, 1, new double[] {0.3, trusted});

        ClickModel found =
                ClickModelFit.fit(expected(truth), new TrustBias(1, new double[] {0.3, 0.1}, true));

        assertThat(found.negative()[0]).isEqualTo(0.3);
        assertThat(found.slope(2)).isCloseTo(truth.slope(2), within(0.02));
        assertThat(found.intercept(2)).isCloseTo(truth.intercept(2), within(0.02));
    }

    @Test
    void theSameTableGivesTheSameBits() {
        ClickTable table = expected(new ClickModel(new double[] {1, 0.4, 0.2}, 1, new double[3]));

        assertThat(ClickModelFit.fit(table, TrustBias.NONE).examination())
                .isEqualTo(ClickModelFit.fit(table, TrustBias.NONE).examination());
    }

    @Test
    void ranksWithoutImpressionsAreNoNumberOutOfRange() {
        ClickTable table = new ClickTable(3);
        table.add(1, 0, 1, 0.5);

        ClickModel model = ClickModelFit.fit(table, TrustBias.NONE);

        assertThat(DoubleStream.of(model.examination()))
                .allSatisfy(e -> assertThat(e).isBetween(0.0, 1.0));
    }

    @Test
    void trustThatMakesClicksMeaninglessIsRefused() {
        assertThatThrownBy(() -> new TrustBias(0.5, new double[] {0.5}, false))
                .hasMessageContaining("below that of something relevant");
    }

    private static ClickTable expected(ClickModel truth) {
        int ranks = truth.examination().length;
        ClickTable table = new ClickTable(ranks);
        for (int rank = 1; rank <= ranks; rank++) {
            for (double logit = -3; logit <= 3; logit += 0.5) {
                double relevant = ClickSimulator.sigmoid(logit);
                double click = truth.slope(rank) * relevant + truth.intercept(rank);
                for (int i = 0; i < SHOWN_PER_CELL; i++) {
                    table.add(rank, logit, i < Math.round(click * SHOWN_PER_CELL) ? 1 : 0, 0.5);
                }
            }
        }
        return table;
    }
}
