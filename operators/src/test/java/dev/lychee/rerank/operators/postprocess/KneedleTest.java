package dev.lychee.rerank.operators.postprocess;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Arrays;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KneedleTest {

    private static final ThresholdOptions OPTIONS = ThresholdOptions.DEFAULTS;

    @Provide
    Arbitrary<double[]> curves() {
        return Arbitraries.integers()
                .between(0, 1000)
                .map(i -> i / 1000.0)
                .array(double[].class)
                .ofMinSize(4)
                .ofMaxSize(80)
                .map(KneedleTest::sorted)
                .filter(curve -> curve[curve.length - 1] > curve[0]);
    }

    @Test
    void findsTheKneesOfThePublishedDefinition() {
        for (JsonNode golden : GoldenNumbers.section("knee")) {
            double[] scores = sorted(GoldenNumbers.numbers(golden, "scores"));

            Kneedle.Knee knee = Kneedle.find(scores, golden.get("sensitivity").asDouble());

            String name = golden.get("name").asText() + ", S " + golden.get("sensitivity");
            if (golden.get("rank").isNull()) {
                assertThat(knee).as(name).isNull();
            } else {
                assertThat(knee).as(name).isNotNull();
                assertThat(knee.rank()).as(name).isEqualTo(golden.get("rank").asInt());
                assertThat(knee.bulge())
                        .as(name)
                        .isCloseTo(golden.get("bulge").asDouble(), within(1e-12));
            }
        }
    }

    @Property
    void liesAtTheBottomOfAStep(@ForAll("curves") double[] ascending) {
        Kneedle.Knee knee = Kneedle.find(ascending, 1);

        if (knee != null) {
            int count = ascending.length;
            assertThat(knee.rank()).isBetween(1, count - 2);
            assertThat(knee.bulge()).isBetween(0.0, 1.0);
            assertThat(ascending[count - knee.rank()])
                    .isGreaterThan(ascending[count - knee.rank() - 1]);
        }
    }

    @Property
    void findsFewerKneesTheMoreTheyMustShow(@ForAll("curves") double[] ascending) {
        Kneedle.Knee faint = Kneedle.find(ascending, 0);
        Kneedle.Knee clear = Kneedle.find(ascending, 5);

        if (clear != null) {
            assertThat(faint).isNotNull();
            assertThat(faint.bulge()).isGreaterThanOrEqualTo(clear.bulge());
        }
    }

    @Test
    void keepsTheSteepPartAndSaysHowClearTheKneeIs() {
        double[] scores = new double[30];
        for (int i = 0; i < scores.length; i++) {
            scores[i] = Math.exp(-0.5 * i);
        }

        ThresholdOutcome decision =
                Thresholders.of("knee").decide(scores, TestingSet.of(scores).usable());

        assertThat(decision)
                .returns(true, ThresholdOutcome::applied)
                .returns(5, ThresholdOutcome::kept)
                .returns("knee after rank 5, bulge 0.75", ThresholdOutcome::reason);
        assertThat(decision.value()).isBetween(scores[5], scores[4]);
    }

    @Test
    void keepsAllWhereTheCurveHasNoKnee() {
        assertThat(reason(0.1, 0.1, 0.1, 0.1)).isEqualTo("all scores equal, kept all");
        assertThat(reason(0.9, 0.1, 0.1)).isEqualTo("too few scores for a knee, kept all");
        assertThat(reason(0.1, 0.2, 0.3, 0.4, 0.5)).isEqualTo("no knee in the curve, kept all");
        assertThat(reason(0.9, 0.5, 0.2, 0.1, 0.05, 0.0))
                .isEqualTo("no clear knee (bulge 0.38 of 0.76 needed), kept all");
    }

    @ParameterizedTest
    @ValueSource(ints = {8, 20, 50, 200})
    void cutsFewerThanOneInAHundredUniformSets(int size) {
        Random random = new Random(42);
        int cuts = 0;
        for (int i = 0; i < 5_000; i++) {
            double[] scores = random.doubles(size).toArray();
            if (Thresholders.of("knee").decide(scores, TestingSet.of(scores).usable()).applied()) {
                cuts++;
            }
        }

        assertThat(cuts).isLessThan(50);
    }

    private static String reason(double... scores) {
        return Thresholders.of("knee", OPTIONS)
                .decide(scores, TestingSet.of(scores).usable())
                .reason();
    }

    private static double[] sorted(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        return sorted;
    }
}
