package dev.lychee.rerank.deploy.calibration;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.lychee.rerank.schemas.CalibrationMap;
import dev.lychee.rerank.schemas.Json;
import dev.lychee.rerank.schemas.MapEvidence;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Maps, and what lies in a topic of them. */
public final class TestingMaps {

    public static final long START = 1_780_000_000_000L;

    private TestingMaps() {}

    /** An isotonic map with a band and evidence; a higher version is a little steeper. */
    public static CalibrationMap map(String fingerprint, String segment, long version) {
        double end = Math.min(0.95, 0.6 + 0.03 * version);
        return new CalibrationMap(
                CalibrationMap.SCHEMA,
                fingerprint,
                segment,
                version,
                "isotonic",
                new double[] {-5, 0, 5},
                new double[] {0.05, 0.3, end},
                new double[] {0.01, 0.2, end - 0.1},
                new double[] {0.1, 0.4, end + 0.04},
                null,
                null,
                1234,
                null,
                null,
                null,
                new MapEvidence(0.12, 0.03, 0.21, 0.18));
    }

    /** The history of a topic that holds these, a minute after each other. */
    static MapHistory history(CalibrationMap... maps) {
        List<MapRecord> records = new ArrayList<>();
        for (CalibrationMap map : maps) {
            records.add(record(records.size(), json(map)));
        }
        return MapHistory.of(records);
    }

    static MapRecord record(long offset, String value) {
        return new MapRecord(
                offset, START + 60_000 * offset, value.getBytes(StandardCharsets.UTF_8));
    }

    public static String json(CalibrationMap map) {
        try {
            return Json.mapper().writeValueAsString(map);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }
}
