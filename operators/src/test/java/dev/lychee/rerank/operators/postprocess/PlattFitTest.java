package dev.lychee.rerank.operators.postprocess;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Arrays;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.Test;

/** Platt and temperature, which is Platt through the origin. */
class PlattFitTest {

    private static final Percentage CLOSE = Percentage.withPercentage(1e-3);

    @Provide
    Arbitrary<double[]> numbers() {
        return Arbitraries.frequencyOf(
                        Tuple.of(6, Arbitraries.doubles().between(-20, 20)),
                        Tuple.of(
                                1,
                                Arbitraries.of(
                                        Double.NaN,
                                        Double.POSITIVE_INFINITY,
                                        -Double.MAX_VALUE,
                                        1e90,
                                        0.0)))
                .array(double[].class)
                .ofSize(12);
    }

    @Test
    void fitsWhatScikitLearnFits() {
        for (JsonNode golden : GoldenNumbers.section("platt")) {
            PlattFit fit = fit(golden);

            String name = golden.get("name").asText();
            assertThat(fit.slope())
                    .as(name)
                    .isCloseTo(golden.get("slope").asDouble(), within(1e-5))
                    .isCloseTo(golden.get("slopeAgain").asDouble(), within(1e-6));
            assertThat(fit.intercept())
                    .as(name)
                    .isCloseTo(golden.get("intercept").asDouble(), within(1e-5))
                    .isCloseTo(golden.get("interceptAgain").asDouble(), within(1e-6));
        }
    }

    @Test
    void knowsHowSureItIs() {
        for (JsonNode golden : GoldenNumbers.section("platt")) {
            double[] expected = GoldenNumbers.numbers(golden, "covariance");
            double[] covariance = fit(golden).covariance();

            for (int i = 0; i < 3; i++) {
                assertThat(covariance[i]).isCloseTo(expected[i], CLOSE);
            }
        }
    }

    @Test
    void findsTheTemperatureThatScipyFinds() {
        for (JsonNode golden : GoldenNumbers.section("platt")) {
            TemperatureFit fit =
                    TemperatureFit.fit(
                            GoldenNumbers.numbers(golden, "logits"),
                            GoldenNumbers.numbers(golden, "labels"),
                            GoldenNumbers.numbers(golden, "weights"));

            assertThat(fit).isNotNull();
            assertThat(fit.temperature()).isCloseTo(golden.get("temperature").asDouble(), CLOSE);
            assertThat(fit.inverseVariance())
                    .isCloseTo(golden.get("inverseVariance").asDouble(), CLOSE);
        }
    }

    @Test
    void staysFiniteOnSeparableLabels() {
        double[] logits = {-3, -2, 2, 3};
        double[] labels = {0, 0, 1, 1};
        double[] ones = {1, 1, 1, 1};

        PlattFit line = PlattFit.fit(logits, labels, ones);
        TemperatureFit temperature = TemperatureFit.fit(logits, labels, ones);

        assertThat(line).isNotNull();
        assertThat(line.slope()).isBetween(0.1, 2.0);
        assertThat(temperature).isNotNull();
        assertThat(temperature.temperature()).isCloseTo(0.01, within(1e-6));
    }

    @Test
    void seesThatRelevanceFallsWithTheLogit() {
        PlattFit fit =
                PlattFit.fit(
                        new double[] {-2, -1, 1, 2},
                        new double[] {1, 1, 0, 0},
                        new double[] {1, 1, 1, 1});

        assertThat(fit).isNotNull();
        assertThat(fit.slope()).isNegative();
    }

    @Test
    void fitsNothingFromNothing() {
        double[] none = {Double.NaN};

        assertThat(PlattFit.fit(none, none, none)).isNull();
        assertThat(TemperatureFit.fit(none, none, none)).isNull();
    }

    @Test
    void widensTheBandAwayFromTheSamples() {
        PlattCalibrator calibrator = new PlattCalibrator(1, 0, new double[] {0.04, 0, 0.01});
        CalibratedScores scores =
                calibrator.calibrate(new double[] {0, 2}, new boolean[] {true, true});

        assertThat(scores.low())
                .containsExactly(
                        new double[] {
                            Probability.sigmoid(-1.959964 * 0.1),
                            Probability.sigmoid(2 - 1.959964 * Math.sqrt(0.17))
                        },
                        within(1e-6));
        assertThat(scores.high())
                .containsExactly(
                        new double[] {
                            Probability.sigmoid(1.959964 * 0.1),
                            Probability.sigmoid(2 + 1.959964 * Math.sqrt(0.17))
                        },
                        within(1e-6));
    }

    @Property
    void neverGivesWhatIsNotANumber(
            @ForAll("numbers") double[] logits,
            @ForAll("numbers") double[] labels,
            @ForAll("numbers") double[] weights) {
        PlattFit line = PlattFit.fit(logits, labels, weights);
        TemperatureFit temperature = TemperatureFit.fit(logits, labels, weights);

        if (line != null) {
            assertThat(line.slope()).isFinite();
            assertThat(line.intercept()).isFinite();
            assertThat(Arrays.stream(line.covariance())).allMatch(Double::isFinite);
            assertThat(line.covariance()[0]).isNotNegative();
            assertThat(line.covariance()[2]).isNotNegative();
        }
        if (temperature != null) {
            assertThat(temperature.temperature()).isBetween(0.0099, 100.1);
            assertThat(temperature.inverseVariance()).isFinite().isNotNegative();
        }
    }

    private static PlattFit fit(JsonNode golden) {
        PlattFit fit =
                PlattFit.fit(
                        GoldenNumbers.numbers(golden, "logits"),
                        GoldenNumbers.numbers(golden, "labels"),
                        GoldenNumbers.numbers(golden, "weights"));
        assertThat(fit).isNotNull();
        return fit;
    }
}
