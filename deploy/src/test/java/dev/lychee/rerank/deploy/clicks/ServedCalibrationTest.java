package dev.lychee.rerank.deploy.clicks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Test;

class ServedCalibrationTest {

    private final ServedCalibration served = new ServedCalibration(2);

    @Test
    void measuresTheDistanceToTheTruthOfTheLastPages() {
        served.add(page(0, 0.9, 0.1));
        served.add(page(0, 0.9, 0.5));
        served.add(page(0, 0.9, 0.7));

        // The mean of 0.4 and 0.2: the first page is forgotten.
        assertThat(served.error().orElseThrow()).isCloseTo(0.3, within(1e-12));
        assertThat(served.maps()).isZero();
    }

    @Test
    void aNewMapBeginsAnew() {
        served.add(page(0, 0.9, 0.1));

        assertThat(served.add(page(5, 0.6, 0.5))).isTrue();
        assertThat(served.add(page(5, 0.6, 0.5))).isFalse();

        assertThat(served.error().orElseThrow()).isCloseTo(0.1, within(1e-12));
        assertThat(served.maps()).isEqualTo(1);
        assertThat(served.mapVersion()).isEqualTo(5);
        assertThat(served.pagesOfMap()).isEqualTo(2);
    }

    @Test
    void knowsNoErrorOfNothing() {
        assertThat(served.error()).isEmpty();
    }

    private static Page page(long mapVersion, double calibrated, double truth) {
        return new Page(
                "r",
                "c",
                "q",
                mapVersion,
                List.of(),
                List.of(),
                new double[] {calibrated},
                new double[] {truth});
    }
}
