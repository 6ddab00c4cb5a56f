package dev.lychee.rerank.operators.calibration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lychee.rerank.operators.evaluation.CalibrationMetrics;
import dev.lychee.rerank.operators.postprocess.CalibratedScores;
import dev.lychee.rerank.operators.postprocess.Probability;
import dev.lychee.rerank.operators.postprocess.Ranking;
import dev.lychee.rerank.schemas.CalibrationMap;
import dev.lychee.rerank.schemas.Json;
import dev.lychee.rerank.schemas.LossGuarantee;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CalibrationFitTest {

    @Provide
    Arbitrary<String> methods() {
        return Arbitraries.of(CalibrationFit.METHODS);
    }

    @ParameterizedTest
    @ValueSource(strings = {"isotonic", "platt", "temperature"})
    void bringsOverconfidentLogitsCloserToTheTruthOnRequestsItHasNotSeen(String method)
            throws Exception {
        CalibrationFit.HeldOut held = CalibrationFit.crossValidate(method, pairs(400, 1), 5);
        boolean[] usable = new boolean[held.logits().length];
        Arrays.fill(usable, true);
        double[] before = Probability.ofLogits(held.logits(), usable, 1);

        assertThat(error(held.probabilities(), held.labels()))
                .isLessThan(error(before, held.labels()) / 2);
        assertThat(CalibrationMetrics.logLoss(held.probabilities(), held.labels()).orElseThrow())
                .isLessThan(CalibrationMetrics.logLoss(before, held.labels()).orElseThrow());
    }

    @Test
    void holdsOutEachPairOnce() throws Exception {
        List<JudgedPair> pairs = pairs(60, 2);

        CalibrationFit.HeldOut held = CalibrationFit.crossValidate("platt", pairs, 4);

        assertThat(held.logits())
                .containsExactlyInAnyOrder(pairs.stream().mapToDouble(JudgedPair::logit).toArray());
    }

    @ParameterizedTest
    @ValueSource(strings = {"isotonic", "platt", "temperature"})
    void writesMapsThatTheJobReads(String method) throws Exception {
        List<JudgedPair> pairs = pairs(200, 5);
        CalibrationMap map =
                CalibrationFit.withGuarantees(
                        CalibrationFit.fit(method, "f", "shop/mobile", 3, pairs),
                        pairs,
                        List.of(0.1, 0.001),
                        0.9);

        String line = Json.mapper().writeValueAsString(map);
        CalibrationMap read = CalibrationMaps.ofJsonLines(line).find("f", "shop/mobile");

        assertThat(read).isNotNull();
        assertThat(Json.mapper().writeValueAsString(read)).isEqualTo(line);
        assertThat(read.guarantees())
                .singleElement()
                .satisfies(
                        cut -> {
                            assertThat(cut.maxLoss()).isEqualTo(0.1);
                            assertThat(cut.requests())
                                    .isEqualTo(CalibrationFit.relevantByRequest(pairs).size());
                        });
        CalibratedScores scores =
                CalibrationMaps.calibrator(read)
                        .calibrate(new double[] {0.5}, new boolean[] {true});
        assertThat(scores.low()).isNotNull();
        assertThat(scores.low()[0]).isLessThan(scores.calibrated()[0]);
    }

    @Test
    void promisesOnAverageWithoutAConfidence() throws Exception {
        List<JudgedPair> pairs = pairs(200, 5);
        CalibrationMap map = CalibrationFit.fit("platt", "f", "default", 1, pairs);

        LossGuarantee sure =
                CalibrationFit.withGuarantees(map, pairs, List.of(0.1), 0.99).guarantees().get(0);
        LossGuarantee average =
                CalibrationFit.withGuarantees(map, pairs, List.of(0.1), null).guarantees().get(0);

        assertThat(average.confidence()).isNull();
        assertThat(average.logit()).isGreaterThan(sure.logit());
    }

    @Test
    void saysWhatIsWrongWithTheLabels() {
        List<JudgedPair> same = List.of(new JudgedPair("a", 1, 1), new JudgedPair("b", 2, 1));
        List<JudgedPair> upsideDown =
                pairs(100, 1).stream()
                        .map(pair -> new JudgedPair("r", pair.logit(), 1 - pair.label()))
                        .toList();

        assertThatThrownBy(() -> CalibrationFit.fit("isotonic", "f", "free", 1, same))
                .isInstanceOf(InvalidCalibrationException.class)
                .hasMessage(
                        "segment free: all of its 2 scored pairs are relevant; both kinds are needed");
        assertThatThrownBy(() -> CalibrationFit.fit("platt", "f", "default", 1, upsideDown))
                .isInstanceOf(InvalidCalibrationException.class)
                .hasMessageContaining("does not rise");
    }

    @Property(tries = 300)
    void neverReordersASetByItself(@ForAll("methods") String method, @ForAll long seed)
            throws Exception {
        CalibrationMap map = CalibrationFit.fit(method, "f", "default", 1, pairs(40, seed));
        double[] logits = new Random(seed).doubles(30, -12, 12).toArray();
        boolean[] scored = new boolean[logits.length];
        Arrays.fill(scored, true);

        double[] calibrated =
                CalibrationMaps.calibrator(map).calibrate(logits, scored).calibrated();

        assertThat(calibrated).doesNotContain(Double.NaN);
        assertThat(Ranking.byScore(calibrated, logits, scored, null))
                .isEqualTo(Ranking.byScore(logits, logits, scored, null));
    }

    /** Requests of ten pairs whose logits are three times as sure as they should be. */
    static List<JudgedPair> pairs(int requests, long seed) {
        Random random = new Random(seed);
        List<JudgedPair> pairs = new ArrayList<>();
        for (int request = 0; request < requests; request++) {
            for (int i = 0; i < 10; i++) {
                double truth = 2 * random.nextGaussian() - 0.5;
                boolean relevant = random.nextDouble() < Probability.sigmoid(truth);
                pairs.add(new JudgedPair("r-" + request, 3 * truth, relevant ? 1 : 0));
            }
        }
        return pairs;
    }

    private static double error(double[] probabilities, double[] labels) {
        return CalibrationMetrics.expectedCalibrationError(probabilities, labels, 15).orElseThrow();
    }
}
