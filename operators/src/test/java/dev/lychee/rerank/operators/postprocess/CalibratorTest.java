package dev.lychee.rerank.operators.postprocess;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Objects;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CalibratorTest {

    @Provide
    Arbitrary<TestingSet> messy() {
        return TestingSet.messy();
    }

    @Provide
    Arbitrary<Calibrator> calibrators() {
        return Arbitraries.of(
                new IdentityCalibrator(1.5),
                new IdentityCalibrator(0.7),
                new PlattCalibrator(0.8, -1),
                new PlattCalibrator(0.8, -1, new double[] {0.1, -0.05, 0.2}),
                new TemperatureCalibrator(2.5, null),
                new TemperatureCalibrator(0.1, 0.3),
                new IsotonicCalibrator(new double[] {0}, new double[] {0.4}),
                new IsotonicCalibrator(
                        new double[] {-Double.MAX_VALUE, -1, 0, 2, Double.MAX_VALUE},
                        new double[] {0, 0.1, 0.3, 0.3, 1},
                        new double[] {0, 0.0, 0.2, 0.1, 0.9},
                        new double[] {0.1, 0.2, 0.5, 0.4, 1}));
    }

    @Test
    void passesThroughWhileUnfitted() {
        TestingSet logits = TestingSet.of(-3, 0, 3);
        Calibrator identity = new IdentityCalibrator(2);

        CalibratedScores scores = identity.calibrate(logits.values(), logits.usable());

        assertThat(identity.method()).isEqualTo("identity");
        assertThat(scores.calibrated())
                .containsExactly(Probability.ofLogits(logits.values(), logits.usable(), 2));
        assertThat(scores.low()).isNull();
        assertThat(scores.high()).isNull();
    }

    @Test
    void shiftsAndScalesLogitsLikePlatt() {
        double[] calibrated =
                new PlattCalibrator(0.5, -1)
                        .calibrate(new double[] {4}, new boolean[] {true})
                        .calibrated();

        assertThat(calibrated).containsExactly(Probability.sigmoid(1));
    }

    @ParameterizedTest
    @ValueSource(doubles = {0, -0.5, Double.NaN, Double.POSITIVE_INFINITY})
    void refusesASlopeThatWouldReverseTheRanking(double slope) {
        assertThatThrownBy(() -> new PlattCalibrator(slope, 0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("slope");
    }

    @Test
    void interpolatesBetweenKnotsAndClipsOutside() {
        IsotonicCalibrator calibrator =
                new IsotonicCalibrator(
                        new double[] {-1, 1, 3},
                        new double[] {0.2, 0.4, 0.9},
                        new double[] {0.1, 0.3, 0.7},
                        new double[] {0.3, 0.6, 1});
        TestingSet logits = TestingSet.of(-50, -1, 0, 1, 2.5, 3, 50);

        CalibratedScores scores = calibrator.calibrate(logits.values(), logits.usable());

        assertThat(scores.calibrated())
                .containsExactly(new double[] {0.2, 0.2, 0.3, 0.4, 0.775, 0.9, 0.9}, within(1e-15));
        assertThat(scores.low())
                .containsExactly(new double[] {0.1, 0.1, 0.2, 0.3, 0.6, 0.7, 0.7}, within(1e-15));
        assertThat(scores.high())
                .containsExactly(new double[] {0.3, 0.3, 0.45, 0.6, 0.9, 1, 1}, within(1e-15));
    }

    @Test
    void refusesAMapThatIsNone() {
        double[] x = {0, 1};
        double[] y = {0.2, 0.3};
        assertRefused("one knot", new double[0], new double[0], null, null);
        assertRefused("one probability per knot", x, new double[] {0.1}, null, null);
        assertRefused("strictly ascending", new double[] {1, 1}, y, null, null);
        assertRefused("finite", new double[] {0, Double.NaN}, y, null, null);
        assertRefused("never descend", x, new double[] {0.3, 0.2}, null, null);
        assertRefused("in 0..1", x, new double[] {0.3, 1.2}, null, null);
        assertRefused("in 0..1", x, new double[] {Double.NaN, 1}, null, null);
        assertRefused("both ends", x, y, new double[] {0, 0}, null);
        assertRefused("lower ends", x, y, new double[] {0.2, 0.4}, new double[] {1, 1});
        assertRefused("upper ends", x, y, new double[] {0, 0}, new double[] {0.1, 1});
    }

    @Test
    void doesNotFollowLaterChangesOfItsKnots() {
        double[] x = {0, 1};
        double[] y = {0.2, 0.3};
        IsotonicCalibrator calibrator = new IsotonicCalibrator(x, y);

        y[0] = 0.9;
        calibrator.knotProbabilities()[0] = 0.8;

        assertThat(calibrator.knotProbabilities()).containsExactly(0.2, 0.3);
    }

    @Property
    void neverReversesTwoCandidatesAndStaysWithinZeroAndOne(
            @ForAll("calibrators") Calibrator calibrator, @ForAll("messy") TestingSet set) {
        double[] calibrated = calibrator.calibrate(set.values(), set.usable()).calibrated();

        for (int i = 0; i < set.size(); i++) {
            assertThat(calibrated[i]).isBetween(0.0, set.takesPart(i) ? 1.0 : 0.0);
            for (int j = 0; j < set.size(); j++) {
                if (set.takesPart(i) && set.takesPart(j) && set.values()[i] >= set.values()[j]) {
                    assertThat(calibrated[i]).isGreaterThanOrEqualTo(calibrated[j]);
                }
            }
        }
    }

    @Property
    void keepsTheProbabilityInsideItsBand(
            @ForAll("calibrators") Calibrator calibrator, @ForAll("messy") TestingSet set) {
        CalibratedScores scores = calibrator.calibrate(set.values(), set.usable());

        if (scores.low() != null) {
            double[] high = Objects.requireNonNull(scores.high());
            for (int i = 0; i < set.size(); i++) {
                assertThat(scores.low()[i]).isBetween(0.0, scores.calibrated()[i]);
                assertThat(high[i]).isBetween(scores.calibrated()[i], 1.0);
            }
        }
    }

    private static void assertRefused(
            String because,
            double[] x,
            double[] y,
            double @Nullable [] low,
            double @Nullable [] high) {
        assertThatThrownBy(() -> new IsotonicCalibrator(x, y, low, high))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(because);
    }
}
