package dev.lychee.rerank.operators.postprocess;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.lychee.rerank.operators.postprocess.TopOneConfidence.Level;
import java.math.BigDecimal;
import java.math.RoundingMode;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a result shows besides the order: band, top-1 confidence, rounded scores. */
class PresentationTest {

    @Provide
    Arbitrary<TestingSet> messy() {
        return TestingSet.messy();
    }

    @ParameterizedTest
    @CsvSource({
        "1, strong",
        "0.75, strong",
        "0.7499, medium",
        "0.55, medium",
        "0.5499, weak",
        "0, weak",
        "NaN, weak"
    })
    void namesTheBand(double calibrated, String label) {
        assertThat(Band.of(calibrated).label()).isEqualTo(label);
    }

    @ParameterizedTest
    @CsvSource({
        "0.92, 0.91, close",
        "0.92, 0.92, close",
        "0.92, 0.9099, clear",
        "0.9, 0.6, dominant",
        "0.9, 0.61, clear",
        "0.3, 0.2, dominant",
        "0.012, 0.004, close",
        "0.5, 0.6, close",
        "0.9, 0, dominant",
        "0, 0, close"
    })
    void judgesTheFirstBySecond(double first, double second, String label) {
        TopOneConfidence confidence = confidence(first, second);

        assertThat(confidence).isNotNull();
        assertThat(confidence.level().label()).isEqualTo(label);
        assertThat(confidence.margin()).isEqualTo(first - second);
    }

    @Test
    void dividesOnlyWhereThatGivesANumber() {
        assertThat(confidence(0.9, 0.6)).isNotNull();
        assertThat(confidence(0.9, 0.6).ratio()).isCloseTo(1.5, within(1e-12));
        assertThat(confidence(0.9, 0).ratio()).isNull();
        assertThat(confidence(0, 0).ratio()).isNull();
        assertThat(confidence(1, Double.MIN_VALUE).ratio()).isNull();
    }

    @Test
    void comparesWithNobodyWhereThereIsOnlyOne() {
        TopOneConfidence only =
                TopOneConfidence.of(
                        new int[] {1, 0, 2},
                        new double[] {0.5, 0.4, Double.NaN},
                        new boolean[] {false, true, true});

        assertThat(only).isEqualTo(new TopOneConfidence(Level.ONLY, null, null));
    }

    @Test
    void hasNoConfidenceWhereNothingWasScored() {
        assertThat(TopOneConfidence.of(new int[] {0}, new double[] {0.5}, new boolean[] {false}))
                .isNull();
        assertThat(TopOneConfidence.of(new int[0], new double[0], new boolean[0])).isNull();
    }

    @ParameterizedTest
    @CsvSource({
        "0.925, 9.3, 0.925",
        "0.9249, 9.2, 0.925",
        "0.1235, 1.2, 0.124",
        "0.0005, 0.0, 0.001",
        "0.0045, 0.0, 0.005",
        "0.0049999, 0.0, 0.005",
        "0.005, 0.1, 0.005",
        "1.2, 10.0, 1.0",
        "-0.1, 0.0, 0.0",
        "NaN, 0.0, 0.0",
        "1, 10.0, 1.0"
    })
    void roundsHalfUpOnDecimalDigits(double score, double ofTen, double ofOne) {
        assertThat(DisplayScale.TEN.display(score)).isEqualTo(ofTen);
        assertThat(DisplayScale.ONE.display(score)).isEqualTo(ofOne);
    }

    @Test
    void readsThresholdsOnTheScaleTheyAreGivenOn() {
        assertThat(DisplayScale.of(10).toScore(7)).isEqualTo(0.7);
        assertThat(DisplayScale.of(1).toScore(0.7)).isEqualTo(0.7);
        assertThat(DisplayScale.TEN.maximum()).isEqualTo(10);
        assertThatThrownBy(() -> DisplayScale.TEN.toScore(10.1)).hasMessageContaining("0..10");
        assertThatThrownBy(() -> DisplayScale.ONE.toScore(Double.NaN)).hasMessageContaining("0..1");
        assertThatThrownBy(() -> DisplayScale.of(5)).hasMessageContaining("1 or 10");
    }

    @Property
    void showsEveryHalfRoundedUp(@ForAll @IntRange(max = 99) int tenths) {
        double score = (tenths * 10 + 5) / 1000.0;

        assertThat(DisplayScale.TEN.display(score)).isEqualTo((tenths + 1) / 10.0);
    }

    @Property
    void showsWhatRoundingTheDecimalDigitsGives(
            @ForAll @DoubleRange(min = 0, max = 1) double score,
            @ForAll @IntRange(min = -3, max = 3) int ulps,
            @ForAll @IntRange(max = 1_000) int halves) {
        double nearHalf = Math.max(0, halves / 2_000.0 + ulps * Math.ulp(1.0));

        for (double each : new double[] {score, nearHalf}) {
            assertThat(DisplayScale.TEN.display(each)).isEqualTo(rounded(each, 10, 1));
            assertThat(DisplayScale.ONE.display(each)).isEqualTo(rounded(each, 1, 3));
        }
    }

    private static double rounded(double score, int maximum, int decimals) {
        return BigDecimal.valueOf(score)
                .multiply(BigDecimal.valueOf(maximum))
                .setScale(decimals, RoundingMode.HALF_UP)
                .doubleValue();
    }

    @Property
    void neverLetsNaNOut(@ForAll("messy") TestingSet set) {
        int[] order = Ranking.byScore(set.values(), set.values(), set.usable(), null);

        TopOneConfidence confidence = TopOneConfidence.of(order, set.values(), set.usable());

        assertThat(confidence == null).isEqualTo(set.cleaned().size() == 0);
        if (confidence != null && confidence.ratio() != null) {
            assertThat(confidence.ratio()).isFinite();
        }
        if (confidence != null && confidence.margin() != null) {
            assertThat(confidence.margin()).isFinite();
        }
    }

    private static TopOneConfidence confidence(double first, double second) {
        TopOneConfidence confidence =
                TopOneConfidence.of(
                        new int[] {1, 0}, new double[] {second, first}, new boolean[] {true, true});
        if (confidence == null) {
            throw new AssertionError("two scored candidates have a confidence");
        }
        return confidence;
    }
}
