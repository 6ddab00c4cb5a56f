package dev.lychee.rerank.deploy.calibration;

import static dev.lychee.rerank.deploy.calibration.TestingMaps.map;
import static org.assertj.core.api.Assertions.assertThat;

import dev.lychee.rerank.deploy.terminal.DisplayWidth;
import dev.lychee.rerank.operators.calibration.CalibrationMaps;
import dev.lychee.rerank.schemas.CalibrationMap;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MapPlotTest {

    @ParameterizedTest
    @ValueSource(ints = {40, 79, 120, 250})
    void isAsWideAsTheTerminal(int columns) {
        List<String> lines = MapPlot.of(map("f", "default", 7), columns);

        assertThat(lines).extracting(DisplayWidth::of).allMatch(width -> width <= columns);
        assertThat(lines).extracting(DisplayWidth::of).contains(columns);
        assertThat(lines).anyMatch(line -> line.contains("░"));
    }

    @Test
    void risesToTheRightWithinItsBand() {
        List<String> rows = MapPlot.of(map("f", "default", 7), 80).subList(0, 17);

        int before = -1;
        for (int row = rows.size() - 1; row >= 0; row--) {
            int first = rows.get(row).indexOf('●');
            if (first >= 0) {
                assertThat(first).as("row %d", row).isGreaterThan(before);
                before = first;
            }
        }
        String right = column(rows, 79);
        assertThat(right.indexOf('░')).isLessThan(right.indexOf('●'));
        assertThat(right.indexOf('●')).isLessThan(right.lastIndexOf('░'));
    }

    @Test
    void aTemperatureOfOneCoversTheLineWithoutTheMap() throws Exception {
        CalibrationMap neutral =
                CalibrationMaps.decode(
                        """
                        {"schema":1,"fingerprint":"f","segment":"default","version":1,"method":"temperature","temperature":1,"support":9}
                        """
                                .getBytes(StandardCharsets.UTF_8));

        List<String> lines = MapPlot.of(neutral, 81);

        assertThat(lines).noneMatch(line -> line.contains("·")).noneMatch(l -> l.contains("░"));
        assertThat(lines.get(lines.size() - 2)).startsWith("  logit -6.00").endsWith("6.00");
        assertThat(lines.get(lines.size() - 1)).contains("0.50").endsWith("1.00");
    }

    private static String column(List<String> rows, int at) {
        StringBuilder column = new StringBuilder();
        for (String row : rows) {
            column.append(row.length() > at ? row.charAt(at) : ' ');
        }
        return column.toString();
    }
}
