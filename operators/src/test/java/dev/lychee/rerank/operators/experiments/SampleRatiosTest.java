package dev.lychee.rerank.operators.experiments;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.lychee.rerank.schemas.SampleRatio;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class SampleRatiosTest {

    private final Random random = new Random(11);

    /** scipy.stats.chisquare([520, 480], [500, 500]) and ([300, 100], [250, 150]). */
    @Test
    void hasThePValuesOfScipy() {
        assertThat(p(List.of(0.5, 0.5), 520, 480)).isCloseTo(0.20590321, within(1e-8));
        assertThat(p(List.of(0.5, 0.3), 300, 100)).isCloseTo(2.41756388e-7, within(1e-14));
    }

    @Test
    void warnsOfAMismatchOnly() {
        SampleRatio fair = ratio(List.of(0.5, 0.5), 5_050, 4_950);
        SampleRatio broken = ratio(List.of(0.5, 0.5), 5_200, 4_800);

        assertThat(fair.mismatch()).isFalse();
        assertThat(broken.mismatch()).isTrue();
        assertThat(broken.expected()).isEqualTo(0.5);
        assertThat(broken.observed()).isEqualTo(0.52);
    }

    @Test
    void anArmThatNobodyGetsIsAMismatch() {
        SampleRatio ratio = SampleRatios.of(List.of(0.9, 0.1), Map.of(0, table(1, 1_000)), 0);

        assertThat(ratio).isNotNull();
        assertThat(ratio.mismatch()).isTrue();
    }

    @Test
    void saysNothingAboutAFewUnitsOrASingleArm() {
        assertThat(SampleRatios.of(List.of(0.5, 0.5), Map.of(0, table(1, 4)), 0)).isNull();
        assertThat(SampleRatios.of(List.of(1.0, 0.0), Map.of(0, table(1, 400)), 0)).isNull();
    }

    @Test
    void aUserWithManyExposuresIsOne() {
        ExposureTable busy = new ExposureTable();
        for (int unit = 0; unit < 500; unit++) {
            for (int i = 0; i < 20; i++) {
                busy.add(TestingExposures.of(1, unit * 0x9E3779B97F4AL, false));
            }
        }

        SampleRatio ratio =
                SampleRatios.of(List.of(0.5, 0.5), Map.of(0, table(1, 500), 1, busy), 1);

        assertThat(ratio).isNotNull();
        assertThat(ratio.pValue()).isGreaterThan(0.9);
    }

    /** So many units that each arm keeps one in several. */
    @Test
    void chanceAloneAlarmsSeldomWhereOnlySamplesOfUnitsAreKept() {
        int low = 0;
        for (int run = 0; run < 100; run++) {
            int control = binomial(40_000, 0.7);
            SampleRatio ratio = ratio(List.of(0.7, 0.3), control, 40_000 - control);
            low += ratio.pValue() < 0.05 ? 1 : 0;
        }

        assertThat(low).isBetween(0, 12);
    }

    private int binomial(int n, double p) {
        int successes = 0;
        for (int i = 0; i < n; i++) {
            successes += random.nextDouble() < p ? 1 : 0;
        }
        return successes;
    }

    private double p(List<Double> shares, int control, int other) {
        return ratio(shares, control, other).pValue();
    }

    private SampleRatio ratio(List<Double> shares, int control, int other) {
        SampleRatio ratio =
                SampleRatios.of(
                        shares,
                        Map.of(
                                0,
                                table(random.nextInt(), control),
                                1,
                                table(random.nextInt(), other)),
                        0);
        assertThat(ratio).isNotNull();
        return ratio;
    }

    private static ExposureTable table(int seed, int units) {
        ExposureTable table = new ExposureTable();
        new Random(seed)
                .longs(units, 0, 1L << 52)
                .forEach(unit -> table.add(TestingExposures.of(0, unit, false)));
        return table;
    }
}
