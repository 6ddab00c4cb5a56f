package dev.lychee.rerank.operators.calibration;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.lychee.rerank.operators.postprocess.Calibrator;
import dev.lychee.rerank.operators.postprocess.IsotonicCalibrator;
import dev.lychee.rerank.operators.postprocess.PlattCalibrator;
import dev.lychee.rerank.operators.postprocess.TemperatureCalibrator;
import dev.lychee.rerank.schemas.CalibrationMap;
import dev.lychee.rerank.schemas.InvalidMessageException;
import dev.lychee.rerank.schemas.Json;
import dev.lychee.rerank.schemas.LossGuarantee;
import dev.lychee.rerank.schemas.Reason;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * Fitted maps by fingerprint and segment: of each the one with the highest version, or the one that
 * somebody pinned. A segment without a map of its own takes that of its parent, which is the part
 * before its last {@code /}, and at last that of {@link CalibrationMap#DEFAULT_SEGMENT}; a
 * fingerprint without any has none, which means identity.
 */
public final class CalibrationMaps {

    /** No maps at all. */
    public static final CalibrationMaps NONE = new CalibrationMaps(Map.of(), Map.of());

    /** A map has a few thousand bytes; whatever is this long is none. */
    private static final int MAX_BYTES = 1024 * 1024;

    private final Map<Key, CalibrationMap> newest;

    /** The latest decision about each, lifted pins too: they say that older pins do not hold. */
    private final Map<Key, CalibrationMap> pins;

    private record Key(String fingerprint, String segment) {
        static Key of(CalibrationMap map) {
            return new Key(map.fingerprint(), map.segment());
        }
    }

    private CalibrationMaps(Map<Key, CalibrationMap> newest, Map<Key, CalibrationMap> pins) {
        this.newest = newest;
        this.pins = pins;
    }

    /**
     * Reads maps, one JSON object per line; of several for the same fingerprint and segment that
     * holds which {@link #with} says.
     *
     * @throws InvalidCalibrationException naming the line that cannot be used, and why
     */
    public static CalibrationMaps ofJsonLines(String lines) throws InvalidCalibrationException {
        List<CalibrationMap> maps = new ArrayList<>();
        int number = 0;
        for (String line : lines.split("\n", -1)) {
            number++;
            if (line.isBlank()) {
                continue;
            }
            try {
                CalibrationMap map = Json.mapper().readValue(line, CalibrationMap.class);
                calibrator(map);
                maps.add(map);
            } catch (JsonProcessingException e) {
                throw new InvalidCalibrationException(
                        "calibration map in line %d is not the JSON that was expected: %s"
                                .formatted(number, Json.problem(e)));
            } catch (IllegalArgumentException e) {
                throw new InvalidCalibrationException(
                        "calibration map in line %d: %s".formatted(number, e.getMessage()));
            }
        }
        return NONE.with(maps);
    }

    /**
     * Reads one map.
     *
     * @param json the map, in UTF-8
     * @throws InvalidMessageException when it is none, or contradicts itself
     */
    public static CalibrationMap decode(byte[] json) throws InvalidMessageException {
        if (json.length > MAX_BYTES) {
            throw new InvalidMessageException(
                    Reason.TOO_LARGE,
                    "the map has %,d bytes, the limit is %,d".formatted(json.length, MAX_BYTES));
        }
        CalibrationMap map;
        try {
            map = Json.mapper().readValue(json, CalibrationMap.class);
        } catch (JsonProcessingException e) {
            throw new InvalidMessageException(
                    Reason.MALFORMED_JSON, "not the JSON of a calibration map: " + Json.problem(e));
        } catch (IOException e) {
            throw new InvalidMessageException(
                    Reason.MALFORMED_UTF8, "not JSON in UTF-8: " + e.getMessage());
        }
        if (map == null) {
            throw new InvalidMessageException(
                    Reason.MALFORMED_JSON, "expected one JSON object, a calibration map");
        }
        try {
            calibrator(map);
        } catch (IllegalArgumentException e) {
            throw new InvalidMessageException(Reason.INVALID_FIELD, String.valueOf(e.getMessage()));
        }
        return map;
    }

    /**
     * These and further maps. Of several for the same fingerprint and segment the highest version
     * counts, of the same version the first one; pins go before that, the latest decision first. So
     * it does not matter in which order maps and pins come.
     *
     * @return this itself when nothing is newer
     */
    public CalibrationMaps with(Collection<CalibrationMap> further) {
        Map<Key, CalibrationMap> maps = new HashMap<>(newest);
        Map<Key, CalibrationMap> decisions = new HashMap<>(pins);
        boolean changed = false;
        for (CalibrationMap map : further) {
            boolean taken =
                    map.pinned() == null
                            ? put(maps, map, CalibrationMap::version)
                            : put(decisions, map, CalibrationMaps::decidedAt);
            changed |= taken;
        }
        return changed ? new CalibrationMaps(maps, decisions) : this;
    }

    /** Puts the map in unless one of at least its order is there. */
    private static boolean put(
            Map<Key, CalibrationMap> into,
            CalibrationMap map,
            ToLongFunction<CalibrationMap> order) {
        Key key = Key.of(map);
        CalibrationMap known = into.get(key);
        if (known != null && order.applyAsLong(map) <= order.applyAsLong(known)) {
            return false;
        }
        into.put(key, map);
        return true;
    }

    private static long decidedAt(CalibrationMap pin) {
        return Objects.requireNonNull(pin.pinnedAt(), "every pin says when");
    }

    /**
     * The map for a set, or null.
     *
     * @param segment the set's segment; null for none
     */
    public @Nullable CalibrationMap find(String fingerprint, @Nullable String segment) {
        for (String part = segment; part != null; part = parent(part)) {
            CalibrationMap own = holding(fingerprint, part);
            if (own != null) {
                return own;
            }
        }
        return holding(fingerprint, CalibrationMap.DEFAULT_SEGMENT);
    }

    /** The map that holds for this very segment, without backing off; null for none. */
    public @Nullable CalibrationMap holding(String fingerprint, String segment) {
        Key key = new Key(fingerprint, segment);
        CalibrationMap pin = pins.get(key);
        return pin != null && Boolean.TRUE.equals(pin.pinned()) ? pin : newest.get(key);
    }

    private static @Nullable String parent(String segment) {
        int slash = segment.lastIndexOf('/');
        return slash < 0 ? null : segment.substring(0, slash);
    }

    /**
     * What it takes to make these again: the newest map of each fingerprint and segment, and the
     * latest decision about a pin; in no order.
     */
    public Collection<CalibrationMap> all() {
        List<CalibrationMap> all = new ArrayList<>(newest.values());
        all.addAll(pins.values());
        return all;
    }

    /** For how many pairs of fingerprint and segment a map holds. */
    public int size() {
        Set<Key> keys = new HashSet<>(newest.keySet());
        pins.forEach(
                (key, pin) -> {
                    if (Boolean.TRUE.equals(pin.pinned())) {
                        keys.add(key);
                    }
                });
        return keys.size();
    }

    /** For how many of them it is a pinned one. */
    public int pinned() {
        return (int)
                pins.values().stream().filter(pin -> Boolean.TRUE.equals(pin.pinned())).count();
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
        if ((map.pinned() == null) != (map.pinnedAt() == null)) {
            throw new IllegalArgumentException("pinned and pinned_at need each other");
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
