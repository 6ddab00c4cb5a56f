package dev.lychee.rerank.operators.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import dev.lychee.rerank.operators.postprocess.GoldenNumbers;
import java.util.List;
import java.util.OptionalDouble;
import java.util.Random;
import java.util.function.ToDoubleFunction;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class CalibrationMetricsTest {

    @Provide
    Arbitrary<double[]> numbers() {
        return Arbitraries.of(
                        0.0,
                        0.2,
                        0.25,
                        0.5,
                        0.9,
                        1.0,
                        -3.0,
                        4.0,
                        Double.NaN,
                        Double.NEGATIVE_INFINITY)
                .array(double[].class)
                .ofSize(25);
    }

    @Test
    void drawsTheReliabilityThatScikitLearnDraws() {
        JsonNode golden = GoldenNumbers.section("reliability");

        List<CalibrationMetrics.ReliabilityBin> bins =
                CalibrationMetrics.reliability(
                        GoldenNumbers.numbers(golden, "probabilities"),
                        GoldenNumbers.numbers(golden, "labels"),
                        10);

        assertThat(column(bins, bin -> bin.meanProbability()))
                .containsExactly(GoldenNumbers.numbers(golden, "meanProbability"), within(1e-12));
        assertThat(column(bins, bin -> bin.meanLabel()))
                .containsExactly(GoldenNumbers.numbers(golden, "meanLabel"), within(1e-12));
        assertThat(column(bins, bin -> bin.samples()))
                .containsExactly(GoldenNumbers.numbers(golden, "count"));
        assertThat(column(bins, bin -> bin.meanLabelInterval().low()))
                .containsExactly(GoldenNumbers.numbers(golden, "low"), within(1e-9));
        assertThat(column(bins, bin -> bin.meanLabelInterval().high()))
                .containsExactly(GoldenNumbers.numbers(golden, "high"), within(1e-9));
    }

    @Test
    void leavesOutEmptyBins() {
        List<CalibrationMetrics.ReliabilityBin> bins =
                CalibrationMetrics.reliability(new double[] {0, 1, Double.NaN}, new double[3], 4);

        assertThat(bins)
                .extracting(
                        CalibrationMetrics.ReliabilityBin::low,
                        CalibrationMetrics.ReliabilityBin::high)
                .containsExactly(tuple(0.0, 0.25), tuple(0.75, 1.0));
    }

    private static double[] column(
            List<CalibrationMetrics.ReliabilityBin> bins,
            ToDoubleFunction<CalibrationMetrics.ReliabilityBin> value) {
        return bins.stream().mapToDouble(value).toArray();
    }

    @Test
    void agreesWithScikitLearnAndNumpy() {
        for (JsonNode golden : GoldenNumbers.section("calibration")) {
            String name = golden.get("name").asText();
            double[] probabilities = GoldenNumbers.numbers(golden, "probabilities");
            double[] labels = GoldenNumbers.numbers(golden, "labels");

            assertThat(CalibrationMetrics.brierScore(probabilities, labels).orElseThrow())
                    .as(name)
                    .isCloseTo(golden.get("brier").asDouble(), within(1e-12));
            assertThat(CalibrationMetrics.logLoss(probabilities, labels).orElseThrow())
                    .as(name)
                    .isCloseTo(golden.get("logLoss").asDouble(), within(1e-10));
            for (int bins : new int[] {1, 10, 15}) {
                assertThat(
                                CalibrationMetrics.expectedCalibrationError(
                                                probabilities, labels, bins)
                                        .orElseThrow())
                        .as("%s in %s bins of equal width", name, bins)
                        .isCloseTo(
                                golden.get("equalWidth").get(Integer.toString(bins)).asDouble(),
                                within(1e-12));
                assertThat(
                                CalibrationMetrics.equalMassCalibrationError(
                                                probabilities, labels, bins)
                                        .orElseThrow())
                        .as("%s in %s bins of equal mass", name, bins)
                        .isCloseTo(
                                golden.get("equalMass").get(Integer.toString(bins)).asDouble(),
                                within(1e-12));
                assertThat(
                                CalibrationMetrics.classBalancedCalibrationError(
                                                probabilities, labels, bins)
                                        .orElseThrow())
                        .as("%s in %s bins, classes balanced", name, bins)
                        .isCloseTo(
                                golden.get("classBalanced").get(Integer.toString(bins)).asDouble(),
                                within(1e-12));
            }
        }
    }

    @Test
    void measuresTheDistanceOfProbabilityAndRate() {
        double[] probabilities = {0.9, 0.9, 0.9, 0.9, 0.1, 0.1};
        double[] labels = {1, 1, 0, 0, 0, 0};

        // By hand: four samples off by 0.4, two by 0.1.
        assertThat(
                        CalibrationMetrics.expectedCalibrationError(probabilities, labels, 10)
                                .orElseThrow())
                .isCloseTo((4 * 0.4 + 2 * 0.1) / 6, within(1e-12));
    }

    @Test
    void givesEachClassHalfOfTheWeight() {
        double[] probabilities = {0.9, 0.05, 0.05, 0.05, 0.05, 0.05, 0.05, 0.05, 0.05, 0.05};
        double[] labels = {0.5, 0, 0, 0, 0, 0, 0, 0, 0, 0};

        // By hand: the bin of 0.9 is off by 0.4 and has all that is relevant, and .5 of 9.5 others.
        double weight = (1 + 0.5 / 9.5) / 2;
        assertThat(
                        CalibrationMetrics.classBalancedCalibrationError(probabilities, labels, 10)
                                .orElseThrow())
                .isCloseTo(weight * 0.4 + (1 - weight) * 0.05, within(1e-12));
        assertThat(
                        CalibrationMetrics.classBalancedCalibrationError(
                                        new double[] {0.1, 0.3}, new double[2], 10)
                                .orElseThrow())
                .isCloseTo(0.2, within(1e-12));
    }

    @Test
    void putsAnEdgeIntoTheBinBelowIt() {
        for (int bins = 1; bins <= 200; bins++) {
            for (int edge = 1; edge <= bins; edge++) {
                double[] together = {(double) edge / bins, (edge - 0.5) / bins};

                // One bin, so that the errors of its two samples cancel out.
                assertThat(
                                CalibrationMetrics.expectedCalibrationError(
                                                together, new double[] {1, 0}, bins)
                                        .orElseThrow())
                        .as("edge %s of %s bins", edge, bins)
                        .isCloseTo(Math.abs(together[0] + together[1] - 1) / 2, within(1e-12));
            }
        }
    }

    @Test
    void findsACalibratedModelCalibrated() {
        Random random = new Random(11);
        double[] probabilities = new double[100_000];
        double[] labels = new double[probabilities.length];
        double[] overconfident = new double[probabilities.length];
        for (int i = 0; i < labels.length; i++) {
            probabilities[i] = random.nextDouble();
            labels[i] = random.nextDouble() < probabilities[i] ? 1 : 0;
            overconfident[i] = probabilities[i] > 0.5 ? 0.99 : 0.01;
        }

        assertThat(ece(probabilities, labels)).isLessThan(0.01);
        assertThat(ece(overconfident, labels)).isCloseTo(0.24, within(0.01));
    }

    @Test
    void isFiniteForCertainButWrongPredictions() {
        assertThat(
                        CalibrationMetrics.logLoss(new double[] {0, 1}, new double[] {1, 0})
                                .orElseThrow())
                .isCloseTo(34.5, within(0.1));
    }

    @Test
    void isEmptyWithoutSamples() {
        double[] none = {Double.NaN};
        double[] label = {1};

        assertThat(CalibrationMetrics.brierScore(none, label)).isEmpty();
        assertThat(CalibrationMetrics.logLoss(label, none)).isEmpty();
        assertThat(CalibrationMetrics.expectedCalibrationError(none, label, 15)).isEmpty();
        assertThat(CalibrationMetrics.equalMassCalibrationError(none, label, 15)).isEmpty();
        assertThat(CalibrationMetrics.classBalancedCalibrationError(none, label, 15)).isEmpty();
    }

    @Test
    void refusesWhatHasNoMeaning() {
        assertThatThrownBy(() -> CalibrationMetrics.brierScore(new double[1], new double[2]))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(
                        () ->
                                CalibrationMetrics.expectedCalibrationError(
                                        new double[1], new double[1], 0))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(
                        () ->
                                CalibrationMetrics.equalMassCalibrationError(
                                        new double[1], new double[1], 0))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Property
    void neverLetsNaNOut(
            @ForAll("numbers") double[] probabilities,
            @ForAll("numbers") double[] labels,
            @ForAll @IntRange(min = 1, max = 30) int bins) {
        assertWithin(CalibrationMetrics.brierScore(probabilities, labels), 1);
        assertWithin(CalibrationMetrics.logLoss(probabilities, labels), 35);
        assertWithin(
                CalibrationMetrics.expectedCalibrationError(probabilities, labels, bins),
                1 + 1e-12);
        assertWithin(
                CalibrationMetrics.equalMassCalibrationError(probabilities, labels, bins),
                1 + 1e-12);
        assertWithin(
                CalibrationMetrics.classBalancedCalibrationError(probabilities, labels, bins),
                1 + 1e-12);
    }

    @Property
    void doesNotDependOnTheOrderOfTheSamples(
            @ForAll("numbers") double[] probabilities,
            @ForAll("numbers") double[] labels,
            @ForAll @IntRange(min = 1, max = 30) int bins) {
        double[] turnedProbabilities = turned(probabilities);
        double[] turnedLabels = turned(labels);

        assertClose(
                CalibrationMetrics.equalMassCalibrationError(
                        turnedProbabilities, turnedLabels, bins),
                CalibrationMetrics.equalMassCalibrationError(probabilities, labels, bins));
        assertClose(
                CalibrationMetrics.expectedCalibrationError(
                        turnedProbabilities, turnedLabels, bins),
                CalibrationMetrics.expectedCalibrationError(probabilities, labels, bins));
        assertClose(
                CalibrationMetrics.classBalancedCalibrationError(
                        turnedProbabilities, turnedLabels, bins),
                CalibrationMetrics.classBalancedCalibrationError(probabilities, labels, bins));
    }

    @Property
    void isTheDistanceOfTheMeansInOneBin(
            @ForAll @IntRange(min = 1, max = 50) int size, @ForAll long seed) {
        Random random = new Random(seed);
        double[] probabilities = random.doubles(size).toArray();
        double[] labels = random.doubles(size).toArray();
        double distance = 0;
        for (int i = 0; i < size; i++) {
            distance += (probabilities[i] - labels[i]) / size;
        }

        assertThat(
                        CalibrationMetrics.expectedCalibrationError(probabilities, labels, 1)
                                .orElseThrow())
                .isCloseTo(Math.abs(distance), within(1e-12));
        assertThat(
                        CalibrationMetrics.equalMassCalibrationError(probabilities, labels, 1)
                                .orElseThrow())
                .isCloseTo(Math.abs(distance), within(1e-12));
    }

    private static double ece(double[] probabilities, double[] labels) {
        return CalibrationMetrics.expectedCalibrationError(
                        probabilities, labels, CalibrationMetrics.DEFAULT_BINS)
                .orElseThrow();
    }

    private static double[] turned(double[] values) {
        double[] turned = new double[values.length];
        for (int i = 0; i < values.length; i++) {
            turned[i] = values[values.length - 1 - i];
        }
        return turned;
    }

    private static void assertWithin(OptionalDouble metric, double largest) {
        metric.ifPresent(value -> assertThat(value).isBetween(0.0, largest));
    }

    private static void assertClose(OptionalDouble left, OptionalDouble right) {
        assertThat(left.isPresent()).isEqualTo(right.isPresent());
        assertThat(left.orElse(0)).isCloseTo(right.orElse(0), within(1e-12));
    }
}
