package dev.lychee.rerank.job;

import dev.lychee.rerank.operators.clicks.FeedGuard;
import dev.lychee.rerank.operators.clicks.FitGuards;
import dev.lychee.rerank.operators.clicks.TrustBias;
import dev.lychee.rerank.operators.recalibration.ExperimentSettings;
import dev.lychee.rerank.operators.recalibration.RecalibrationSettings;
import dev.lychee.rerank.schemas.flow.ActionKind;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.Configuration;

/** Reads the options of the recalibrate job, checks them, and says plainly what is wrong. */
final class RecalibrationSettingsReader {

    /** The kept counts of a segment grow with it. */
    private static final int MOST_RANKS = 100;

    private RecalibrationSettingsReader() {}

    static RecalibrationSettings read(Configuration options) {
        SettingsReader.refuseUnknownKeys(options);
        int ranks = SettingsReader.atLeast(1, options, RerankOptions.RECALIBRATION_RANKS);
        if (ranks > MOST_RANKS) {
            throw SettingsReader.invalid(
                    RerankOptions.RECALIBRATION_RANKS,
                    ranks + " is too large; at most " + MOST_RANKS + " are allowed");
        }
        return new RecalibrationSettings(
                actions(options),
                ranks,
                SettingsReader.atLeast(0, options, RerankOptions.RECALIBRATION_ASSUME_SHOWN),
                millis(options, RerankOptions.RECALIBRATION_ATTRIBUTION),
                SettingsReader.atLeast(1, options, RerankOptions.RECALIBRATION_MAX_EVENTS),
                millis(options, RerankOptions.RECALIBRATION_EPOCH),
                SettingsReader.atLeast(1, options, RerankOptions.RECALIBRATION_CLIENT_CAP),
                millis(options, RerankOptions.RECALIBRATION_HALF_LIFE),
                millis(options, RerankOptions.RECALIBRATION_RETENTION),
                SettingsReader.atLeast(1, options, RerankOptions.RECALIBRATION_MAX_SEGMENTS),
                trust(options),
                new FitGuards(
                        SettingsReader.atLeast(1, options, RerankOptions.RECALIBRATION_MIN_SUPPORT),
                        share(options, RerankOptions.RECALIBRATION_MIN_EXAMINATION),
                        share(options, RerankOptions.RECALIBRATION_MAX_STEP),
                        share(options, RerankOptions.RECALIBRATION_MIN_CHANGE),
                        share(options, RerankOptions.RECALIBRATION_KEPT_FROM),
                        share(options, RerankOptions.RECALIBRATION_MAX_KEPT_CHANGE)),
                new FeedGuard(
                        SettingsReader.atLeast(
                                1, options, RerankOptions.RECALIBRATION_SILENT_CLICKS),
                        SettingsReader.atLeast(
                                1, options, RerankOptions.RECALIBRATION_SILENT_EPOCHS)),
                new ExperimentSettings(
                        kinds(options),
                        millis(options, RerankOptions.EXPERIMENTS_WINDOW),
                        millis(options, RerankOptions.EXPERIMENTS_RETENTION)));
    }

    private static Map<String, ActionKind> kinds(Configuration options) {
        Map<String, Double> weights = actions(options);
        Map<String, ActionKind> kinds = new TreeMap<>();
        for (Map.Entry<String, String> each :
                SettingsReader.get(options, RerankOptions.EXPERIMENTS_ACTIONS).entrySet()) {
            // The default names actions that another feed may not have.
            if (options.contains(RerankOptions.EXPERIMENTS_ACTIONS)
                    && !weights.containsKey(each.getKey())) {
                throw SettingsReader.invalid(
                        RerankOptions.EXPERIMENTS_ACTIONS,
                        "\"%s\" is no action of %s, which has %s"
                                .formatted(
                                        each.getKey(),
                                        RerankOptions.RECALIBRATION_ACTIONS.key(),
                                        String.join(", ", weights.keySet())));
            }
            kinds.put(each.getKey(), kind(each.getKey(), each.getValue()));
        }
        return kinds;
    }

    private static ActionKind kind(String action, String text) {
        return switch (text) {
            case "click" -> ActionKind.CLICK;
            case "cart" -> ActionKind.CART;
            case "purchase" -> ActionKind.PURCHASE;
            default ->
                    throw SettingsReader.invalid(
                            RerankOptions.EXPERIMENTS_ACTIONS,
                            "\"%s:%s\" names no rate; click, cart and purchase are there"
                                    .formatted(action, text));
        };
    }

    private static Map<String, Double> actions(Configuration options) {
        Map<String, String> texts =
                SettingsReader.get(options, RerankOptions.RECALIBRATION_ACTIONS);
        Map<String, Double> actions = new TreeMap<>();
        for (Map.Entry<String, String> each : texts.entrySet()) {
            actions.put(
                    each.getKey(),
                    number(
                            RerankOptions.RECALIBRATION_ACTIONS,
                            each.getKey() + ":" + each.getValue(),
                            each.getValue()));
        }
        if (actions.values().stream().noneMatch(weight -> weight > 0)) {
            throw SettingsReader.invalid(
                    RerankOptions.RECALIBRATION_ACTIONS,
                    "no action has a weight above 0, so nothing could be learned");
        }
        return actions;
    }

    private static TrustBias trust(Configuration options) {
        List<Double> negative =
                SettingsReader.get(options, RerankOptions.RECALIBRATION_TRUST_NEGATIVE);
        try {
            return new TrustBias(
                    SettingsReader.get(options, RerankOptions.RECALIBRATION_TRUST_POSITIVE),
                    negative.stream().mapToDouble(Double::doubleValue).toArray(),
                    SettingsReader.get(options, RerankOptions.RECALIBRATION_TRUST_ESTIMATED));
        } catch (IllegalArgumentException e) {
            throw SettingsReader.invalid(
                    RerankOptions.RECALIBRATION_TRUST_NEGATIVE, String.valueOf(e.getMessage()));
        }
    }

    private static double share(Configuration options, ConfigOption<Double> option) {
        double share = SettingsReader.get(options, option);
        if (!(share > 0 && share <= 1)) {
            throw SettingsReader.invalid(option, share + " is out of range; 0 to 1 is allowed");
        }
        return share;
    }

    private static double number(ConfigOption<?> option, String place, String text) {
        double number;
        try {
            number = Double.parseDouble(text);
        } catch (NumberFormatException e) {
            number = Double.NaN;
        }
        if (!(number >= 0 && number <= 1)) {
            throw SettingsReader.invalid(
                    option, "\"%s\" is not a weight; 0 to 1 is allowed".formatted(place));
        }
        return number;
    }

    private static long millis(Configuration options, ConfigOption<Duration> option) {
        long millis = SettingsReader.get(options, option).toMillis();
        if (millis < 1) {
            throw SettingsReader.invalid(option, "it is too short; at least 1 ms is needed");
        }
        return millis;
    }
}
