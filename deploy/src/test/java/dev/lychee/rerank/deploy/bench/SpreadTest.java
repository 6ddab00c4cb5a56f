package dev.lychee.rerank.deploy.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class SpreadTest {

    @Test
    void takesTheMiddleOfAnOddNumberAndTheMeanOfTheTwoInTheMiddleOfAnEvenOne() {
        assertThat(Spread.of(List.of(5.0, 1.0, 3.0))).isEqualTo(new Spread(3, 1, 5));
        assertThat(Spread.of(List.of(4.0, 1.0, 2.0, 9.0))).isEqualTo(new Spread(3, 1, 9));
    }

    @Test
    void takesTheNearestRankAsPercentile() {
        List<Double> values = List.of(10.0, 20.0, 30.0, 40.0);

        assertThat(Spread.percentile(values, 0.5)).isEqualTo(20);
        assertThat(Spread.percentile(values, 0.95)).isEqualTo(40);
        assertThat(Spread.percentile(values, 0)).isEqualTo(10);
    }

    @Test
    void needsAValue() {
        assertThatThrownBy(() -> Spread.of(List.of())).isInstanceOf(IllegalArgumentException.class);
    }
}
