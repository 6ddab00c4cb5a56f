package dev.lychee.rerank.operators.adjust;

import dev.lychee.rerank.schemas.Candidate;
import dev.lychee.rerank.schemas.FieldValue;
import dev.lychee.rerank.schemas.Profile;
import dev.lychee.rerank.schemas.Profile.PriceBand;
import dev.lychee.rerank.schemas.Profile.Signals;
import dev.lychee.rerank.schemas.flow.Adjustment.SignalColumn;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Mixes relevance with what a shop knows about its goods. Each signal is a value of 0..1 made of a
 * candidate's fields; the score is their weighted mean.
 *
 * <ul>
 *   <li>{@code semantic_relevance}: the base
 *   <li>{@code image_quality}: the field of that name, 0..1; where it is missing, what was measured
 *       of the picture that the model read
 *   <li>{@code rating}: {@code rating / max_rating}
 *   <li>{@code inventory}: 1 above 10, 0.7 above 0, else 0.1
 *   <li>{@code price_affinity}: what the price is worth for the intent, see {@link PriceIntent}
 *   <li>{@code promotion}: {@code 0.5 + 0.5 discount_rate} where {@code is_promotion}, else 0.5
 *   <li>{@code recency}: falls from 1 on the day of {@code listed_at} to 0 a year later
 * </ul>
 *
 * <p>A candidate that lacks a field, or has one of another type there, gets a neutral 0.5 and is
 * marked.
 */
public final class BusinessSignals {

    /** Value of a signal whose field is missing. */
    public static final double NEUTRAL = 0.5;

    private static final double PLENTY = 10;
    private static final double IN_STOCK = 0.7;
    private static final double SOLD_OUT = 0.1;

    private BusinessSignals() {}

    /** What a set's signals depend on besides the candidates. */
    public record Situation(PriceIntent intent, long nowMillis) {}

    /**
     * The mixed scores and the signals they were made of.
     *
     * @param score 0..1 per candidate
     * @param columns signals whose weight is above 0
     */
    @SuppressWarnings("ArrayRecordComponent") // handed over once, never compared
    public record Mixed(double[] score, List<SignalColumn> columns) {}

    /** One signal of one candidate; NaN where its field is missing. */
    @FunctionalInterface
    private interface Signal {
        double of(Map<String, FieldValue> fields);
    }

    /**
     * Mixes the signals of a set.
     *
     * @param candidates the documents with their fields
     * @param base relevance, 0..1 per candidate
     * @param imageQuality measured quality of each candidate's picture, 0..1; null where none was
     *     read
     * @param signals weights and bands; at least one weight is above 0
     */
    public static Mixed mix(
            List<Candidate> candidates,
            double[] base,
            @Nullable Double[] imageQuality,
            Signals signals,
            Situation situation) {
        List<SignalColumn> columns = new ArrayList<>(Profile.SIGNALS.size());
        double total = 0;
        for (String name : Profile.SIGNALS) {
            total += weight(signals, name);
        }
        double[] score = new double[base.length];
        for (String name : Profile.SIGNALS) {
            double weight = weight(signals, name) / total;
            if (weight > 0) {
                SignalColumn column =
                        name.equals("semantic_relevance")
                                ? new SignalColumn(name, weight, base, null)
                                : column(
                                        name,
                                        weight,
                                        candidates,
                                        name.equals("image_quality") ? imageQuality : null,
                                        signal(name, signals, situation));
                double[] values = column.values();
                for (int i = 0; i < score.length; i++) {
                    score[i] += weight * values[i];
                }
                columns.add(column);
            }
        }
        return new Mixed(score, columns);
    }

    private static double weight(Signals signals, String name) {
        Double weight = signals.weights().get(name);
        return weight == null ? 0 : weight;
    }

    private static SignalColumn column(
            String name,
            double weight,
            List<Candidate> candidates,
            @Nullable Double @Nullable [] measured,
            Signal signal) {
        double[] values = new double[candidates.size()];
        boolean[] missing = null;
        for (int i = 0; i < values.length; i++) {
            double value = signal.of(candidates.get(i).fields());
            if (Double.isNaN(value) && measured != null && measured[i] != null) {
                value = measured[i];
            }
            if (Double.isNaN(value)) {
                if (missing == null) {
                    missing = new boolean[values.length];
                }
                missing[i] = true;
                value = NEUTRAL;
            }
            values[i] = value;
        }
        return new SignalColumn(name, weight, values, missing);
    }

    private static Signal signal(String name, Signals signals, Situation situation) {
        return switch (name) {
            case "image_quality" -> fields -> unit(number(fields, "image_quality"));
            case "rating" -> fields -> rating(fields, signals.maxRating());
            case "inventory" -> BusinessSignals::inventory;
            case "price_affinity" -> {
                Band band = Band.of(situation.intent().band(signals.priceBands()));
                yield fields -> band.worth(number(fields, "price"));
            }
            case "promotion" -> BusinessSignals::promotion;
            case "recency" ->
                    fields -> recency(fields, situation.nowMillis(), signals.recencyDays());
            default -> throw new IllegalArgumentException("no signal named " + name);
        };
    }

    private static double rating(Map<String, FieldValue> fields, double maxRating) {
        double own = number(fields, "max_rating");
        return unit(number(fields, "rating") / (own > 0 ? own : maxRating));
    }

    private static double inventory(Map<String, FieldValue> fields) {
        double pieces = number(fields, "inventory");
        if (Double.isNaN(pieces)) {
            return Double.NaN;
        }
        return pieces > PLENTY ? 1 : pieces > 0 ? IN_STOCK : SOLD_OUT;
    }

    private static double promotion(Map<String, FieldValue> fields) {
        FieldValue flag = fields.get("is_promotion");
        if (flag == null || flag.kind() != FieldValue.Kind.BOOLEAN) {
            return Double.NaN;
        }
        return flag.flag() ? 0.5 + 0.5 * unit(number(fields, "discount_rate")) : 0.5;
    }

    private static double recency(
            Map<String, FieldValue> fields, long nowMillis, double recencyDays) {
        FieldValue listed = fields.get("listed_at");
        if (listed == null || listed.text() == null) {
            return Double.NaN;
        }
        long millis = FieldTimes.epochMillis(listed.text());
        return millis == FieldTimes.NONE
                ? Double.NaN
                : unit(1 - FieldTimes.days(millis, nowMillis) / recencyDays);
    }

    /** The number in a field; NaN if there is none. */
    static double number(Map<String, FieldValue> fields, String name) {
        FieldValue value = fields.get(name);
        return value != null && value.kind() == FieldValue.Kind.NUMBER
                ? value.number()
                : Double.NaN;
    }

    /** Brings a value to 0..1; NaN stays. */
    private static double unit(double value) {
        return value < 0 ? 0 : value > 1 ? 1 : value;
    }

    /** A price band without nulls: an open side reaches to infinity. */
    private record Band(
            double idealFrom,
            double idealTo,
            double fairFrom,
            double fairTo,
            double fair,
            double otherwise) {

        static Band of(PriceBand band) {
            return new Band(
                    from(band.idealFrom()),
                    to(band.idealTo()),
                    from(band.fairFrom()),
                    to(band.fairTo()),
                    band.fair(),
                    band.otherwise());
        }

        double worth(double price) {
            if (Double.isNaN(price)) {
                return Double.NaN;
            }
            if (price >= idealFrom && price <= idealTo) {
                return 1;
            }
            return price >= fairFrom && price <= fairTo ? fair : otherwise;
        }

        private static double from(@Nullable Double bound) {
            return bound == null ? Double.NEGATIVE_INFINITY : bound;
        }

        private static double to(@Nullable Double bound) {
            return bound == null ? Double.POSITIVE_INFINITY : bound;
        }
    }

    /** Marks candidates whose price lies outside; one without a price stays. */
    static boolean[] outside(List<Candidate> candidates, List<Double> range) {
        boolean[] outside = new boolean[candidates.size()];
        if (range.isEmpty()) {
            return outside;
        }
        double low = range.get(0);
        double high = range.get(1);
        for (int i = 0; i < outside.length; i++) {
            double price = number(candidates.get(i).fields(), "price");
            outside[i] = price < low || price > high;
        }
        return outside;
    }

    /** Marks candidates whose inventory is 0; one that does not say is not sold out. */
    static boolean[] soldOut(List<Candidate> candidates) {
        boolean[] soldOut = new boolean[candidates.size()];
        for (int i = 0; i < soldOut.length; i++) {
            soldOut[i] = number(candidates.get(i).fields(), "inventory") <= 0;
        }
        return soldOut;
    }
}
