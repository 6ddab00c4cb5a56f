package dev.lychee.rerank.schemas;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Checks of single values; each refusal names the field, the value and what was expected. */
final class Checks {

    /** Ids longer than this make keys and metrics unusable. */
    private static final int MAX_ID_LENGTH = 512;

    private static final double MAX_TEMPERATURE = 100;
    private static final double MAX_WEIGHT = 1_000;

    static final List<String> THRESHOLD_STRATEGIES =
            List.of(
                    "none",
                    "fixed",
                    "percentile",
                    "gap",
                    "otsu",
                    "knee",
                    "recall",
                    "precision",
                    "guarantee");

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

    static void positive(double value, String path) throws InvalidMessageException {
        if (!(value > 0 && Double.isFinite(value))) {
            throw invalid(path, value, "a number above 0");
        }
    }

    static void weights(Map<String, @Nullable Double> weights, String path)
            throws InvalidMessageException {
        for (Map.Entry<String, @Nullable Double> weight : weights.entrySet()) {
            String place = path + "." + shortened(weight.getKey());
            if (!Profile.SIGNALS.contains(weight.getKey())) {
                throw new InvalidMessageException(
                        Reason.INVALID_FIELD,
                        "%s: there is no such signal; known are %s"
                                .formatted(place, String.join(", ", Profile.SIGNALS)));
            }
            range(required(weight.getValue(), place), 0, MAX_WEIGHT, place);
        }
    }

    /** A weight of something that is left out where it is not to count. */
    static void weight(@Nullable Double value, String path) throws InvalidMessageException {
        double weight = required(value, path);
        if (!(weight > 0 && weight <= MAX_WEIGHT)) {
            throw invalid(path, weight, "more than 0, at most 1000");
        }
    }

    /** Empty, or two finite numbers in order. */
    static void priceRange(List<@Nullable Double> range, String path)
            throws InvalidMessageException {
        if (range.isEmpty()) {
            return;
        }
        Double low = range.get(0);
        Double high = range.size() == 2 ? range.get(1) : null;
        if (low == null
                || high == null
                || !Double.isFinite(low)
                || !Double.isFinite(high)
                || low > high) {
            throw invalid(path, range, "two numbers, the lower one first");
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
        range(threshold.sensitivity(), 0, 100, path + ".sensitivity");
        range(threshold.target(), 0, 1, path + ".target");
        range(threshold.maxLoss(), 0, 1, path + ".max_loss");
        range(threshold.confidence(), 0, 1, path + ".confidence");
        if ("guarantee".equals(threshold.strategy()) && "score".equals(threshold.on())) {
            throw invalid(path + ".on", "score", "calibrated: a guarantee holds for nothing else");
        }
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
