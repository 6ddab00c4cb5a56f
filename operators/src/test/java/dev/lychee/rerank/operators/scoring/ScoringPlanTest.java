package dev.lychee.rerank.operators.scoring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.lychee.rerank.operators.postprocess.Probability;
import dev.lychee.rerank.schemas.ModelReference;
import dev.lychee.rerank.schemas.Profile.Aspect;
import dev.lychee.rerank.schemas.flow.PairOutcome;
import dev.lychee.rerank.schemas.flow.Questions;
import dev.lychee.rerank.schemas.flow.ScoreTask;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ScoringPlanTest {

    private static final ScorerDescription FIRST = model("first", "judge", 2);
    private static final ScorerDescription SECOND = model("second", "judge", 1);
    private static final ScorerDescription DEAF = model("deaf", null, 1);
    private static final Map<String, Aspect> ASPECTS =
            Map.of("match", new Aspect("Is it?", 3.0), "fresh", new Aspect("Is it new?", 1.0));

    private static ScorerDescription model(
            String name, @Nullable String instruction, double temperature) {
        return new ScorerDescription(
                name,
                "1",
                ScorerDescription.hash(name),
                instruction,
                "fp32",
                "cpu",
                1,
                64,
                temperature);
    }

    private static ScoringPlan plan(
            @Nullable String instruction, Questions questions, ScorerDescription... loaded) {
        Map<String, ScorerDescription> byName = new LinkedHashMap<>();
        for (ScorerDescription each : loaded) {
            byName.put(each.name(), each);
        }
        return ScoringPlan.of(
                new ScoreTask(
                        "r",
                        "e",
                        0,
                        instruction,
                        "q",
                        null,
                        List.of(),
                        0,
                        Long.MAX_VALUE,
                        questions),
                byName);
    }

    private static Questions aspects(Map<String, Aspect> aspects, double temperature) {
        return new Questions(aspects, Map.of(), temperature);
    }

    private static Questions models(Map<String, Double> models) {
        return new Questions(Map.of(), models, 1);
    }

    private static PairScore scored(double logit) {
        return PairScore.scored((float) logit, false);
    }

    @Test
    void asksTheFirstModelOnceWhereTheProfileWantsNothingElse() {
        ScoringPlan plan = plan("judge the colour", Questions.ONE, FIRST, SECOND);

        assertThat(plan.mixture()).isFalse();
        assertThat(plan.models()).containsExactly(new ModelReference("first", "1"));
        assertThat(plan.modelTemperature()).isEqualTo(2);
        assertThat(plan.fingerprint()).isEqualTo(FIRST.fingerprint("judge the colour"));
        assertThat(plan.pair(7, null, null, List.of(scored(1.5))))
                .isEqualTo(PairOutcome.scored(7, 1.5, false));
    }

    @Test
    void oneAspectIsTheSameAsItsInstruction() {
        ScoringPlan asked = plan("Is it?", Questions.ONE, FIRST);
        ScoringPlan aspect =
                plan(null, aspects(Map.of("match", new Aspect("Is it?", 0.4)), 1), FIRST);

        assertThat(aspect.fingerprint()).isEqualTo(asked.fingerprint());
        assertThat(aspect.modelTemperature()).isEqualTo(asked.modelTemperature());
        PairOutcome pair = aspect.pair(0, null, null, List.of(scored(3)));
        assertThat(pair.logit()).isEqualTo(3);
        assertThat(pair.aspects()).isEqualTo(Map.of("match", Probability.sigmoid(1.5)));
    }

    @Test
    void theMeanOfTheAspectsIsTheProbabilityOfThePair() {
        ScoringPlan plan = plan(null, aspects(ASPECTS, 0.5), FIRST);

        // Aspects in the order of their names; the package's temperature is 2.
        PairOutcome pair = plan.pair(0, null, null, List.of(scored(-2), scored(4)));

        assertThat(plan.questions())
                .extracting("instruction")
                .containsExactly("Is it new?", "Is it?");
        assertThat(pair.aspects().get("fresh")).isEqualTo(Probability.sigmoid(-2));
        assertThat(pair.aspects().get("match")).isEqualTo(Probability.sigmoid(4));
        assertThat(plan.modelTemperature()).isEqualTo(1);
        assertThat(Probability.sigmoid(pair.logit()))
                .isCloseTo(
                        0.25 * Probability.sigmoid(-2) + 0.75 * Probability.sigmoid(4),
                        within(1e-15));
    }

    @Test
    void eachAspectIsAskedOfEachModel() {
        ScoringPlan plan =
                plan(
                        null,
                        new Questions(ASPECTS, Map.of("first", 1.0, "second", 4.0), 1),
                        FIRST,
                        SECOND);

        PairOutcome pair =
                plan.pair(0, null, null, List.of(scored(-2), scored(4), scored(1), scored(0)));

        assertThat(plan.models())
                .containsExactly(
                        new ModelReference("first", "1"), new ModelReference("second", "1"));
        double fresh = 0.2 * Probability.sigmoid(-1) + 0.8 * Probability.sigmoid(1);
        double match = 0.2 * Probability.sigmoid(2) + 0.8 * Probability.sigmoid(0);
        assertThat(pair.aspects().get("fresh")).isCloseTo(fresh, within(1e-15));
        assertThat(pair.aspects().get("match")).isCloseTo(match, within(1e-15));
        assertThat(Probability.sigmoid(pair.logit()))
                .isCloseTo(0.25 * fresh + 0.75 * match, within(1e-15));
    }

    @Test
    void theFingerprintNamesQuestionsWeightsModelsAndTemperatures() {
        Aspect changed = new Aspect("Is it old?", 1.0);
        Aspect heavier = new Aspect("Is it new?", 2.0);
        Aspect same = ASPECTS.get("match");

        assertThat(
                        List.of(
                                plan(null, aspects(ASPECTS, 1), FIRST).fingerprint(),
                                plan(null, aspects(ASPECTS, 2), FIRST).fingerprint(),
                                plan(null, aspects(ASPECTS, 1), model("first", "judge", 3))
                                        .fingerprint(),
                                plan(null, aspects(ASPECTS, 1), SECOND).fingerprint(),
                                plan(
                                                null,
                                                aspects(Map.of("match", same, "fresh", changed), 1),
                                                FIRST)
                                        .fingerprint(),
                                plan(
                                                null,
                                                aspects(Map.of("match", same, "fresh", heavier), 1),
                                                FIRST)
                                        .fingerprint(),
                                plan(
                                                null,
                                                models(Map.of("first", 1.0, "second", 1.0)),
                                                FIRST,
                                                SECOND)
                                        .fingerprint(),
                                plan(
                                                null,
                                                models(Map.of("first", 2.0, "second", 1.0)),
                                                FIRST,
                                                SECOND)
                                        .fingerprint(),
                                plan(null, Questions.ONE, FIRST).fingerprint()))
                .doesNotHaveDuplicates()
                .allMatch(each -> each.matches("[0-9a-f]{16}"));
    }

    @Test
    void theFingerprintKnowsWeightsOfTheSameProportions() {
        Map<String, Aspect> tenths =
                Map.of("match", new Aspect("Is it?", 0.3), "fresh", new Aspect("Is it new?", 0.1));

        assertThat(plan(null, aspects(tenths, 1), FIRST).fingerprint())
                .isEqualTo(plan(null, aspects(ASPECTS, 1), FIRST).fingerprint());
    }

    @Test
    void aPairThatOneQuestionHasNoAnswerForHasNoScore() {
        ScoringPlan plan =
                plan(
                        null,
                        new Questions(ASPECTS, Map.of("first", 1.0, "second", 1.0), 1),
                        FIRST,
                        SECOND);

        PairOutcome pair =
                plan.pair(
                        4,
                        null,
                        null,
                        List.of(scored(1), scored(1), scored(1), PairScore.failed("deadline")));

        assertThat(pair).isEqualTo(PairOutcome.failed(4, "aspect match, model second: deadline"));
    }

    @Test
    void aModelThatIsNotLoadedIsLeftOutAndNamed() {
        ScoringPlan plan = plan(null, models(Map.of("gone", 3.0, "second", 1.0)), FIRST, SECOND);

        assertThat(plan.notes()).containsExactly("model gone is not loaded");
        assertThat(plan.models()).containsExactly(new ModelReference("second", "1"));
        assertThat(plan.fingerprint()).isEqualTo(SECOND.fingerprint(null));
    }

    @Test
    void theFirstModelStandsInWhereNoneOfThoseNamedIsLoaded() {
        ScoringPlan plan = plan(null, models(Map.of("gone", 3.0)), FIRST, SECOND);

        assertThat(plan.notes()).containsExactly("model gone is not loaded");
        assertThat(plan.models()).containsExactly(new ModelReference("first", "1"));
    }

    @Test
    void aModelThatReadsNoInstructionIsAskedOnceAndNamed() {
        ScoringPlan alone = plan(null, aspects(ASPECTS, 1), DEAF);
        ScoringPlan withAnother =
                plan(
                        null,
                        new Questions(ASPECTS, Map.of("deaf", 1.0, "second", 1.0), 1),
                        DEAF,
                        SECOND);

        assertThat(alone.notes())
                .containsExactly(
                        "model deaf reads no instruction, so it was asked once and not for each aspect");
        assertThat(alone.fingerprint()).isEqualTo(DEAF.fingerprint());
        assertThat(alone.pair(0, null, null, List.of(scored(1))).aspects()).isEmpty();
        PairOutcome pair =
                withAnother.pair(0, null, null, List.of(scored(1), scored(-1), scored(3)));
        double own = Probability.sigmoid(1);
        assertThat(pair.aspects().get("fresh"))
                .isCloseTo((own + Probability.sigmoid(-1)) / 2, within(1e-15));
        assertThat(Probability.sigmoid(pair.logit()))
                .isCloseTo(
                        0.25 * pair.aspects().get("fresh") + 0.75 * pair.aspects().get("match"),
                        within(1e-15));
    }
}
