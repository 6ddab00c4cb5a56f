package dev.lychee.rerank.deploy.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import org.junit.jupiter.api.Test;

class LeastSquaresTest {

    @Property(tries = 200)
    void findsTheSlopeOfALine(
            @ForAll @DoubleRange(min = -100, max = 100) double slope,
            @ForAll @DoubleRange(min = -1e4, max = 1e4) double start) {
        double[] x = {3, 3.1, 4, 7, 9.5};
        double[] y = Arrays.stream(x).map(each -> start + slope * each).toArray();

        assertThat(LeastSquares.slope(x, y)).isCloseTo(slope, within(1e-6));
    }

    @Test
    void givesTheSlopeThatNumpyGives() {
        // numpy.polyfit([0, 1, 2, 3, 4], [1, 3, 2, 5, 4], 1)[0]
        assertThat(LeastSquares.slope(new double[] {0, 1, 2, 3, 4}, new double[] {1, 3, 2, 5, 4}))
                .isCloseTo(0.8, within(1e-12));
    }

    @Test
    void isLevelWhereAllPointsAreAtOneMoment() {
        assertThat(LeastSquares.slope(new double[] {2, 2}, new double[] {1, 5})).isZero();
    }

    @Test
    void needsTwoPoints() {
        assertThatThrownBy(() -> LeastSquares.slope(new double[] {1}, new double[] {1}))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
