package dev.lychee.rerank.operators.adjust;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.lychee.rerank.operators.adjust.BusinessSignals.Mixed;
import dev.lychee.rerank.operators.adjust.BusinessSignals.Situation;
import dev.lychee.rerank.operators.profile.ProfileCatalog;
import dev.lychee.rerank.schemas.Candidate;
import dev.lychee.rerank.schemas.FieldValue;
import dev.lychee.rerank.schemas.Profile;
import dev.lychee.rerank.schemas.Profile.Signals;
import dev.lychee.rerank.schemas.flow.Adjustment.SignalColumn;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BusinessSignalsTest {

    private static final long NOW = Instant.parse("2026-11-21T00:00:00Z").toEpochMilli();
    private static final Double[] NOT_MEASURED = {null};

    private static final Signals ECOMMERCE =
            ProfileCatalog.presets().find("ecommerce").profile().adjust().signals();

    @Test
    void thePresetHasTheSevenWeightsAndTheyAddUpToOne() {
        assertThat(ECOMMERCE.weights())
                .containsExactlyInAnyOrderEntriesOf(
                        Map.of(
                                "semantic_relevance", 0.35,
                                "image_quality", 0.15,
                                "rating", 0.15,
                                "inventory", 0.10,
                                "price_affinity", 0.10,
                                "promotion", 0.10,
                                "recency", 0.05));
        assertThat(ECOMMERCE.weights().values().stream().mapToDouble(w -> w).sum())
                .isCloseTo(1, within(1e-12));
    }

    @Test
    void thePresetSaysTheDefaultsOfBandsAndWords() {
        assertThat(ECOMMERCE).isEqualTo(Signals.DEFAULTS.withWeights(ECOMMERCE.weights()));
    }

    @ParameterizedTest(name = "{0} pieces: {1}")
    @CsvSource({"11, 1", "10.5, 1", "10, 0.7", "1, 0.7", "0, 0.1", "-2, 0.1"})
    void inventoryHasThreeLevels(double pieces, double value) {
        assertThat(value("inventory", Map.of("inventory", FieldValue.of(pieces)))).isEqualTo(value);
    }

    @ParameterizedTest(name = "{0} at {1}: {2}")
    @CsvSource({
        "low, 0, 1",
        "low, 100, 1",
        "low, 100.01, 0.7",
        "low, 300, 0.7",
        "low, 301, 0.3",
        "medium, 49, 0.4",
        "medium, 50, 0.7",
        "medium, 100, 1",
        "medium, 500, 1",
        "medium, 501, 0.7",
        "medium, 1000, 0.7",
        "medium, 1001, 0.4",
        "high, 499, 0.3",
        "high, 500, 0.7",
        "high, 999, 0.7",
        "high, 1000, 1",
        "high, 90000, 1"
    })
    void pricesSuitIntents(String intent, double price, double value) {
        Mixed mixed =
                BusinessSignals.mix(
                        List.of(document(Map.of("price", FieldValue.of(price)))),
                        new double[] {0.5},
                        NOT_MEASURED,
                        ECOMMERCE,
                        new Situation(PriceIntent.of(intent, "", ECOMMERCE.intentWords()), NOW));

        assertThat(column(mixed, "price_affinity").values()).containsExactly(value);
    }

    @ParameterizedTest(name = "{0}: {1}")
    @CsvSource({
        "便宜的连衣裙, LOW", "性价比高的外套, LOW", "a Cheap dress, LOW", "budget-friendly, LOW",
        "budgets, MEDIUM", "red dress, MEDIUM", "平价设计师款, MEDIUM", "设计师连衣裙, HIGH",
        "LUXURY watch, HIGH", "买premium手表, HIGH"
    })
    void wordsOfTheQueryTellTheIntent(String query, PriceIntent intent) {
        assertThat(PriceIntent.of(null, query, ECOMMERCE.intentWords())).isEqualTo(intent);
    }

    @Test
    void theContextsIntentCountsMoreThanWords() {
        assertThat(PriceIntent.of("high", "cheap dress", ECOMMERCE.intentWords()))
                .isEqualTo(PriceIntent.HIGH);
    }

    @ParameterizedTest(name = "{0}: {1}")
    @CsvSource({
        "2026-11-21, 1",
        "2026-09-09, 0.8",
        "2025-11-21, 0",
        "2020-01-01, 0",
        "2027-01-01, 1",
        "2026-09-09T00:00:00Z, 0.8",
        "2026-09-09T08:00:00+08:00, 0.8",
        "2026-09-09T00:00:00, 0.8"
    })
    void recencyFallsToZeroWithinAYear(String listed, double value) {
        assertThat(value("recency", Map.of("listed_at", FieldValue.of(listed))))
                .isCloseTo(value, within(1e-12));
    }

    @ParameterizedTest
    @CsvSource({"2026-13-01", "2026-02-30", "yesterday", "2026/01/01", "''", "2026-01-0x"})
    void whatIsNoDateCountsAsMissing(String listed) {
        Mixed mixed = mix(Map.of("listed_at", FieldValue.of(listed)));

        assertThat(column(mixed, "recency").missing()).containsExactly(true);
        assertThat(column(mixed, "recency").values()).containsExactly(0.5);
    }

    @Test
    void fieldsOfAnotherTypeCountAsMissing() {
        Mixed mixed =
                mix(
                        Map.of(
                                "rating", FieldValue.of("4.5"),
                                "inventory", FieldValue.of(true),
                                "is_promotion", FieldValue.of(1),
                                "price", FieldValue.ofNumbers(List.of(1.0)),
                                "listed_at", FieldValue.of(20_260_101)));

        for (SignalColumn column : mixed.columns().subList(1, 7)) {
            assertThat(column.missing()).as(column.name()).containsExactly(true);
            assertThat(column.values()).containsExactly(0.5);
        }
    }

    @Test
    void ratingsAndDiscountsBeyondTheirScaleStayInRange() {
        assertThat(value("rating", Map.of("rating", FieldValue.of(7)))).isEqualTo(1);
        assertThat(value("rating", Map.of("rating", FieldValue.of(-1)))).isZero();
        assertThat(
                        value(
                                "promotion",
                                Map.of(
                                        "is_promotion", FieldValue.of(true),
                                        "discount_rate", FieldValue.of(3))))
                .isEqualTo(1);
    }

    @Property(tries = 500)
    void theScoreIsAMeanWhateverWeightsAndFields(
            @ForAll("weights") Map<String, Double> weights,
            @ForAll("fields") List<Map<String, FieldValue>> fields) {
        List<Candidate> documents = fields.stream().map(BusinessSignalsTest::document).toList();
        double[] base = new double[documents.size()];
        for (int i = 0; i < base.length; i++) {
            base[i] = (double) i / base.length;
        }

        Mixed mixed =
                BusinessSignals.mix(
                        documents,
                        base,
                        new Double[base.length],
                        ECOMMERCE.withWeights(weights),
                        new Situation(PriceIntent.LOW, NOW));

        assertThat(mixed.columns().stream().mapToDouble(SignalColumn::weight).sum())
                .isCloseTo(1, within(1e-9));
        for (int i = 0; i < base.length; i++) {
            double low = 1;
            double high = 0;
            for (SignalColumn column : mixed.columns()) {
                assertThat(column.values()[i]).isBetween(0.0, 1.0);
                low = Math.min(low, column.values()[i]);
                high = Math.max(high, column.values()[i]);
            }
            assertThat(mixed.score()[i]).isBetween(low - 1e-9, high + 1e-9);
        }
    }

    @Provide
    Arbitrary<Map<String, Double>> weights() {
        return Arbitraries.maps(
                        Arbitraries.of(Profile.SIGNALS),
                        Arbitraries.oneOf(
                                Arbitraries.just(0.0), Arbitraries.doubles().between(0, 1_000)))
                .filter(map -> map.values().stream().mapToDouble(w -> w).sum() > 1e-6);
    }

    @Provide
    Arbitrary<List<Map<String, FieldValue>>> fields() {
        Arbitrary<FieldValue> values =
                Arbitraries.oneOf(
                        Arbitraries.doubles().map(FieldValue::of),
                        Arbitraries.of("2026-01-01", "x", "").map(FieldValue::of),
                        Arbitraries.of(true, false).map(FieldValue::of));
        Arbitrary<Map<String, FieldValue>> maps =
                Arbitraries.maps(
                        Arbitraries.of(
                                "image_quality",
                                "rating",
                                "max_rating",
                                "inventory",
                                "price",
                                "is_promotion",
                                "discount_rate",
                                "listed_at"),
                        values);
        return Combinators.combine(maps, maps).as((a, b) -> List.of(a, b, new HashMap<>()));
    }

    private static double value(String signal, Map<String, FieldValue> fields) {
        SignalColumn column = column(mix(fields), signal);
        assertThat(column.missing()).isNull();
        return column.values()[0];
    }

    private static Mixed mix(Map<String, FieldValue> fields) {
        return BusinessSignals.mix(
                List.of(document(fields)),
                new double[] {0.5},
                NOT_MEASURED,
                ECOMMERCE,
                new Situation(PriceIntent.MEDIUM, NOW));
    }

    @Test
    void measuresThePictureWhereTheShopDoesNotSay() {
        Mixed mixed =
                BusinessSignals.mix(
                        List.of(
                                document(Map.of("image_quality", FieldValue.of(0.9))),
                                document(Map.of()),
                                document(Map.of())),
                        new double[] {0.5, 0.5, 0.5},
                        new Double[] {0.2, 0.2, null},
                        ECOMMERCE,
                        new Situation(PriceIntent.MEDIUM, NOW));

        SignalColumn quality = column(mixed, "image_quality");
        assertThat(quality.values()).containsExactly(0.9, 0.2, BusinessSignals.NEUTRAL);
        assertThat(quality.missing()).containsExactly(false, false, true);
    }

    private static SignalColumn column(Mixed mixed, String name) {
        return mixed.columns().stream()
                .filter(column -> column.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    private static Candidate document(Map<String, FieldValue> fields) {
        return new Candidate(
                "d", "text", null, null, List.of(), null, null, null, List.of(), null, fields);
    }
}
