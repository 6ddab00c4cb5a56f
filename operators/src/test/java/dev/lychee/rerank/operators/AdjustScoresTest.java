package dev.lychee.rerank.operators;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.entry;
import static org.assertj.core.api.Assertions.tuple;
import static org.assertj.core.api.Assertions.within;

import dev.lychee.rerank.operators.adjust.AdjustmentSteps;
import dev.lychee.rerank.operators.adjust.ScoreAdjuster;
import dev.lychee.rerank.operators.assembly.RequestAssembler;
import dev.lychee.rerank.operators.calibration.CalibrationMaps;
import dev.lychee.rerank.operators.clicks.Exploration;
import dev.lychee.rerank.operators.profile.InvalidProfileException;
import dev.lychee.rerank.operators.profile.ProfileBinder;
import dev.lychee.rerank.operators.profile.ProfileCatalog;
import dev.lychee.rerank.schemas.CandidateSet;
import dev.lychee.rerank.schemas.CandidateSetCodec;
import dev.lychee.rerank.schemas.InvalidMessageException;
import dev.lychee.rerank.schemas.MessageLimits;
import dev.lychee.rerank.schemas.RerankedResult;
import dev.lychee.rerank.schemas.ResultItem;
import dev.lychee.rerank.schemas.ScoreChange;
import dev.lychee.rerank.schemas.Status;
import dev.lychee.rerank.schemas.TraceStep;
import dev.lychee.rerank.schemas.flow.BoundCandidateSet;
import dev.lychee.rerank.schemas.flow.ScoredSet;
import dev.lychee.rerank.schemas.flow.SourcePosition;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.Size;
import org.apache.flink.metrics.Counter;
import org.apache.flink.runtime.execution.SuppressRestartsException;
import org.apache.flink.runtime.jobgraph.OperatorID;
import org.apache.flink.runtime.metrics.groups.InternalOperatorMetricGroup;
import org.apache.flink.runtime.metrics.util.InterceptingOperatorMetricGroup;
import org.apache.flink.runtime.metrics.util.InterceptingTaskMetricGroup;
import org.apache.flink.runtime.operators.testutils.MockEnvironment;
import org.apache.flink.runtime.operators.testutils.MockEnvironmentBuilder;
import org.apache.flink.streaming.api.operators.StreamMap;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.util.OneInputStreamOperatorTestHarness;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the adjust step makes of a set, seen in the result. */
class AdjustScoresTest {

    /** Logits whose sigmoid is 0.9, 0.8, 0.9, 0.5 and 0.2. */
    private static final double[] LOGITS = {Math.log(9), Math.log(4), Math.log(9), 0, -Math.log(4)};

    /** One document is pinned, one is buried, and what is sold out comes after what is not. */
    private static final String PARTS =
            """
            schema: 1
            profiles:
              p:
                extends: screening
                threshold: {strategy: none}
                adjust:
                  in_stock_first: true
                  rules:
                    ad: {when: "doc.id == 'poor'", pin: true}
                    old: {when: "doc.id == 'full'", bury: true}
            """;

    /** A shop's set: 2026-11-21, an inferred intent "low", five jackets. */
    private static final String SHOP =
            """
            {"request_id": "r", "timestamp": "2026-11-21T00:00:00Z", "profile": "%s",
             "query": "便宜的复古风牛仔外套",
             "candidates": [
              {"id": "full", "title": "Vintage denim jacket", "fields": {"image_quality": 0.8,
                "rating": 4.5, "inventory": 3, "price": 52, "is_promotion": true,
                "discount_rate": 0.2, "listed_at": "2026-09-09", "sales": 1200, "brand": "复古"}},
              {"id": "bare", "title": "Denim jacket"},
              {"id": "sold-out", "title": "Blue denim jacket", "fields": {"rating": 4,
                "max_rating": 10, "inventory": 0, "price": 250, "is_promotion": false,
                "listed_at": "2025-10-17T08:00:00+08:00"}},
              {"id": "dear", "title": "Jacket", "fields": {"inventory": 20, "price": 1000}},
              {"id": "poor", "title": "Socks", "fields": {"image_quality": 0.1, "rating": 1,
                "inventory": 20, "price": 400, "is_promotion": false, "listed_at": "2020-01-01"}}],
             "overrides": %s}
            """;

    @TempDir private Path folder;

    @Test
    void theShopsExampleGivesTheNumbersWorkedOutByHand() throws Exception {
        RerankedResult result = rerank(SHOP.formatted("ecommerce", "{}"));

        ResultItem full = result.results().get(0);
        assertThat(full.signals())
                .containsExactly(
                        entry("semantic_relevance", full.calibrated()),
                        entry("image_quality", 0.8),
                        entry("rating", 0.9), // 4.5 of 5
                        entry("inventory", 0.7), // 3 pieces
                        entry("price_affinity", 1.0), // 52, "便宜"
                        entry("promotion", 0.6), // 0.5 + 0.5 * 0.2
                        entry("recency", 0.8)); // 73 days
        assertThat(full.signalsMissing()).isEmpty();
        // .35*.9 + .15*.8 + .15*.9 + .10*.7 + .10*1 + .10*.6 + .05*.8 = .84; boosted by 1.1
        assertThat(full.score()).isCloseTo(0.924, within(1e-9));
        assertThat(full.rules()).containsExactly("boost");

        ResultItem bare = result.results().get(1);
        assertThat(bare.signals().values().stream().skip(1)).hasSize(6).containsOnly(0.5);
        assertThat(bare.signalsMissing())
                .containsExactly(
                        "image_quality",
                        "rating",
                        "inventory",
                        "price_affinity",
                        "promotion",
                        "recency");
        // .35*.8 + .65*.5
        assertThat(bare.score()).isCloseTo(0.605, within(1e-9));
        assertThat(bare.rules()).isEmpty();

        // .35*.5 + .15*.5 + .15*.5 + .10*1 + .10*.3 + .10*.5 + .05*.5
        assertThat(result.results().get(2).score()).isCloseTo(0.53, within(1e-9));
        // .35*.9 + .15*.5 + .15*.4 + .10*.1 + .10*.7 + .10*.5 + .05*0: better, but sold out
        assertThat(result.results().get(3).score()).isCloseTo(0.58, within(1e-9));
        assertThat(ids(result.results())).containsExactly("full", "bare", "dear", "sold-out");

        // .35*.2 + .15*.1 + .15*.2 + .10*1 + .10*.3 + .10*.5 + .05*0
        assertThat(result.dropped())
                .singleElement()
                .satisfies(
                        poor -> {
                            assertThat(poor.id()).isEqualTo("poor");
                            assertThat(poor.score()).isCloseTo(0.295, within(1e-9));
                            assertThat(poor.reason()).isEqualTo("rule:floor");
                            assertThat(poor.rules()).containsExactly("floor");
                        });
        TraceStep trace = trace(result);
        assertThat(trace.strategy()).isEqualTo("calibrated + signals + in-stock-first + rules");
        assertThat(trace.note()).isEqualTo("price intent low");
        // (.024 + .195 + .32 + .03 + .095) / 5
        assertThat(trace.meanAbsChange()).isCloseTo(0.1328, within(1e-9));
    }

    @Test
    void aSetCanSwitchOffStockAndRules() throws Exception {
        RerankedResult result =
                rerank(
                        SHOP.formatted(
                                "ecommerce", "{\"in_stock_first\": false, \"rules\": false}"));

        assertThat(ids(result.results()))
                .containsExactly("full", "bare", "sold-out", "dear", "poor");
        assertThat(result.results().get(0).score()).isCloseTo(0.84, within(1e-9));
    }

    @Test
    void whatIsOutsideThePriceRangeIsDroppedAndWhatHasNoPriceStays() throws Exception {
        RerankedResult result = rerank(SHOP.formatted("ecommerce", "{\"price_range\": [52, 300]}"));

        assertThat(ids(result.results())).containsExactly("full", "bare", "sold-out");
        assertThat(result.dropped())
                .extracting(ResultItem::reason)
                .containsExactly("price_range", "price_range");
        assertThat(result.threshold().reason()).isNotBlank();
    }

    @Test
    void aSetsWeightsReplaceTheProfilesAndAllAddUpToOne() throws Exception {
        String weights =
                """
                {"weights": {"image_quality": 0, "rating": 0.55, "price_affinity": 0,
                  "inventory": 0, "promotion": 0, "recency": 0}, "rules": false}""";

        RerankedResult result = rerank(SHOP.formatted("ecommerce", weights));

        // (.35*.9 + .55*.9) / .9
        assertThat(result.results().get(0).score()).isCloseTo(0.9, within(1e-9));
        assertThat(result.results().get(0).signals())
                .containsOnlyKeys("semantic_relevance", "rating");
    }

    @Test
    void aProfileWithoutWeightsIsRelevanceThatASetCanMix() throws Exception {
        String robust = SHOP.formatted("robust", "{\"weights\": {\"rating\": 1}}");

        ResultItem first = rerank(robust).results().get(0);

        // (1*.9 + 1*.9) / 2
        assertThat(first.score()).isCloseTo(0.9, within(1e-9));
        assertThat(rerank(SHOP.formatted("robust", "{}")).results().get(0).signals()).isEmpty();
    }

    @Test
    void weightsThatAreAllZeroAreRefused() {
        assertThatThrownBy(
                        () ->
                                rerank(
                                        SHOP.formatted(
                                                "robust",
                                                "{\"weights\": {\"semantic_relevance\": 0}}")))
                .isInstanceOf(InvalidMessageException.class)
                .hasMessageContaining("all weights of profile robust are 0");
    }

    @Test
    void aSignalThatDoesNotExistIsRefused() {
        assertThatThrownBy(() -> rerank(SHOP.formatted("robust", "{\"weights\": {\"colour\": 1}}")))
                .isInstanceOf(InvalidMessageException.class)
                .hasMessage(
                        "overrides.weights.colour: there is no such signal; known are"
                                + " semantic_relevance, image_quality, rating, inventory,"
                                + " price_affinity, promotion, recency");
    }

    @Test
    void aFallbackKeepsTheRetrieversOrderWithinThePriceRange() throws Exception {
        RerankedResult result =
                rerank(
                        ProfileCatalog.presets(),
                        SHOP.formatted("ecommerce", "{\"price_range\": [0, 300]}"),
                        Double.NaN,
                        Double.NaN,
                        Double.NaN,
                        Double.NaN,
                        Double.NaN);

        assertThat(result.status()).isEqualTo(Status.FALLBACK);
        assertThat(ids(result.results())).containsExactly("full", "bare", "sold-out");
        assertThat(result.dropped())
                .extracting(ResultItem::reason)
                .containsExactly("price_range", "price_range");
    }

    @Test
    void cappedScoresAreEqualAndOrderedByWhatTheyWouldBe() throws Exception {
        ProfileCatalog catalog =
                catalog(
                        """
                        schema: 1
                        profiles:
                          p:
                            extends: robust
                            adjust: {rules: {more: {multiply: 2, add: "doc.id == 'bare' ? 0.5 : 0.0", cap: 1}}}
                        """);

        RerankedResult result = rerank(catalog, SHOP.formatted("p", "{}"), LOGITS);

        assertThat(ids(result.results()))
                .containsExactly("bare", "full", "sold-out", "dear", "poor");
        assertThat(result.results().subList(0, 4)).extracting(ResultItem::score).containsOnly(1.0);
    }

    @Test
    void pinnedDocumentsComeFirstAndBuriedOnesLastWhateverTheirScore() throws Exception {
        RerankedResult result = rerank(catalog(PARTS), SHOP.formatted("p", "{}"), 2, 2, 2, 2, 2);

        // Equal values, and ties keep the input order, but not across places.
        assertThat(ids(result.results()))
                .containsExactly("poor", "bare", "dear", "sold-out", "full");
        assertThat(result.results())
                .extracting(ResultItem::tied)
                .containsExactly(false, true, true, false, false);
    }

    @Test
    void chanceLetsNeighboursChangePlacesInsideTheseParts() throws Exception {
        Set<List<String>> orders = new HashSet<>();
        for (int i = 0; i < 100; i++) {
            String json =
                    SHOP.formatted("p", "{}")
                            .replace("\"request_id\": \"r\"", "\"request_id\": \"r-" + i + "\"");
            orders.add(
                    ids(
                            rerank(
                                            AdjustmentSteps.NONE,
                                            new Exploration(1, 0),
                                            catalog(PARTS),
                                            json,
                                            2,
                                            2,
                                            2,
                                            2,
                                            2)
                                    .results()));
        }

        assertThat(orders)
                .containsExactlyInAnyOrder(
                        List.of("poor", "bare", "dear", "sold-out", "full"),
                        List.of("poor", "dear", "bare", "sold-out", "full"));
    }

    @Test
    void aRuleThatFailsForOneDocumentCostsThatDocumentOnly() throws Exception {
        ProfileCatalog catalog =
                catalog(
                        """
                        schema: 1
                        profiles:
                          p: {extends: robust, adjust: {rules: {dear: {when: fields.price > 500, multiply: 0.5}}}}
                        """);

        InterceptingOperatorMetricGroup metrics = new InterceptingOperatorMetricGroup();
        try (MockEnvironment environment = environment(metrics);
                OneInputStreamOperatorTestHarness<ScoredSet, ScoredSet> harness =
                        new OneInputStreamOperatorTestHarness<>(
                                new StreamMap<>(new AdjustScoresFunction(List.of())),
                                environment)) {
            harness.open();
            harness.processElement(
                    new StreamRecord<>(calibrated(catalog, SHOP.formatted("p", "{}"), LOGITS)));

            ScoredSet adjusted = harness.extractOutputValues().get(0);
            assertThat(adjusted.score()[3]).isCloseTo(0.25, within(1e-9));
            assertThat(adjusted.score()[1]).isCloseTo(0.8, within(1e-9));
            assertThat(adjusted.trace().get(2).note())
                    .startsWith("rule dear was skipped for 1 of 5: ")
                    .contains("price");
            assertThat(((Counter) metrics.get("numRuleErrors")).getCount()).isOne();
        }
    }

    @Test
    void anOwnStepFromTheClassPathActsWhereAProfileNamesIt() throws Exception {
        ProfileCatalog catalog =
                catalog(
                        "{schema: 1, profiles: {p: {extends: robust, adjust: {steps: [broken, favourite-brand]}}}}");

        assertThat(catalog.steps()).containsExactly("broken", "favourite-brand");
        try (OneInputStreamOperatorTestHarness<ScoredSet, ScoredSet> harness =
                harness(new AdjustScoresFunction(catalog.steps()))) {
            harness.open();
            harness.processElement(
                    new StreamRecord<>(
                            calibrated(
                                    catalog, SHOP.formatted("p", "{}"), 0, 0, Double.NaN, 0, 0)));

            ScoredSet adjusted = harness.extractOutputValues().get(0);
            assertThat(adjusted.score()).containsExactly(0.6, 0.5, 0.0, 0.5, 0.5);
            assertThat(adjusted.trace().get(2).strategy())
                    .isEqualTo("calibrated + broken + favourite-brand");
            assertThat(adjusted.trace().get(2).note())
                    .contains("own step broken failed", "broken on purpose");
        }
    }

    @Test
    void anOwnStepThatIsNotThereEndsTheJobWithASentence() throws Exception {
        try (OneInputStreamOperatorTestHarness<ScoredSet, ScoredSet> harness =
                harness(new AdjustScoresFunction(List.of("nobody")))) {
            assertThatThrownBy(harness::open)
                    .isInstanceOf(SuppressRestartsException.class)
                    .hasRootCauseMessage(
                            "a profile names the own step \"nobody\", which is not on the class path of the TaskManager; there are [broken, favourite-brand]. Put its jar into Flink's lib folder");
        }
    }

    @Test
    void anExplainedSetAccountsForEveryScore() throws Exception {
        RerankedResult result = rerank(SHOP.formatted("ecommerce", "{\"explain\": true}"));

        ResultItem full = result.results().get(0);
        assertThat(full.explanation())
                .extracting(ScoreChange::step, ScoreChange::name)
                .containsExactly(
                        tuple("base", "calibrated"),
                        tuple("signal", "semantic_relevance"),
                        tuple("signal", "image_quality"),
                        tuple("signal", "rating"),
                        tuple("signal", "inventory"),
                        tuple("signal", "price_affinity"),
                        tuple("signal", "promotion"),
                        tuple("signal", "recency"),
                        tuple("rule", "boost"));
        assertThat(full.explanation().get(0).change()).isCloseTo(0.9, within(1e-9));
        // .15 * (.8 - .9)
        assertThat(full.explanation().get(2))
                .returns(0.15, ScoreChange::weight)
                .returns(0.8, ScoreChange::value)
                .satisfies(line -> assertThat(line.change()).isCloseTo(-0.015, within(1e-9)));
        // .84 * .1
        assertThat(full.explanation().get(8).change()).isCloseTo(0.084, within(1e-9));
        ResultItem soldOut = result.results().get(3);
        assertThat(soldOut.explanation())
                .last()
                .isEqualTo(
                        new ScoreChange(
                                "in-stock-first",
                                "sold-out",
                                null,
                                null,
                                0,
                                soldOut.explanation().get(7).score()));
        assertThat(result.dropped().get(0).explanation())
                .last()
                .returns("floor", ScoreChange::name);
        assertThat(rerank(SHOP.formatted("ecommerce", "{}")).results())
                .allSatisfy(item -> assertThat(item.explanation()).isEmpty());
    }

    @Test
    void anExplainedSetNamesOwnStepsAndTheLimit() throws Exception {
        ProfileCatalog catalog =
                catalog(
                        """
                        schema: 1
                        profiles:
                          p:
                            extends: robust
                            adjust: {steps: [favourite-brand], rules: {more: {add: 1.0}}}
                        """);
        AdjustmentSteps steps = AdjustmentSteps.load(AdjustScoresTest.class.getClassLoader());

        RerankedResult result =
                rerank(steps, catalog, SHOP.formatted("p", "{\"explain\": true}"), LOGITS);

        assertThat(result.results().get(0).explanation())
                .extracting(ScoreChange::step, ScoreChange::name, line -> rounded(line.change()))
                .containsExactly(
                        tuple("base", "calibrated", 0.9),
                        tuple("own-step", "favourite-brand", 0.1),
                        tuple("rule", "more", 1.0),
                        tuple("limit", "0..1", -1.0));
    }

    @Property(tries = 200)
    void theLinesOfAnAccountAddUpToTheScore(
            @ForAll @Size(5) List<@DoubleRange(min = -9, max = 9) Double> logits,
            @ForAll @DoubleRange(min = 0, max = 1) double rating,
            @ForAll @DoubleRange(min = 0, max = 1) double relevance)
            throws Exception {
        String overrides =
                """
                {"explain": true, "price_range": [0, 300],
                 "weights": {"rating": %s, "semantic_relevance": %s}}"""
                        .formatted(rating, relevance);

        RerankedResult result =
                rerank(
                        ProfileCatalog.presets(),
                        SHOP.formatted("ecommerce", overrides),
                        logits.stream().mapToDouble(Double::doubleValue).toArray());

        assertThat(Stream.concat(result.results().stream(), result.dropped().stream()))
                .hasSize(5)
                .allSatisfy(
                        item -> {
                            double sum = 0;
                            for (ScoreChange line : item.explanation()) {
                                sum += line.change();
                                assertThat(line.score()).isCloseTo(sum, within(1e-9));
                            }
                            assertThat(sum).isCloseTo(item.score(), within(1e-8));
                        });
    }

    private static double rounded(double value) {
        return Math.round(value * 1e9) / 1e9;
    }

    private RerankedResult rerank(String json) throws Exception {
        return rerank(ProfileCatalog.presets(), json, LOGITS);
    }

    private static RerankedResult rerank(ProfileCatalog catalog, String json, double... logits)
            throws Exception {
        return rerank(AdjustmentSteps.NONE, catalog, json, logits);
    }

    private static RerankedResult rerank(
            AdjustmentSteps steps, ProfileCatalog catalog, String json, double... logits)
            throws Exception {
        return rerank(steps, Exploration.NONE, catalog, json, logits);
    }

    private static RerankedResult rerank(
            AdjustmentSteps steps,
            Exploration exploration,
            ProfileCatalog catalog,
            String json,
            double... logits)
            throws Exception {
        ScoredSet adjusted =
                new ScoreAdjuster(steps).adjust(calibrated(catalog, json, logits)).set();
        return RankCandidatesFunction.rank(
                new ApplyThresholdFunction().map(adjusted), exploration, 1.0);
    }

    private static ScoredSet calibrated(ProfileCatalog catalog, String json, double... logits)
            throws InvalidMessageException {
        CandidateSet set =
                new CandidateSetCodec(MessageLimits.DEFAULTS)
                        .decode(json.getBytes(StandardCharsets.UTF_8));
        BoundCandidateSet envelope =
                new BoundCandidateSet(
                        "candidate-sets-0-1",
                        new SourcePosition("candidate-sets", 0, 1),
                        0,
                        null,
                        "hash",
                        set,
                        new ProfileBinder(catalog, "default").bind(set),
                        String.valueOf(set.query().text()),
                        Long.MAX_VALUE,
                        1);
        ScoredSet assembled =
                new RequestAssembler(CalibrationMaps.NONE)
                        .assemble(
                                List.of(envelope),
                                List.of(TestingSets.outcome(envelope, logits)),
                                false);
        return new CalibrateScoresFunction().map(new NormalizeScoresFunction().map(assembled));
    }

    private ProfileCatalog catalog(String yaml) throws IOException, InvalidProfileException {
        Path file = folder.resolve("profiles.yaml");
        Files.writeString(file, yaml);
        ProfileCatalog catalog = ProfileCatalog.load(file);
        return ProfileCatalog.fromJson(catalog.toJson());
    }

    private static OneInputStreamOperatorTestHarness<ScoredSet, ScoredSet> harness(
            AdjustScoresFunction function) throws Exception {
        return new OneInputStreamOperatorTestHarness<>(new StreamMap<>(function));
    }

    private static MockEnvironment environment(InterceptingOperatorMetricGroup metrics) {
        return new MockEnvironmentBuilder()
                .setMetricGroup(
                        new InterceptingTaskMetricGroup() {
                            @Override
                            public InternalOperatorMetricGroup getOrAddOperator(
                                    OperatorID id, String name, Map<String, String> variables) {
                                return metrics;
                            }
                        })
                .build();
    }

    private static TraceStep trace(RerankedResult result) {
        return result.trace().stream()
                .filter(step -> step.step().equals("adjust"))
                .findFirst()
                .orElseThrow();
    }

    private static List<String> ids(List<ResultItem> items) {
        return items.stream().map(ResultItem::id).toList();
    }
}
