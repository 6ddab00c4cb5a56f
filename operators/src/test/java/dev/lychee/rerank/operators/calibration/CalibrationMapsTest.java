package dev.lychee.rerank.operators.calibration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lychee.rerank.schemas.CalibrationMap;
import dev.lychee.rerank.schemas.LossGuarantee;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class CalibrationMapsTest {

    @Test
    void backsOffToTheParentSegmentAndAtLastToTheDefault() throws Exception {
        CalibrationMaps maps =
                CalibrationMaps.ofJsonLines(
                        platt("default", 1) + platt("shop", 2) + platt("shop/mobile", 3));

        assertThat(version(maps, "shop/mobile")).isEqualTo(3);
        assertThat(version(maps, "shop/mobile/app")).isEqualTo(3);
        assertThat(version(maps, "shop/desktop")).isEqualTo(2);
        assertThat(version(maps, "elsewhere/mobile")).isEqualTo(1);
        assertThat(version(maps, null)).isEqualTo(1);
        assertThat(maps.find("other", "shop")).isNull();
    }

    @Test
    void readsATemperatureMapWithItsBand() throws Exception {
        CalibrationMap map =
                CalibrationMaps.ofJsonLines(
                                """
                                {"schema":1,"fingerprint":"f","segment":"default","version":1,"method":"temperature","temperature":2,"covariance":[0.01],"support":9}
                                """)
                        .find("f", null);

        assertThat(map).isNotNull();
        assertThat(CalibrationMaps.calibrator(map).method()).isEqualTo("temperature");
        assertThat(
                        CalibrationMaps.calibrator(map)
                                .calibrate(new double[] {0, 4}, new boolean[] {true, true})
                                .calibrated())
                .containsExactly(0.5, 1 / (1 + Math.exp(-2)));
    }

    @Test
    void namesTheLineThatCannotBeUsed() {
        assertThatThrownBy(
                        () ->
                                CalibrationMaps.ofJsonLines(
                                        platt("default", 1)
                                                + platt("a", 1).replace("platt", "temperature")))
                .isInstanceOf(InvalidCalibrationException.class)
                .hasMessageContaining("line 2")
                .hasMessageContaining("needs temperature");
    }

    @Test
    void takesTheLeastStrictCutThatKeepsThePromise() throws Exception {
        CalibrationMap map =
                CalibrationFit.fit("platt", "f", "default", 1, CalibrationFitTest.pairs(50, 3));
        LossGuarantee strict = new LossGuarantee(0.05, 0.9, -2, 100);
        LossGuarantee loose = new LossGuarantee(0.1, 0.9, -1, 100);
        LossGuarantee average = new LossGuarantee(0.1, null, -0.5, 100);
        CalibrationMap with = map.withGuarantees(List.of(strict, loose, average));

        assertThat(CalibrationMaps.guarantee(with, 0.1, 0.9)).isEqualTo(loose);
        assertThat(CalibrationMaps.guarantee(with, 0.07, 0.8)).isEqualTo(strict);
        assertThat(CalibrationMaps.guarantee(with, 0.2, 0)).isEqualTo(average);
        assertThat(CalibrationMaps.guarantee(with, 0.2, 0.95)).isNull();
        assertThat(CalibrationMaps.guarantee(with, 0.01, 0)).isNull();
    }

    private static String platt(String segment, int version) {
        return """
               {"schema":1,"fingerprint":"f","segment":"%s","version":%d,"method":"platt","slope":1,"intercept":0,"support":9}
               """
                .formatted(segment, version);
    }

    private static long version(CalibrationMaps maps, @Nullable String segment) {
        CalibrationMap found = maps.find("f", segment);
        assertThat(found).isNotNull();
        return found.version();
    }
}
