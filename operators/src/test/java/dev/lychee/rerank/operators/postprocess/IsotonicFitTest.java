package dev.lychee.rerank.operators.postprocess;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import dev.lychee.rerank.operators.postprocess.IsotonicFit.Block;
import java.util.Arrays;
import java.util.List;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

class IsotonicFitTest {

    private static final IdentityCalibrator UNFITTED = new IdentityCalibrator(1);

    @Provide
    Arbitrary<TestingSet> messy() {
        return TestingSet.messy();
    }

    @Provide
    Arbitrary<TestingSet> scores() {
        return TestingSet.scores();
    }

    @Test
    void predictsWhatScikitLearnPredicts() {
        for (JsonNode golden : GoldenNumbers.section("isotonic")) {
            double[] query = GoldenNumbers.numbers(golden, "query");

            double[] stepped = predict(fit(golden).stepped(UNFITTED), query);

            assertThat(
                            GoldenNumbers.largestDifference(
                                    stepped, GoldenNumbers.numbers(golden, "stepped")))
                    .as(golden.get("name").asText())
                    .isLessThan(1e-12);
        }
    }

    @Test
    void interpolatesBetweenTheCentresOfScikitLearnsBlocks() {
        for (JsonNode golden : GoldenNumbers.section("isotonic")) {
            double[] query = GoldenNumbers.numbers(golden, "query");

            double[] centred = predict(fit(golden).centred(UNFITTED), query);

            assertThat(
                            GoldenNumbers.largestDifference(
                                    centred, GoldenNumbers.numbers(golden, "centred")))
                    .as(golden.get("name").asText())
                    .isLessThan(1e-12);
        }
    }

    @Test
    void givesEachBlockItsWilsonInterval() {
        int compared = 0;
        for (JsonNode golden : GoldenNumbers.section("isotonic")) {
            List<Block> blocks = fit(golden).blocks();
            assertThat(blocks).hasSize(golden.get("blocks").size());
            for (int i = 0; i < blocks.size(); i++) {
                JsonNode expected = golden.get("blocks").get(i);
                Block block = blocks.get(i);
                assertThat(block.weight())
                        .isCloseTo(expected.get("weight").asDouble(), within(1e-9));
                if (expected.has("low")) {
                    assertThat(block.low())
                            .isCloseTo(expected.get("low").asDouble(), within(1e-12));
                    assertThat(block.high())
                            .isCloseTo(expected.get("high").asDouble(), within(1e-12));
                    compared++;
                }
            }
        }
        assertThat(compared).isGreaterThan(10);
    }

    @Test
    void poolsTiesThenViolators() {
        IsotonicFit fit =
                IsotonicFit.fit(new double[] {3, 1, 2, 2}, new double[] {1, 1, 0, 1}, ones(4));

        // By hand: the two samples at 2 average 0.5, below the 1 before them; all three pool to
        // 2/3.
        assertThat(fit.blocks())
                .extracting(Block::firstLogit, Block::lastLogit, Block::weight)
                .containsExactly(tuple(1.0, 2.0, 3.0), tuple(3.0, 3.0, 1.0));
        assertThat(fit.blocks().get(0).probability()).isCloseTo(2.0 / 3, within(1e-15));
        assertThat(fit.blocks().get(0).centreLogit()).isCloseTo(5.0 / 3, within(1e-15));
    }

    @Test
    void countsAWeightAsThatManySamples() {
        IsotonicFit weighted =
                IsotonicFit.fit(new double[] {0, 1}, new double[] {1, 0}, new double[] {3, 1});
        IsotonicFit repeated =
                IsotonicFit.fit(new double[] {0, 1, 0, 0}, new double[] {1, 0, 1, 1}, ones(4));

        assertThat(weighted.blocks()).isEqualTo(repeated.blocks());
        assertThat(weighted.blocks().get(0).probability()).isEqualTo(0.75);
    }

    @Test
    void staysTheIdentityWithoutSamples() {
        IsotonicFit fit =
                IsotonicFit.fit(
                        new double[] {Double.NaN, 1, 1, 1},
                        new double[] {1, Double.NaN, 1, 1},
                        new double[] {1, 1, 0, -2});

        assertThat(fit.blocks()).isEmpty();
        assertThat(fit.stepped(UNFITTED)).isSameAs(UNFITTED);
        assertThat(fit.centred(UNFITTED)).isSameAs(UNFITTED);
    }

    @Test
    void narrowsTheBandAsSamplesCome() {
        double[] y = {0.25};
        Block few = IsotonicFit.fit(new double[] {0}, y, new double[] {10}).blocks().get(0);
        Block many = IsotonicFit.fit(new double[] {0}, y, new double[] {10_000}).blocks().get(0);
        Block tiny =
                IsotonicFit.fit(new double[] {0}, y, new double[] {Double.MIN_VALUE})
                        .blocks()
                        .get(0);

        assertThat(many.high() - many.low())
                .isCloseTo(2 * 1.96 * Math.sqrt(0.1875 / 1e4), within(1e-4));
        assertThat(few.high() - few.low()).isGreaterThan(10 * (many.high() - many.low()));
        assertThat(tiny.low()).isCloseTo(0, within(1e-12));
        assertThat(tiny.high()).isCloseTo(1, within(1e-12));
    }

    @Property
    void risesFromBlockToBlockWhateverItIsGiven(
            @ForAll("messy") TestingSet logits, @ForAll("messy") TestingSet labels) {
        int size = Math.min(logits.size(), labels.size());
        double[] weights = new double[size];
        for (int i = 0; i < size; i++) {
            weights[i] = Math.abs(labels.values()[size - 1 - i]);
        }

        List<Block> blocks =
                IsotonicFit.fit(
                                Arrays.copyOf(logits.values(), size),
                                Arrays.copyOf(labels.values(), size),
                                weights)
                        .blocks();

        for (int i = 0; i < blocks.size(); i++) {
            Block block = blocks.get(i);
            assertThat(block.centreLogit()).isBetween(block.firstLogit(), block.lastLogit());
            assertThat(block.low()).isBetween(0.0, block.probability());
            assertThat(block.high()).isBetween(block.probability(), 1.0);
            if (i > 0) {
                assertThat(block.probability()).isGreaterThan(blocks.get(i - 1).probability());
                assertThat(block.firstLogit()).isGreaterThan(blocks.get(i - 1).lastLogit());
            }
        }
    }

    @Property
    void keepsTheMeanOfTheLabels(@ForAll("scores") TestingSet set, @ForAll long seed) {
        double[] labels =
                TestingSet.inOrder(set.values(), TestingSet.shuffledOrder(set.size(), seed));

        double mass = 0;
        for (Block block : IsotonicFit.fit(set.values(), labels, ones(set.size())).blocks()) {
            mass += block.probability() * block.weight();
        }

        assertThat(mass).isCloseTo(Arrays.stream(labels).sum(), within(1e-9));
    }

    @Property
    void leavesLabelsThatAlreadyRiseAsTheyAre(@ForAll("scores") TestingSet set) {
        double[] fitted =
                predict(
                        IsotonicFit.fit(set.values(), set.values(), ones(set.size()))
                                .stepped(UNFITTED),
                        set.values());

        assertThat(fitted).containsExactly(set.values(), within(1e-12));
    }

    private static IsotonicFit fit(JsonNode golden) {
        return IsotonicFit.fit(
                GoldenNumbers.numbers(golden, "logits"),
                GoldenNumbers.numbers(golden, "labels"),
                GoldenNumbers.numbers(golden, "weights"));
    }

    private static double[] predict(Calibrator calibrator, double[] logits) {
        boolean[] usable = new boolean[logits.length];
        Arrays.fill(usable, true);
        return calibrator.calibrate(logits, usable).calibrated();
    }

    private static double[] ones(int count) {
        double[] ones = new double[count];
        Arrays.fill(ones, 1);
        return ones;
    }
}
