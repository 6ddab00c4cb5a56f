package dev.lychee.rerank.operators.calibration;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.lychee.rerank.operators.postprocess.Calibrator;
import dev.lychee.rerank.operators.postprocess.IsotonicCalibrator;
import dev.lychee.rerank.operators.postprocess.PlattCalibrator;
import dev.lychee.rerank.operators.postprocess.TemperatureCalibrator;
import dev.lychee.rerank.schemas.CalibrationMap;
import dev.lychee.rerank.schemas.Json;
import dev.lychee.rerank.schemas.LossGuarantee;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Fitted maps by fingerprint and segment. A segment without a map of its own takes that of its
 * parent, which is the part before its last {@code /}, and at last that of {@link
 * CalibrationMap#DEFAULT_SEGMENT}; a fingerprint without any has none, which means identity.
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
        for (String part = segment; part != null; part = parent(part)) {
            CalibrationMap own = maps.get(new Key(fingerprint, part));
            if (own != null) {
                return own;
            }
        }
        return maps.get(new Key(fingerprint, CalibrationMap.DEFAULT_SEGMENT));
    }

    private static @Nullable String parent(String segment) {
        int slash = segment.lastIndexOf('/');
        return slash < 0 ? null : segment.substring(0, slash);
    }

    /** All maps, one per fingerprint and segment, in no order. */
    public Collection<CalibrationMap> all() {
        return maps.values();
    }

    /**
     * The cut of a map that keeps a promise and is no stricter than it must be: of those with at
     * most that loss and at least that confidence, the one with the largest loss, then the lowest
     * confidence.
     *
     * @param maxLoss largest share of the relevant candidates that may be lost, 0..1
     * @param confidence how sure that must be, 0..1; 0 takes a cut that holds on average too
     * @return null if the map has none
     */
    public static @Nullable LossGuarantee guarantee(
            CalibrationMap map, double maxLoss, double confidence) {
        return guarantees(map).stream()
                .filter(each -> each.maxLoss() <= maxLoss && confidence(each) >= confidence)
                .max(
                        Comparator.comparingDouble(LossGuarantee::maxLoss)
                                .thenComparing(each -> -confidence(each)))
                .orElse(null);
    }

    private static List<LossGuarantee> guarantees(CalibrationMap map) {
        return Objects.requireNonNullElse(map.guarantees(), List.of());
    }

    private static double confidence(LossGuarantee guarantee) {
        Double confidence = guarantee.confidence();
        return confidence == null ? 0 : confidence;
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
        for (LossGuarantee guarantee : guarantees(map)) {
            if (!Double.isFinite(guarantee.logit())) {
                throw new IllegalArgumentException("guarantees need a finite logit");
            }
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
                return new PlattCalibrator(slope, intercept, map.covariance());
            }
            case "temperature" -> {
                Double temperature = map.temperature();
                double[] covariance = map.covariance();
                if (temperature == null || (covariance != null && covariance.length == 0)) {
                    throw new IllegalArgumentException(
                            "a temperature map needs temperature, and a covariance of one number or none");
                }
                return new TemperatureCalibrator(
                        temperature, covariance == null ? null : (Double) covariance[0]);
            }
            default ->
                    throw new IllegalArgumentException(
                            "method \"%s\" is unknown; known are isotonic, platt and temperature"
                                    .formatted(map.method()));
        }
    }
}
