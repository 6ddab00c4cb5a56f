package dev.lychee.rerank.operators.adjust.rules;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.lychee.rerank.schemas.Candidate;
import dev.lychee.rerank.schemas.FieldValue;
import dev.lychee.rerank.schemas.Profile.Rule;
import dev.lychee.rerank.schemas.SetContext;
import dev.lychee.rerank.schemas.flow.Adjustment;
import dev.lychee.rerank.schemas.flow.Adjustment.RuleColumn;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.Size;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RuleSetTest {

    private static final Instant NOW = Instant.parse("2026-11-21T12:00:00Z");
    private static final SetContext FREE = new SetContext("u1", null, "free", "zh-CN", null, null);

    @Test
    void aPremiumDocumentCountsLessForAFreeUser() throws Exception {
        Rule rule =
                multiply(
                        "premium",
                        "has(fields.is_premium) && fields.is_premium && ctx.user_segment == 'free'",
                        "0.3");
        TestingRun run = run(FREE, List.of(rule), premium(true), premium(false), bare());

        assertThat(run.scores.score()).containsExactly(new double[] {0.24, 0.8, 0.8}, EPSILON);
        assertThat(run.actedOn("premium")).containsExactly(true, false, false);
        assertThat(run.report.errors()).isZero();
        assertThat(run(SetContext.EMPTY, List.of(rule), premium(true)).scores.score())
                .containsExactly(0.8);
    }

    @ParameterizedTest(name = "{0} days old: {1}")
    @CsvSource({
        "0, 1.0",
        "365, 1.0",
        "1000, 0.9033485540334855", // 1 - 0.5 * 635 / 3285
        "2007.5, 0.75",
        "3650, 0.5",
        "9000, 0.5"
    })
    void ageTakesUpToHalfOfTheScore(double days, double factor) throws Exception {
        Instant published = NOW.minusSeconds((long) (days * 86_400));
        Rule rule =
                multiply(
                        "age",
                        "has(fields.published_at)",
                        "ramp(days(fields.published_at, now), 365, 1, 3650, 0.5)");

        TestingRun run =
                run(
                        FREE,
                        List.of(rule),
                        document(Map.of("published_at", FieldValue.of(published.toString()))));

        assertThat(run.scores.score()[0]).isCloseTo(0.8 * factor, within(1e-12));
    }

    @Test
    void urgentDocumentsReachTheCapAndKeepTheirOrderThere() throws Exception {
        Rule rule =
                new Rule(
                        "urgent",
                        "mentions(doc.title + ' ' + doc.text, ['紧急', '重要', '最新', 'urgent', 'important', 'latest'])",
                        null,
                        "1.2",
                        null,
                        "1",
                        null,
                        null,
                        null);
        TestingRun run =
                run(
                        new double[] {0.9, 0.95, 0.5, 0.5, 0.5},
                        List.of(rule),
                        text("最新公告"),
                        text("URGENT: read this"),
                        text("an important thing"),
                        text("importantly dull"),
                        text("nothing"));

        assertThat(run.scores.score()).containsExactly(new double[] {1, 1, 0.6, 0.5, 0.5}, EPSILON);
        assertThat(run.scores.uncapped())
                .containsExactly(new double[] {1.08, 1.14, 0.6, 0.5, 0.5}, EPSILON);
    }

    @Test
    void theFloorDropsWhatIsBelowFourTenths() throws Exception {
        Rule rule = drop("floor", "score < 0.4");

        TestingRun run = run(new double[] {0.4, 0.39999}, List.of(rule), bare(), bare());

        assertThat(run.scores.dropReason()).containsExactly(null, "rule:floor");
        assertThat(run.scores.tier()).containsExactly(Adjustment.NORMAL, Adjustment.DROPPED);
    }

    @Test
    void theBoostNeedsAGoodScoreAndMoreThanAThousandSales() throws Exception {
        Rule rule =
                multiply(
                        "boost", "score > 0.75 && has(fields.sales) && fields.sales > 1000", "1.1");

        TestingRun run =
                run(
                        new double[] {0.8, 0.8, 0.75, 0.8},
                        List.of(rule),
                        document(Map.of("sales", FieldValue.of(1_001))),
                        document(Map.of("sales", FieldValue.of(1_000))),
                        document(Map.of("sales", FieldValue.of(5_000))),
                        bare());

        assertThat(run.actedOn("boost")).containsExactly(true, false, false, false);
        assertThat(run.scores.score()[0]).isCloseTo(0.88, EPSILON);
    }

    @Test
    void rulesActInOrderOnWhatEarlierOnesLeft() throws Exception {
        TestingRun run =
                run(
                        new double[] {0.5},
                        List.of(
                                rule("a", null, "set", "0.2"),
                                rule("b", "score == 0.2", "add", "0.3"),
                                rule("c", "score > 0.4", "cap", "score - 0.25")),
                        bare());

        assertThat(run.scores.score()[0]).isCloseTo(0.25, EPSILON);
        assertThat(run.scores.uncapped()[0]).isCloseTo(0.5, EPSILON);
        assertThat(run.report.acted()).extracting(RuleColumn::name).containsExactly("a", "b", "c");
    }

    @Test
    void placesDocumentsBeforeOrAfterAllOthers() throws Exception {
        TestingRun run =
                run(
                        new double[] {0.5, 0.5, 0.5},
                        List.of(
                                new Rule(
                                        "top",
                                        "doc.id == 'd1'",
                                        null,
                                        null,
                                        null,
                                        null,
                                        true,
                                        null,
                                        null),
                                new Rule(
                                        "end",
                                        "doc.retrieval_rank == 1",
                                        null,
                                        null,
                                        null,
                                        null,
                                        null,
                                        true,
                                        null)),
                        bare(),
                        bare(),
                        bare());

        assertThat(run.scores.tier())
                .containsExactly(Adjustment.BURIED, Adjustment.PINNED, Adjustment.NORMAL);
    }

    @Test
    void rulesSeeEveryKindOfField() throws Exception {
        Candidate document =
                document(
                        Map.of(
                                "price", FieldValue.of(52),
                                "brand", FieldValue.of("Acme"),
                                "is_new", FieldValue.of(true),
                                "sizes", FieldValue.ofTexts(List.of("S", "M")),
                                "ratings", FieldValue.ofNumbers(List.of(4.0, 5.0))));
        List<String> conditions =
                List.of(
                        "fields.price == 52",
                        "fields.price / 2.0 < 30",
                        "fields.brand.startsWith('Ac') && fields['brand'] == 'Acme'",
                        "fields.is_new",
                        "'M' in fields.sizes && size(fields.sizes) == 2",
                        "fields.ratings.exists(r, r > 4.5)",
                        "!has(fields.colour) && 'brand' in fields",
                        "now > timestamp('2026-01-01T00:00:00Z')",
                        "query == 'red dress' && query.matches('red.*')",
                        "ctx.session_id == '' && ctx.locale == 'zh-CN'",
                        "doc.title == '' && doc.selling_points == []",
                        "calibrated == 0.8");
        List<Rule> rules =
                IntStream.range(0, conditions.size())
                        .mapToObj(i -> multiply("r" + i, conditions.get(i), "1.0"))
                        .toList();

        TestingRun run = run(FREE, rules, document);

        assertThat(run.report.notes()).isEmpty();
        assertThat(run.report.acted())
                .extracting(RuleColumn::name)
                .containsExactlyElementsOf(rules.stream().map(Rule::name).toList());
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = '|',
            value = {
                "fields.stock / fields.zero > 1.0 | no note",
                "1 / int(fields.zero) > 0 | / by zero",
                "fields.absent > 1.0 | absent",
                "fields.brand > 1.0 | overload",
                "fields.brand | not true or false",
                "fields.sizes[7] == 'S' | ndex",
                "days(fields.brand, now) > 1.0 | ISO 8601",
            })
    void aRuleThatCannotBeEvaluatedLeavesItsDocumentAloneAndIsCounted(String condition, String note)
            throws Exception {
        Candidate bad =
                document(
                        Map.of(
                                "zero", FieldValue.of(0),
                                "stock", FieldValue.of(1),
                                "brand", FieldValue.of("Acme"),
                                "sizes", FieldValue.ofTexts(List.of("S"))));
        TestingRun run =
                run(
                        FREE,
                        List.of(multiply("bad", condition, "0.1"), multiply("good", null, "0.5")),
                        bad,
                        bad);

        if (note.equals("no note")) {
            // Decimals divided by zero are infinite, as everywhere.
            assertThat(run.report.errors()).isZero();
            assertThat(run.scores.score()).containsExactly(new double[] {0.04, 0.04}, EPSILON);
            return;
        }
        assertThat(run.report.errors()).isEqualTo(2);
        assertThat(run.report.notes())
                .singleElement()
                .asString()
                .startsWith("rule bad was skipped for 2 of 2: ")
                .containsIgnoringCase(note);
        assertThat(run.scores.score()).containsExactly(new double[] {0.4, 0.4}, EPSILON);
    }

    @ParameterizedTest
    @ValueSource(strings = {"fields.zero / fields.zero", "1.0 / fields.zero", "fields.brand"})
    void anEffectThatIsNoFiniteNumberLeavesTheScore(String effect) throws Exception {
        Candidate bad = document(Map.of("zero", FieldValue.of(0), "brand", FieldValue.of("Acme")));

        TestingRun run = run(FREE, List.of(multiply("bad", null, effect)), bad);

        assertThat(run.scores.score()).containsExactly(0.8);
        assertThat(run.report.errors()).isOne();
    }

    @Test
    @Timeout(20)
    void aRuleWhoseLoopsAreTooLongIsTakenBackForTheWholeSet() throws Exception {
        List<String> many = IntStream.range(0, 1_000).mapToObj(i -> "t" + i).toList();
        Candidate large = document(Map.of("tags", FieldValue.ofTexts(many)));
        Candidate small = document(Map.of("tags", FieldValue.ofTexts(List.of("t"))));
        Candidate[] set = new Candidate[1_000];
        Arrays.fill(set, large);
        set[0] = small;
        List<Rule> rules = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            rules.add(
                    multiply(
                            "nested" + i,
                            "fields.tags.all(a, fields.tags.all(b, fields.tags.all(c, a + b != c)))",
                            "0.1"));
        }
        rules.add(multiply("good", null, "0.5"));
        long start = System.nanoTime();

        TestingRun run = run(FREE, rules, set);

        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(10));
        assertThat(run.report.errors()).isEqualTo(20);
        assertThat(run.report.notes())
                .hasSize(20)
                .allSatisfy(note -> assertThat(note).contains("its loops are too long"));
        assertThat(run.scores.score()).containsOnly(0.4);
        assertThat(run.report.acted()).extracting(RuleColumn::name).containsExactly("good");
    }

    @Test
    void documentsWithoutAScoreCanOnlyBeDroppedByWhatTheyAre() throws Exception {
        RuleInput input =
                input(
                        FREE,
                        new boolean[] {false, true},
                        new double[] {0, 0.8},
                        document(Map.of("banned", FieldValue.of(true))),
                        document(Map.of("banned", FieldValue.of(true))));
        RuleScores scores = RuleScores.of(new double[] {0, 0.8});

        RuleSet.Report report =
                RuleSet.compile(
                                List.of(
                                        drop("floor", "score < 0.4"),
                                        multiply("half", null, "0.5"),
                                        drop("banned", "fields.banned")))
                        .apply(input, scores, false);

        assertThat(scores.dropReason()).containsExactly("rule:banned", "rule:banned");
        assertThat(report.errors()).isZero();
        assertThat(report.acted()).extracting(RuleColumn::name).containsExactly("half", "banned");
        assertThat(report.acted().get(0).acted()).containsExactly(false, true);
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = '|',
            value = {
                "scor > 0.5 | adjust.rules.r.when: line 1, column 1: undeclared reference to 'scor'",
                "score > | adjust.rules.r.when: line 1, column 8:",
                "score * 2 > 1.0 | write 2.0 for 2 beside a decimal",
                "fields.price * 2 > 1.0 | line 1, column 14: numbers of fields are decimals; write 2.0 for 2",
                "score + 0.5 | it gives double, expected true or false",
                "doc.price > 1.0 | column 4: doc has no price; it has id, text, title",
                "ctx.segment == 'x' | ctx has no segment; it has user_id",
                "query > 5 | no matching overload",
                "sleep(5) | undeclared reference to 'sleep'",
            })
    void refusesAConditionThatCannotBeRight(String condition, String sentence) {
        assertThatThrownBy(() -> RuleSet.compile(List.of(drop("r", condition))))
                .isInstanceOf(InvalidRuleException.class)
                .hasMessageStartingWith("adjust.rules.r.when: ")
                .hasMessageContaining(sentence);
    }

    @Test
    void refusesAnEffectThatIsNoNumber() {
        assertThatThrownBy(() -> RuleSet.compile(List.of(multiply("r", null, "'x'"))))
                .hasMessage("adjust.rules.r.multiply: it gives string, expected a number");
    }

    @Test
    @Timeout(20)
    void refusesExpressionsThatAreTooLongOrTooDeep() {
        assertRefused("score > 0.5" + " || score > 0.5".repeat(7_000), "4096");
        assertRefused("(".repeat(2_000) + "true" + ")".repeat(2_000), "");
        assertRefused("[".repeat(200) + "]".repeat(200) + " == []", "");
        assertRefused("[1]" + "+[1]".repeat(1_000), "");
    }

    @Property(tries = 200)
    void anEffectThatIsTheSameForAllKeepsTheOrder(
            @ForAll @Size(min = 2, max = 20) List<@DoubleRange(min = 0, max = 1) Double> values,
            @ForAll @DoubleRange(min = 0.01, max = 3) double factor,
            @ForAll @DoubleRange(min = 0, max = 1) double cap)
            throws Exception {
        double[] before = values.stream().mapToDouble(Double::doubleValue).toArray();
        Candidate[] documents = new Candidate[before.length];
        Arrays.fill(documents, bare());

        TestingRun run =
                run(
                        before,
                        List.of(
                                new Rule(
                                        "r",
                                        null,
                                        null,
                                        Double.toString(factor),
                                        "-0.1",
                                        Double.toString(cap),
                                        null,
                                        null,
                                        null)),
                        documents);

        for (int i = 1; i < before.length; i++) {
            if (before[i - 1] < before[i]) {
                assertThat(run.scores.score()[i - 1]).isLessThanOrEqualTo(run.scores.score()[i]);
                assertThat(run.scores.uncapped()[i - 1])
                        .isLessThanOrEqualTo(run.scores.uncapped()[i]);
            }
        }
    }

    private static final org.assertj.core.data.Offset<Double> EPSILON = within(1e-12);

    private static void assertRefused(String condition, String sentence) {
        assertThatThrownBy(() -> RuleSet.compile(List.of(drop("r", condition))))
                .isInstanceOf(InvalidRuleException.class)
                .hasMessageStartingWith("adjust.rules.r.when: ")
                .hasMessageContaining(sentence)
                .satisfies(e -> assertThat(e.getMessage()).hasSizeLessThan(400));
    }

    private record TestingRun(RuleScores scores, RuleSet.Report report) {

        boolean[] actedOn(String rule) {
            return report.acted().stream()
                    .filter(column -> column.name().equals(rule))
                    .findFirst()
                    .orElseThrow()
                    .acted();
        }
    }

    private static TestingRun run(SetContext context, List<Rule> rules, Candidate... documents)
            throws InvalidRuleException {
        double[] scores = new double[documents.length];
        Arrays.fill(scores, 0.8);
        return run(context, scores, rules, documents);
    }

    private static TestingRun run(double[] scores, List<Rule> rules, Candidate... documents)
            throws InvalidRuleException {
        return run(FREE, scores, rules, documents);
    }

    private static TestingRun run(
            SetContext context, double[] before, List<Rule> rules, Candidate... documents)
            throws InvalidRuleException {
        boolean[] scored = new boolean[before.length];
        Arrays.fill(scored, true);
        RuleScores scores = RuleScores.of(before);
        RuleSet.Report report =
                RuleSet.compile(rules)
                        .apply(input(context, scored, before, documents), scores, true);
        return new TestingRun(scores, report);
    }

    private static RuleInput input(
            SetContext context, boolean[] scored, double[] calibrated, Candidate... documents) {
        List<Candidate> candidates = new ArrayList<>();
        int[] ranks = new int[documents.length];
        for (int i = 0; i < documents.length; i++) {
            Candidate document = documents[i];
            candidates.add(
                    new Candidate(
                            "d" + i,
                            document.text(),
                            null,
                            null,
                            List.of(),
                            null,
                            null,
                            null,
                            List.of(),
                            null,
                            document.fields()));
            ranks[i] = i + 1;
        }
        return new RuleInput(
                "red dress",
                context,
                NOW.toEpochMilli(),
                candidates,
                scored,
                calibrated.clone(),
                ranks);
    }

    private static Candidate document(Map<String, FieldValue> fields) {
        return new Candidate(
                "d", "text", null, null, List.of(), null, null, null, List.of(), null, fields);
    }

    private static Candidate text(String text) {
        return Candidate.ofText("d", text);
    }

    private static Candidate bare() {
        return document(Map.of());
    }

    private static Candidate premium(boolean premium) {
        return document(Map.of("is_premium", FieldValue.of(premium)));
    }

    private static Rule drop(String name, String when) {
        return new Rule(name, when, null, null, null, null, null, null, true);
    }

    private static Rule multiply(String name, @Nullable String when, String factor) {
        return rule(name, when, "multiply", factor);
    }

    private static Rule rule(String name, @Nullable String when, String effect, String value) {
        return new Rule(
                name,
                when,
                effect.equals("set") ? value : null,
                effect.equals("multiply") ? value : null,
                effect.equals("add") ? value : null,
                effect.equals("cap") ? value : null,
                null,
                null,
                null);
    }
}
