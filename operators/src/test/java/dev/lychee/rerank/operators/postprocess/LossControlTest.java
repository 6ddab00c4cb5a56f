package dev.lychee.rerank.operators.postprocess;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import java.util.Random;
import org.junit.jupiter.api.Test;

class LossControlTest {

    @Test
    void findsTheCutsThatNumpyFinds() {
        for (JsonNode golden : GoldenNumbers.section("loss")) {
            List<double[]> relevant = new ArrayList<>();
            golden.get("relevant").forEach(request -> relevant.add(numbers(request)));
            for (JsonNode cut : golden.get("cuts")) {
                double maxLoss = cut.get("maxLoss").asDouble();
                String name = golden.get("name").asText() + ", loss " + maxLoss;

                assertSame(name, LossControl.onAverage(relevant, maxLoss), cut.get("onAverage"));
                for (String confidence : new String[] {"0.5", "0.9", "0.99"}) {
                    assertSame(
                            name + " at " + confidence,
                            LossControl.withConfidence(
                                    relevant, maxLoss, Double.parseDouble(confidence)),
                            cut.get(confidence));
                }
            }
        }
    }

    @Test
    void promisesNothingFromFewRequests() {
        List<double[]> relevant = List.of(new double[] {1}, new double[] {2}, new double[] {3});

        assertThat(LossControl.onAverage(relevant, 0.1)).isEmpty();
        assertThat(LossControl.withConfidence(relevant, 0.1, 0.9)).isEmpty();
        assertThat(LossControl.onAverage(List.of(), 0.5)).isEmpty();
        assertThat(LossControl.onAverage(relevant, 0.25)).hasValue(1);
    }

    @Test
    void countsUnscoredCandidatesAsLost() {
        List<double[]> relevant = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            relevant.add(new double[] {i, i < 5 ? Double.NaN : i});
        }

        assertThat(LossControl.meanLoss(relevant, -100)).hasValue(0.125);
        assertThat(LossControl.onAverage(relevant, 0.1)).isEmpty();
        assertThat(LossControl.onAverage(relevant, 0.2)).hasValue(1);
    }

    @Test
    void leavesOutRequestsWithoutARelevantCandidate() {
        List<double[]> relevant = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            relevant.add(new double[] {i});
            relevant.add(new double[0]);
        }

        assertThat(LossControl.onAverage(relevant, 0.1))
                .isEqualTo(
                        LossControl.onAverage(
                                relevant.stream().filter(each -> each.length > 0).toList(), 0.1));
    }

    @Test
    void keepsItsPromiseOnNewRequests() {
        Random random = new Random(7);
        int broken = 0;
        double meanLoss = 0;
        int rounds = 400;
        for (int round = 0; round < rounds; round++) {
            List<double[]> judged = requests(random, 120);
            List<double[]> later = requests(random, 2_000);
            double sure = LossControl.withConfidence(judged, 0.1, 0.8).orElseThrow();
            double average = LossControl.onAverage(judged, 0.1).orElseThrow();
            if (LossControl.meanLoss(later, sure).orElseThrow() > 0.1) {
                broken++;
            }
            meanLoss += LossControl.meanLoss(later, average).orElseThrow() / rounds;
        }

        // 20 % may be broken; the bound is careful, so fewer are.
        assertThat(broken).isBetween(1, rounds / 5);
        assertThat(meanLoss).isBetween(0.08, 0.1);
    }

    @Test
    void refusesAConfidenceThatCannotBe() {
        assertThatThrownBy(() -> LossControl.withConfidence(List.of(), 0.1, 1))
                .hasMessageContaining("confidence");
    }

    private static List<double[]> requests(Random random, int count) {
        List<double[]> requests = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            double ease = random.nextGaussian();
            requests.add(random.doubles(1 + random.nextInt(5)).map(u -> ease + 4 * u).toArray());
        }
        return requests;
    }

    private static void assertSame(String name, OptionalDouble cut, JsonNode expected) {
        if (expected.isNull()) {
            assertThat(cut).as(name).isEmpty();
        } else {
            assertThat(cut).as(name).isPresent();
            assertThat(cut.getAsDouble()).as(name).isCloseTo(expected.asDouble(), within(1e-12));
        }
    }

    private static double[] numbers(JsonNode array) {
        double[] numbers = new double[array.size()];
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = array.get(i).doubleValue();
        }
        return numbers;
    }
}
