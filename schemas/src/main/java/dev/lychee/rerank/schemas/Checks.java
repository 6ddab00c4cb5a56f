package dev.lychee.rerank.schemas;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** Checks of single values; each refusal names the field, the value and what was expected. */
final class Checks {

    /** Ids longer than this make keys and metrics unusable. */
    private static final int MAX_ID_LENGTH = 512;

    private static final double MAX_TEMPERATURE = 100;

    static final List<String> THRESHOLD_STRATEGIES =
            List.of("none", "fixed", "percentile", "gap", "otsu");

    private Checks() {}

    static <T> T required(@Nullable T value, String path) throws InvalidMessageException {
        if (value == null || (value instanceof String text && text.isBlank())) {
            throw new InvalidMessageException(
                    Reason.MISSING_FIELD, path + ": is missing or empty; it is required");
        }
        return value;
    }

    static void id(@Nullable String value, String path) throws InvalidMessageException {
        String id = required(value, path);
        if (id.length() > MAX_ID_LENGTH) {
            throw new InvalidMessageException(
                    Reason.INVALID_FIELD,
                    "%s: %,d characters, the limit is %d"
                            .formatted(path, id.length(), MAX_ID_LENGTH));
        }
    }

    static void range(@Nullable Number value, double low, double high, String path)
            throws InvalidMessageException {
        if (value != null && !(value.doubleValue() >= low && value.doubleValue() <= high)) {
            throw invalid(
                    path,
                    value,
                    high == Integer.MAX_VALUE
                            ? "%.0f or more".formatted(low)
                            : "%.0f to %.0f".formatted(low, high));
        }
    }

    static void finite(@Nullable Double value, String path) throws InvalidMessageException {
        if (value != null && !Double.isFinite(value)) {
            throw invalid(path, value, "a finite number");
        }
    }

    static void temperature(@Nullable Double value, String path) throws InvalidMessageException {
        if (value != null && !(value > 0 && value <= MAX_TEMPERATURE)) {
            throw invalid(path, value, "more than 0, at most 100");
        }
    }

    static void oneOf(@Nullable String value, List<String> allowed, String path)
            throws InvalidMessageException {
        if (value != null && !allowed.contains(value)) {
            throw invalid(path, value, "one of " + String.join(", ", allowed));
        }
    }

    static void threshold(ThresholdSpec threshold, String path) throws InvalidMessageException {
        oneOf(threshold.strategy(), THRESHOLD_STRATEGIES, path + ".strategy");
        oneOf(threshold.on(), List.of("score", "calibrated"), path + ".on");
        range(threshold.value(), 0, 1, path + ".value");
        range(threshold.share(), 0, 1, path + ".share");
        range(threshold.minGap(), 0, 1, path + ".min_gap");
        range(threshold.minSeparation(), 0, 1, path + ".min_separation");
        range(threshold.minKeep(), 0, Integer.MAX_VALUE, path + ".min_keep");
        range(threshold.maxKeep(), 1, Integer.MAX_VALUE, path + ".max_keep");
        Integer min = threshold.minKeep();
        Integer max = threshold.maxKeep();
        if (min != null && max != null && min > max) {
            throw invalid(path + ".min_keep", min, "at most max_keep (" + max + ")");
        }
    }

    static InvalidMessageException invalid(String path, Object value, String expected) {
        return new InvalidMessageException(
                Reason.INVALID_FIELD,
                "%s: %s is not allowed; expected %s"
                        .formatted(path, quoted(String.valueOf(value)), expected));
    }

    static boolean isBlank(@Nullable String text) {
        return text == null || text.isBlank();
    }

    static String quoted(String value) {
        return "\"" + shortened(value) + "\"";
    }

    static String shortened(String text) {
        return text.length() <= 120 ? text : text.substring(0, 120) + "...";
    }
}
