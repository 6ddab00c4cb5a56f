package dev.lychee.rerank.operators.clicks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.lychee.rerank.operators.postprocess.GoldenNumbers;
import dev.lychee.rerank.operators.postprocess.IdentityCalibrator;
import java.io.InputStream;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class DebiasedBinsTest {

    @Test
    void labelsAndFitAreThoseOfNumpyAndScikitLearn() throws Exception {
        JsonNode root;
        try (InputStream json = DebiasedBinsTest.class.getResourceAsStream("/golden/clicks.json")) {
            root = new ObjectMapper().readTree(json);
        }
        for (JsonNode golden : root.get("fits")) {
            DebiasedBins bins = bins(golden);
            boolean[] usable = new boolean[bins.logits().length];
            Arrays.fill(usable, true);

            double[] fitted =
                    bins.fit()
                            .stepped(new IdentityCalibrator(1))
                            .calibrate(bins.logits(), usable)
                            .calibrated();

            assertClose(bins.logits(), golden, "logits", 1e-5);
            assertClose(bins.labels(), golden, "labels", 1e-9);
            assertClose(bins.weights(), golden, "weights", 1e-9);
            assertClose(fitted, golden, "fitted", 1e-9);
        }
    }

    @Test
    void anImpressionIsWorthAsMuchAsItsRankIsExamined() {
        ClickTable table = new ClickTable(2);
        table.add(1, 0.1, 1, 0.5);
        table.add(2, 0.1, 0, 0.5);
        ClickModel model = new ClickModel(new double[] {1, 0.25}, 1, new double[] {0, 0});

        DebiasedBins bins = DebiasedBins.of(table, model, 0.05);

        assertThat(bins.weights()).containsExactly(1.25);
        assertThat(bins.labels()).containsExactly(1 / 1.25);
        assertThat(bins.support()).isEqualTo(1.25);
        assertThat(bins.relevant()).isCloseTo(1, within(1e-12));
    }

    @Test
    void ranksThatHardlyAnybodySeesTakeNoPart() {
        ClickTable table = new ClickTable(2);
        table.add(2, 0.1, 1, 0.5);
        ClickModel model = new ClickModel(new double[] {1, 0.01}, 1, new double[] {0, 0});

        assertThat(DebiasedBins.of(table, model, 0.05).weights()).isEmpty();
    }

    private static DebiasedBins bins(JsonNode golden) {
        ClickTable table = new ClickTable(golden.get("ranks").asInt());
        double[] logits = GoldenNumbers.numbers(golden, "logit");
        for (int i = 0; i < logits.length; i++) {
            table.add(
                    golden.get("rank").get(i).asInt(),
                    logits[i],
                    golden.get("click").get(i).asInt(),
                    0.5);
        }
        ClickModel model =
                new ClickModel(
                        GoldenNumbers.numbers(golden, "examination"),
                        golden.get("positive").asDouble(),
                        GoldenNumbers.numbers(golden, "negative"));
        return DebiasedBins.of(table, model, golden.get("smallest_slope").asDouble());
    }

    private static void assertClose(
            double[] actual, JsonNode golden, String field, double tolerance) {
        assertThat(GoldenNumbers.largestDifference(actual, GoldenNumbers.numbers(golden, field)))
                .as("%s of %s", field, golden.get("name").asText())
                .isLessThan(tolerance);
    }
}
