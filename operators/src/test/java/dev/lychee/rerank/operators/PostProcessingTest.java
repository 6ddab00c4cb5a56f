package dev.lychee.rerank.operators;

import static dev.lychee.rerank.operators.TestingSets.outcome;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.lychee.rerank.operators.adjust.AdjustmentSteps;
import dev.lychee.rerank.operators.adjust.ScoreAdjuster;
import dev.lychee.rerank.operators.assembly.RequestAssembler;
import dev.lychee.rerank.operators.calibration.CalibrationMaps;
import dev.lychee.rerank.operators.clicks.Exploration;
import dev.lychee.rerank.operators.postprocess.Thresholders;
import dev.lychee.rerank.schemas.CandidateSet;
import dev.lychee.rerank.schemas.Overrides;
import dev.lychee.rerank.schemas.RerankedResult;
import dev.lychee.rerank.schemas.ResultItem;
import dev.lychee.rerank.schemas.Shard;
import dev.lychee.rerank.schemas.Status;
import dev.lychee.rerank.schemas.ThresholdSpec;
import dev.lychee.rerank.schemas.flow.BoundCandidateSet;
import dev.lychee.rerank.schemas.flow.ScoredSet;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** The steps after the assembler, one after the other as the job runs them. */
class PostProcessingTest {

    @Test
    void theDefaultProfileOrdersByLogitAndKeepsAll() throws Exception {
        RerankedResult result = process("default", CalibrationMaps.NONE, -1.0, 3.0, 1.0);

        assertThat(result.status()).isEqualTo(Status.COMPLETE);
        assertThat(ids(result.results())).containsExactly("d1", "d2", "d0");
        assertThat(result.results()).extracting(ResultItem::rank).containsExactly(1, 2, 3);
        assertThat(result.results()).extracting(ResultItem::score).containsExactly(1.0, 0.5, 0.0);
        assertThat(result.results().get(0).probability()).isCloseTo(0.952574, within(1e-6));
        assertThat(result.results().get(0).band()).isEqualTo("strong");
        assertThat(result.calibration().method()).isEqualTo("identity");
        assertThat(result.dropped()).isEmpty();
        assertThat(result.trace())
                .extracting(step -> step.step())
                .containsExactly("normalize", "calibrate", "adjust", "threshold");
    }

    @Test
    void anExploredResultShowsNeighboursBelowTheFirstInEitherOrder() throws Exception {
        double[] logits = IntStream.range(0, 14).mapToDouble(i -> 6 - i).toArray();
        CandidateSet set = setOf("default", logits.length);

        RerankedResult plain = process(set, CalibrationMaps.NONE, logits);
        RerankedResult explored = process(set, CalibrationMaps.NONE, new Exploration(1, 1), logits);
        RerankedResult again = process(set, CalibrationMaps.NONE, new Exploration(1, 1), logits);

        assertThat(again).usingRecursiveComparison().isEqualTo(explored);
        assertThat(ids(explored.results()))
                .containsExactlyInAnyOrderElementsOf(ids(plain.results()));
        assertThat(ids(explored.results())).isNotEqualTo(ids(plain.results()));
        assertThat(explored.results()).extracting(ResultItem::rank).isEqualTo(ranks(plain));
        assertThat(explored.results().get(0)).isEqualTo(plain.results().get(0));
        assertThat(explored.results().subList(2, 12))
                .allSatisfy(item -> assertThat(item.propensity()).isEqualTo(0.5));
        assertThat(explored.resultId()).isNotEqualTo(plain.resultId());
        assertThat(explored.top1()).isEqualTo(plain.top1());
        assertThat(explored.trace()).last().extracting(step -> step.step()).isEqualTo("explore");
        assertThat(plain.results()).extracting(ResultItem::propensity).containsOnlyNulls();
    }

    @Test
    void whatHasNoScoreAndWhatIsDroppedIsNeverExplored() throws Exception {
        CandidateSet five = setOf("default", 5);
        CandidateSet cut = withThreshold(five, null, spec("fixed", 0.5, null, null));

        RerankedResult unscored =
                process(
                        setOf("default", 3),
                        CalibrationMaps.NONE,
                        new Exploration(1, 1),
                        3,
                        2,
                        Double.NaN);
        RerankedResult dropped =
                process(cut, CalibrationMaps.NONE, new Exploration(1, 0), 4, 3, -4, -5, -6);

        assertThat(unscored.results()).extracting(ResultItem::propensity).containsOnlyNulls();
        assertThat(dropped.dropped()).isNotEmpty();
        assertThat(ids(dropped.dropped()))
                .isEqualTo(ids(process(cut, CalibrationMaps.NONE, 4, 3, -4, -5, -6).dropped()));
        assertThat(dropped.dropped()).extracting(ResultItem::propensity).containsOnlyNulls();
    }

    @Test
    void resultsThatDoNotTrainAreNeverExplored() throws Exception {
        RerankedResult fallback =
                process(
                        setOf("default", 4),
                        CalibrationMaps.NONE,
                        new Exploration(1, 0),
                        Double.NaN,
                        Double.NaN,
                        Double.NaN,
                        Double.NaN);

        assertThat(fallback.status()).isEqualTo(Status.FALLBACK);
        assertThat(fallback.results()).extracting(ResultItem::propensity).containsOnlyNulls();
    }

    @Test
    void oneCandidateComesBackAloneAndInTheMiddleOfTheScale() throws Exception {
        RerankedResult result = process("default", CalibrationMaps.NONE, 2.0);

        assertThat(result.results()).singleElement().extracting(ResultItem::score).isEqualTo(0.5);
        assertThat(result.top1()).isNotNull();
        assertThat(result.top1().confidence()).isEqualTo("only");
        assertThat(result.trace().get(0).note()).isEqualTo("degenerate");
    }

    @Test
    void equalScoresKeepTheRetrieversOrder() throws Exception {
        RerankedResult result = process("default", CalibrationMaps.NONE, 1, 1, 1);

        assertThat(ids(result.results())).containsExactly("d0", "d1", "d2");
        assertThat(result.results()).allSatisfy(item -> assertThat(item.tied()).isTrue());
    }

    @Test
    void aPairThatFailedComesAfterAllOthersWithoutValues() throws Exception {
        RerankedResult result =
                process(
                        "default",
                        CalibrationMaps.NONE,
                        Double.NaN,
                        -5.0,
                        Double.POSITIVE_INFINITY,
                        5.0);

        assertThat(ids(result.results())).containsExactly("d3", "d1", "d0", "d2");
        assertThat(result.results().get(2))
                .satisfies(
                        item -> {
                            assertThat(item.scored()).isFalse();
                            assertThat(item.logit()).isNull();
                            assertThat(item.score()).isNull();
                            assertThat(item.error()).isEqualTo("failed on purpose");
                        });
        assertThat(result.results().get(3).error()).isEqualTo("the model gave no finite score");
    }

    @Test
    void nothingScoredIsAFallbackInRetrievalOrder() throws Exception {
        RerankedResult result = process("production", CalibrationMaps.NONE, Double.NaN, Double.NaN);

        assertThat(result.status()).isEqualTo(Status.FALLBACK);
        assertThat(ids(result.results())).containsExactly("d0", "d1");
        assertThat(result.top1()).isNull();
        assertThat(result.threshold().value()).isNull();
    }

    @Test
    void productionCutsBetweenTwoClassesAndSaysWhy() throws Exception {
        RerankedResult result =
                process("production", CalibrationMaps.NONE, 4, -4, 3.8, -4.2, -3.9, Double.NaN);

        assertThat(ids(result.results())).containsExactly("d0", "d2");
        assertThat(result.threshold().reason()).startsWith("two classes");
        assertThat(result.dropped())
                .extracting(ResultItem::reason)
                .containsExactly("threshold", "threshold", "threshold", "unscored");
        assertThat(result.dropped()).allSatisfy(item -> assertThat(item.kept()).isFalse());
    }

    @Test
    void aMapThatFitsTheFingerprintCalibratesAndIsNamed() throws Exception {
        CalibrationMaps maps =
                CalibrationMaps.ofJsonLines(
                        """
                        {"schema":1,"fingerprint":"%s","segment":"default","version":7,"method":"isotonic","logits":[-2,0,2],"probabilities":[0.1,0.2,0.6],"low":[0.05,0.1,0.5],"high":[0.2,0.3,0.7],"support":10}
                        """
                                .formatted(TestingSets.FINGERPRINT));

        RerankedResult result = process("robust", maps, 1, -1, 5);

        assertThat(result.calibration().version()).isEqualTo(7);
        assertThat(result.calibration().segment()).isEqualTo("default");
        assertThat(result.results())
                .extracting(ResultItem::calibrated)
                .usingElementComparator((a, b) -> Math.abs(a - b) < 1e-9 ? 0 : 1)
                .containsExactly(0.6, 0.4, 0.15);
        assertThat(result.results().get(0).calibratedLow()).isEqualTo(0.5);
        assertThat(result.results().get(0).calibratedHigh()).isEqualTo(0.7);
    }

    @Test
    void aMapForAnotherFingerprintMeansIdentity() throws Exception {
        CalibrationMaps maps =
                CalibrationMaps.ofJsonLines(
                        "{\"schema\":1,\"fingerprint\":\"other\",\"segment\":\"default\",\"version\":7,"
                                + "\"method\":\"platt\",\"slope\":1,\"intercept\":0,\"support\":1}");

        assertThat(process("robust", maps, 1, 2).calibration().method()).isEqualTo("identity");
    }

    @Test
    void aSetsScoreThresholdSpeaksOfCalibratedOnTheProfilesScale() throws Exception {
        // logit(0.8) = 1.386: of sigmoid(2) = 0.88 and sigmoid(1) = 0.73 only the first is above
        // 8.0 of 10.
        CandidateSet set =
                withThreshold(setOf("compare", 3), 8.0, ThresholdSpec.ofStrategy("otsu"));

        RerankedResult result = process(set, CalibrationMaps.NONE, 2, 1, 0);

        assertThat(ids(result.results())).containsExactly("d0");
        assertThat(result.threshold().on()).isEqualTo("calibrated");
        assertThat(result.threshold().value()).isEqualTo(0.8);
        assertThat(result.results().get(0).display()).isEqualTo(8.8);
    }

    @Test
    void expectedRecallSaysWhoseProbabilitiesItAddsUp() throws Exception {
        CandidateSet set =
                withThreshold(setOf("default", 4), null, spec("recall", null, 0.8, null));

        RerankedResult result = process(set, CalibrationMaps.NONE, 3, 2, -4, -5);

        assertThat(ids(result.results())).containsExactly("d0", "d1");
        assertThat(result.threshold().reason())
                .isEqualTo(
                        "expected to hold 1.8 of 1.9 relevant, recall 0.99 (by uncalibrated probabilities)");
    }

    @Test
    void aGuaranteedCutComesWithTheCalibrationMap() throws Exception {
        CalibrationMaps maps =
                CalibrationMaps.ofJsonLines(
                        """
                        {"schema":1,"fingerprint":"%s","segment":"default","version":7,"method":"platt","slope":2,"intercept":1,"support":10,"guarantees":[{"max_loss":0.05,"confidence":0.9,"logit":-1,"requests":400}]}
                        """
                                .formatted(TestingSets.FINGERPRINT));
        CandidateSet wished =
                withThreshold(setOf("robust", 4), null, spec("guarantee", null, null, 0.1));
        CandidateSet stricter =
                withThreshold(setOf("robust", 4), null, spec("guarantee", null, null, 0.01));
        CandidateSet given =
                withThreshold(setOf("robust", 4), null, spec("guarantee", 0.9, null, null));

        RerankedResult cut = process(wished, maps, 3, -1, -1.01, -5);

        assertThat(ids(cut.results())).containsExactly("d0", "d1");
        assertThat(cut.threshold().on()).isEqualTo("calibrated");
        assertThat(cut.threshold().value()).isCloseTo(1 / (1 + Math.exp(1)), within(1e-12));
        assertThat(cut.threshold().reason())
                .isEqualTo(
                        "loses at most 5.0 % of the relevant with 90 % confidence, from 400 judged requests");
        assertThat(process(stricter, maps, 3, -1, -1.01, -5).results()).hasSize(4);
        assertThat(process(given, maps, 3, -1, -1.01, -5).results()).hasSize(1);
    }

    @Test
    void aGuaranteeHoldsForIdentityToo() throws Exception {
        CalibrationMaps maps =
                CalibrationMaps.ofJsonLines(
                        """
                        {"schema":1,"fingerprint":"%s","segment":"default","version":7,"method":"platt","slope":2,"intercept":1,"support":10,"guarantees":[{"max_loss":0.1,"confidence":0.9,"logit":-1,"requests":400}]}
                        """
                                .formatted(TestingSets.FINGERPRINT));
        CandidateSet set =
                withThreshold(setOf("default", 3), null, spec("guarantee", null, null, null));

        RerankedResult result = process(set, maps, 3, -1, -1.01);

        assertThat(ids(result.results())).containsExactly("d0", "d1");
    }

    @Test
    void topNDropsTheRestWithTheReason() throws Exception {
        RerankedResult result = process("compare", CalibrationMaps.NONE, 3, 2, 1);

        assertThat(ids(result.results())).containsExactly("d0", "d1");
        assertThat(result.dropped())
                .singleElement()
                .extracting(ResultItem::reason)
                .isEqualTo("top_n");
    }

    @Test
    void scenariosKeepNearEqualCandidatesInInputOrder() throws Exception {
        RerankedResult result = process("screening", CalibrationMaps.NONE, 2.00, 2.01, 4.0);

        assertThat(ids(result.results())).containsExactly("d2", "d0", "d1");
        assertThat(result.results())
                .extracting(ResultItem::tied)
                .containsExactly(false, true, true);
    }

    @Test
    void theResultIdIsTheSameForTheSameInputsOnly() throws Exception {
        String once = process("default", CalibrationMaps.NONE, 1, 2).resultId();

        assertThat(process("default", CalibrationMaps.NONE, 1, 2).resultId()).isEqualTo(once);
        assertThat(process("robust", CalibrationMaps.NONE, 1, 2).resultId()).isNotEqualTo(once);
    }

    @Property(tries = 2000)
    void everyCandidateLeavesOnceAndNoValueIsNotANumber(
            @ForAll("profiles") String profile,
            @ForAll("strategies") String strategy,
            @ForAll("logits") List<Double> logits)
            throws Exception {
        RerankedResult result =
                process(
                        withThreshold(
                                setOf(profile, logits.size()),
                                null,
                                ThresholdSpec.ofStrategy(strategy)),
                        CalibrationMaps.NONE,
                        logits.stream().mapToDouble(Double::doubleValue).toArray());

        assertThat(result.threshold().value())
                .satisfiesAnyOf(v -> assertThat(v).isNull(), v -> assertThat(v).isFinite());
        assertThat(result.threshold().reason()).isNotBlank().doesNotContain("NaN");
        List<ResultItem> all =
                Stream.concat(result.results().stream(), result.dropped().stream()).toList();
        assertThat(ids(all)).hasSameSizeAs(logits).doesNotHaveDuplicates();
        for (ResultItem item : all) {
            assertThat(item.scored()).isEqualTo(Double.isFinite(logits.get(item.index())));
            Stream.of(item.score(), item.probability(), item.normalized(), item.calibrated())
                    .forEach(value -> assertThat(value == null).isEqualTo(!item.scored()));
            if (item.scored()) {
                assertThat(item.score()).isBetween(0.0, 1.0);
                assertThat(item.calibrated()).isBetween(0.0, 1.0);
            }
        }
        assertThat(result.results())
                .filteredOn(ResultItem::scored)
                .extracting(ResultItem::logit)
                .isSortedAccordingTo((a, b) -> Double.compare(b, a));
    }

    @Property(tries = 200)
    void calibrationAloneNeverChangesTheOrder(
            @ForAll("logits") List<Double> logits, @ForAll("risingProbabilities") double[] knots)
            throws Exception {
        double[] values = logits.stream().mapToDouble(Double::doubleValue).toArray();
        CalibrationMaps maps =
                CalibrationMaps.ofJsonLines(
                        """
                        {"schema":1,"fingerprint":"%s","segment":"default","version":1,\
                        "method":"isotonic","logits":[-20,-2,0,2,20],"probabilities":%s,"support":1}\
                        """
                                .formatted(TestingSets.FINGERPRINT, Arrays.toString(knots)));

        assertThat(ids(process("robust", maps, values).results()))
                .isEqualTo(ids(process("robust", CalibrationMaps.NONE, values).results()));
    }

    @Provide
    Arbitrary<double[]> risingProbabilities() {
        return Arbitraries.doubles()
                .between(0, 1)
                .array(double[].class)
                .ofSize(5)
                .map(
                        each -> {
                            double[] rising = each.clone();
                            Arrays.sort(rising);
                            return rising;
                        });
    }

    @Provide
    Arbitrary<String> strategies() {
        return Arbitraries.of(Thresholders.STRATEGIES);
    }

    @Provide
    Arbitrary<String> profiles() {
        return Arbitraries.of("default", "robust", "production", "ecommerce");
    }

    @Provide
    Arbitrary<List<Double>> logits() {
        return Arbitraries.oneOf(
                        Arbitraries.doubles().between(-30, 30),
                        Arbitraries.of(
                                0.0,
                                1.0,
                                Double.NaN,
                                Double.POSITIVE_INFINITY,
                                Double.NEGATIVE_INFINITY))
                .list()
                .ofMinSize(1)
                .ofMaxSize(40);
    }

    private static RerankedResult process(String profile, CalibrationMaps maps, double... logits)
            throws Exception {
        return process(setOf(profile, logits.length), maps, logits);
    }

    private static RerankedResult process(CandidateSet set, CalibrationMaps maps, double... logits)
            throws Exception {
        return process(set, maps, Exploration.NONE, logits);
    }

    private static RerankedResult process(
            CandidateSet set, CalibrationMaps maps, Exploration exploration, double... logits)
            throws Exception {
        BoundCandidateSet envelope = TestingSets.envelope(set, 1, Long.MAX_VALUE, 1);
        ScoredSet assembled =
                new RequestAssembler(maps)
                        .assemble(List.of(envelope), List.of(outcome(envelope, logits)), false);
        ScoredSet adjusted =
                new ScoreAdjuster(AdjustmentSteps.NONE)
                        .adjust(
                                new CalibrateScoresFunction()
                                        .map(new NormalizeScoresFunction().map(assembled)))
                        .set();
        return RankCandidatesFunction.rank(
                new ApplyThresholdFunction().map(adjusted), exploration, 1.0);
    }

    private static CandidateSet setOf(String profile, int size) {
        return TestingSets.set(
                "r",
                profile,
                Shard.WHOLE,
                IntStream.range(0, size).mapToObj(i -> "d" + i).toArray(String[]::new));
    }

    private static ThresholdSpec spec(
            String strategy,
            @Nullable Double value,
            @Nullable Double target,
            @Nullable Double maxLoss) {
        return new ThresholdSpec(
                strategy, null, value, null, null, null, null, null, null, target, maxLoss, null);
    }

    private static CandidateSet withThreshold(
            CandidateSet set, @Nullable Double threshold, ThresholdSpec spec) {
        return new CandidateSet(
                set.requestId(),
                set.timestamp(),
                set.query(),
                set.candidates(),
                set.instruction(),
                set.profile(),
                set.topN(),
                threshold,
                set.deadlineMs(),
                set.context(),
                new Overrides(null, Map.of(), spec, null, List.of(), null, null, null),
                set.shard());
    }

    private static List<Integer> ranks(RerankedResult result) {
        return result.results().stream().map(ResultItem::rank).toList();
    }

    private static List<String> ids(List<ResultItem> items) {
        return items.stream().map(ResultItem::id).toList();
    }
}
