package dev.lychee.rerank.deploy.clicks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.lychee.rerank.deploy.eval.Qrels;
import dev.lychee.rerank.schemas.ResultItem;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TruthTest {

    private static final ResultItem ITEM = TestingResults.result("r", 0, 3, 2).results().get(0);
    private static final Qrels QRELS = new Qrels(Map.of("q-1", Map.of("sku-1", 2, "x", 3)));

    @Test
    void aDistortionMovesAndStretchesTheLogit() {
        assertThat(new Truth.Distortion(4, 3).relevance("r", ITEM)).isEqualTo(0.5);
        assertThat(new Truth.Distortion(1, 3 - Math.log(3)).relevance("r", ITEM))
                .isCloseTo(0.75, within(1e-12));
        assertThatThrownBy(() -> new Truth.Distortion(0, 1)).hasMessageContaining("above 0");
    }

    @Test
    void judgementsCountByTheGainOfTheirGrade() {
        Truth truth = Truth.Judgements.of(QRELS);

        assertThat(truth.relevance("q-1", ITEM)).isEqualTo(3.0 / 8);
        assertThat(truth.description())
                .isEqualTo("P(relevant) by grade from 0 on: 0.000 0.125 0.375 0.875");
    }

    @Test
    void judgementsHoldForTheSameQueryAskedAgain() {
        Truth truth = new Truth.Judgements(QRELS, new double[] {0.1, 0.2, 0.9});

        assertThat(truth.relevance("q-1-17", ITEM)).isEqualTo(0.9);
        assertThat(truth.relevance("q-2", ITEM)).isNull();
        assertThat(truth.relevance("q", ITEM)).isNull();
    }

    @Test
    void whatNobodyJudgedHasGradeZeroAndHighGradesAreAsTheLast() {
        Qrels other = new Qrels(Map.of("q-1", Map.of("sku-2", 9)));
        Truth truth = new Truth.Judgements(other, new double[] {0.1, 0.7});
        ResultItem second = TestingResults.result("r", 0, 3, 2).results().get(1);

        assertThat(truth.relevance("q-1", ITEM)).isEqualTo(0.1);
        assertThat(truth.relevance("q-1", second)).isEqualTo(0.7);
    }
}
