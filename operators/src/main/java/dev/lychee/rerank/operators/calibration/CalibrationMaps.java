package dev.lychee.rerank.operators.calibration;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.lychee.rerank.operators.postprocess.Calibrator;
import dev.lychee.rerank.operators.postprocess.IsotonicCalibrator;
import dev.lychee.rerank.operators.postprocess.PlattCalibrator;
import dev.lychee.rerank.schemas.CalibrationMap;
import dev.lychee.rerank.schemas.Json;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Fitted maps by fingerprint and segment. A segment without a map of its own takes the map of
 * {@link CalibrationMap#DEFAULT_SEGMENT}; a fingerprint without any has none, which means identity.
 */
public final class CalibrationMaps {

    /** No maps at all. */
    public static final CalibrationMaps NONE = new CalibrationMaps(Map.of());

    private final Map<Key, CalibrationMap> maps;

    private record Key(String fingerprint, String segment) {}

    private CalibrationMaps(Map<Key, CalibrationMap> maps) {
        this.maps = maps;
    }

    /**
     * Reads maps, one JSON object per line; of several for the same fingerprint and segment the
     * highest version counts.
     *
     * @throws InvalidCalibrationException naming the line that cannot be used, and why
     */
    public static CalibrationMaps ofJsonLines(String lines) throws InvalidCalibrationException {
        Map<Key, CalibrationMap> maps = new HashMap<>();
        int number = 0;
        for (String line : lines.split("\n", -1)) {
            number++;
            if (line.isBlank()) {
                continue;
            }
            try {
                CalibrationMap map = Json.mapper().readValue(line, CalibrationMap.class);
                calibrator(map);
                maps.merge(
                        new Key(map.fingerprint(), map.segment()),
                        map,
                        (a, b) -> a.version() >= b.version() ? a : b);
            } catch (JsonProcessingException e) {
                throw new InvalidCalibrationException(
                        "calibration map in line %d is not the JSON that was expected: %s"
                                .formatted(number, Json.problem(e)));
            } catch (IllegalArgumentException e) {
                throw new InvalidCalibrationException(
                        "calibration map in line %d: %s".formatted(number, e.getMessage()));
            }
        }
        return new CalibrationMaps(maps);
    }

    /**
     * The map for a set, or null.
     *
     * @param segment the set's segment; null for none
     */
    public @Nullable CalibrationMap find(String fingerprint, @Nullable String segment) {
        CalibrationMap own = segment == null ? null : maps.get(new Key(fingerprint, segment));
        return own != null ? own : maps.get(new Key(fingerprint, CalibrationMap.DEFAULT_SEGMENT));
    }

    /**
     * The calibrator that a map describes.
     *
     * @throws IllegalArgumentException when the map contradicts itself
     */
    public static Calibrator calibrator(CalibrationMap map) {
        if (map.fingerprint() == null || map.segment() == null || map.method() == null) {
            throw new IllegalArgumentException("fingerprint, segment and method are required");
        }
        switch (map.method()) {
            case "isotonic" -> {
                double[] logits = map.logits();
                double[] probabilities = map.probabilities();
                if (logits == null || probabilities == null) {
                    throw new IllegalArgumentException(
                            "an isotonic map needs logits and probabilities");
                }
                return new IsotonicCalibrator(logits, probabilities, map.low(), map.high());
            }
            case "platt" -> {
                Double slope = map.slope();
                Double intercept = map.intercept();
                if (slope == null || intercept == null) {
                    throw new IllegalArgumentException("a platt map needs slope and intercept");
                }
                return new PlattCalibrator(slope, intercept);
            }
            default ->
                    throw new IllegalArgumentException(
                            "method \"%s\" is unknown; known are isotonic and platt"
                                    .formatted(map.method()));
        }
    }
}
