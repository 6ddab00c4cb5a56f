package dev.lychee.rerank.operators.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import dev.lychee.rerank.operators.evaluation.RankingMetrics.Gain;
import dev.lychee.rerank.operators.postprocess.GoldenNumbers;
import java.util.Arrays;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class RankingMetricsTest {

    @Provide
    Arbitrary<double[]> grades() {
        return Arbitraries.of(
                        0.0,
                        0.0,
                        1.0,
                        2.0,
                        3.0,
                        -1.0,
                        0.5,
                        1e-300,
                        1e300,
                        Double.NaN,
                        Double.POSITIVE_INFINITY)
                .array(double[].class)
                .ofMaxSize(30);
    }

    @Test
    void agreesWithScikitLearn() {
        for (JsonNode golden : GoldenNumbers.section("ranking")) {
            double[] ranked = GoldenNumbers.numbers(golden, "ranked");
            int relevant = (int) Arrays.stream(ranked).filter(grade -> grade > 0).count();

            for (Map.Entry<String, JsonNode> cut : golden.get("ndcgLinear").properties()) {
                assertThat(RankingMetrics.ndcg(ranked, Integer.parseInt(cut.getKey()), Gain.LINEAR))
                        .isCloseTo(cut.getValue().asDouble(), within(1e-12));
            }
            for (Map.Entry<String, JsonNode> cut : golden.get("ndcgExponential").properties()) {
                assertThat(
                                RankingMetrics.ndcg(
                                        ranked, Integer.parseInt(cut.getKey()), Gain.EXPONENTIAL))
                        .isCloseTo(cut.getValue().asDouble(), within(1e-12));
            }
            assertThat(RankingMetrics.averagePrecision(ranked, relevant))
                    .isCloseTo(golden.get("averagePrecision").asDouble(), within(1e-12));
            assertThat(RankingMetrics.reciprocalRank(ranked))
                    .isCloseTo(golden.get("reciprocalRank").asDouble(), within(1e-12));
        }
    }

    @Test
    void missesWhatWasNotReturned() {
        double[] ranked = {1, 0, 1};
        double[] judged = {1, 1, 1, 1, 0};
        double dcg = 1 + 1 / (Math.log(4) / Math.log(2));
        double ideal = 1 + 1 / (Math.log(3) / Math.log(2)) + 1 / (Math.log(4) / Math.log(2));

        assertThat(RankingMetrics.ndcg(ranked, judged, 3, Gain.LINEAR))
                .isCloseTo(dcg / ideal, within(1e-12));
        assertThat(RankingMetrics.averagePrecision(ranked, 4))
                .isCloseTo((1 + 2.0 / 3) / 4, within(1e-12));
        assertThat(RankingMetrics.recall(ranked, 3, 4)).isEqualTo(0.5);
        assertThat(RankingMetrics.precision(ranked, 3)).isCloseTo(2.0 / 3, within(1e-15));
        assertThat(RankingMetrics.precision(ranked, 10)).isEqualTo(0.2);
        assertThat(RankingMetrics.recall(ranked, 1, 4)).isEqualTo(0.25);
    }

    @Test
    void valuesHighGradesMoreWithExponentialGain() {
        double[] ranked = {1, 3};

        assertThat(RankingMetrics.ndcg(ranked, 2, Gain.EXPONENTIAL))
                .isLessThan(RankingMetrics.ndcg(ranked, 2, Gain.LINEAR));
    }

    @Test
    void averagesReciprocalRanksOverQueries() {
        assertThat(
                        RankingMetrics.meanReciprocalRank(
                                new double[][] {{0, 1}, {1, 0}, {0, 0}, {0, 0, 0, 1}}))
                .isCloseTo((0.5 + 1 + 0 + 0.25) / 4, within(1e-15));
        assertThat(RankingMetrics.meanReciprocalRank(new double[0][])).isZero();
    }

    @Test
    void isZeroWithoutARelevantDocument() {
        double[] none = {0, -1, Double.NaN};

        assertThat(RankingMetrics.ndcg(none, 10, Gain.LINEAR)).isZero();
        assertThat(RankingMetrics.ndcg(new double[0], 10, Gain.EXPONENTIAL)).isZero();
        assertThat(RankingMetrics.averagePrecision(none, 0)).isZero();
        assertThat(RankingMetrics.reciprocalRank(none)).isZero();
        assertThat(RankingMetrics.recall(none, 3, 0)).isZero();
        assertThat(RankingMetrics.precision(none, 3)).isZero();
    }

    @Test
    void refusesACutOffBelowOne() {
        assertThatThrownBy(() -> RankingMetrics.ndcg(new double[] {1}, 0, Gain.LINEAR))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> RankingMetrics.precision(new double[] {1}, 0))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> RankingMetrics.recall(new double[] {1}, 0, 1))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Property
    void staysWithinZeroAndOne(
            @ForAll("grades") double[] ranked,
            @ForAll("grades") double[] judged,
            @ForAll Gain gain,
            @ForAll @IntRange(min = 1, max = 40) int cutoff) {
        assertThat(RankingMetrics.ndcg(ranked, cutoff, gain)).isBetween(0.0, 1.0);
        assertThat(RankingMetrics.ndcg(ranked, judged, cutoff, gain)).isBetween(0.0, 1.0);
        assertThat(RankingMetrics.averagePrecision(ranked, 3)).isBetween(0.0, 1.0);
        assertThat(RankingMetrics.reciprocalRank(ranked)).isBetween(0.0, 1.0);
        assertThat(RankingMetrics.precision(ranked, cutoff)).isBetween(0.0, 1.0);
        assertThat(RankingMetrics.recall(ranked, cutoff, 3)).isBetween(0.0, 1.0);
    }

    @Property
    void isPerfectOnlyForTheIdealOrder(@ForAll("grades") double[] ranked, @ForAll Gain gain) {
        double[] ideal = new double[ranked.length];
        for (int i = 0; i < ranked.length; i++) {
            ideal[i] = ranked[i] > 0 && Double.isFinite(ranked[i]) ? -ranked[i] : 0;
        }
        Arrays.sort(ideal);
        for (int i = 0; i < ideal.length; i++) {
            ideal[i] = -ideal[i];
        }
        boolean relevant = ideal.length > 0 && ideal[0] > 0;

        assertThat(RankingMetrics.ndcg(ideal, 10, gain)).isCloseTo(relevant ? 1 : 0, within(1e-12));
        assertThat(RankingMetrics.ndcg(ranked, 10, gain))
                .isLessThanOrEqualTo(RankingMetrics.ndcg(ideal, 10, gain) + 1e-12);
    }

    @Property
    void losesWhenABetterDocumentMovesDown(
            @ForAll @IntRange(min = 0, max = 18) int position, @ForAll Gain gain) {
        double[] ranked = new double[20];
        for (int i = 0; i < ranked.length; i++) {
            ranked[i] = (ranked.length - i) / 4.0;
        }
        double before = RankingMetrics.ndcg(ranked, 20, gain);
        double moved = ranked[position];
        ranked[position] = ranked[position + 1];
        ranked[position + 1] = moved;

        assertThat(RankingMetrics.ndcg(ranked, 20, gain)).isLessThan(before);
    }
}
