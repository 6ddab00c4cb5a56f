package dev.lychee.rerank.operators.clicks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.lychee.rerank.operators.clicks.ClickSimulator.Shown;
import dev.lychee.rerank.operators.clicks.ClickSimulator.Users;
import dev.lychee.rerank.operators.clicks.MapFit.Outcome;
import dev.lychee.rerank.operators.clicks.MapFit.Verdict;
import dev.lychee.rerank.schemas.CalibrationMap;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class MapFitTest {

    private static final FitGuards GUARDS = new FitGuards(500, 0.05, 0.2, 0.005, 0.5, 0.3);
    private static final List<Shown> CLICKED = new ClickSimulator(Users.PLAIN, 1).run(3_000);
    private static final ClickTable LEARNED = table(false);
    private static final ClickTable FRESH = table(true);
    private static final ClickTable ALL = LEARNED.plus(FRESH);
    private static final ClickModel MODEL = ClickModelFit.fit(ALL, TrustBias.NONE);

    @Test
    void publishesAMapThatIsBetterOnRequestsItDidNotKnowAndSaysByHowMuch() {
        CalibrationMap map = Objects.requireNonNull(fit(GUARDS, null).map());

        assertThat(map.version()).isEqualTo(7);
        assertThat(map.support()).isGreaterThan(500);
        assertThat(map.evidence())
                .satisfies(
                        e -> {
                            assertThat(Objects.requireNonNull(e).calibrationErrorAfter())
                                    .isLessThan(e.calibrationErrorBefore());
                            assertThat(e.brierAfter()).isLessThan(e.brierBefore());
                        });
    }

    @Test
    void movesAtMostOneStepAtATimeAndArrivesAfterSome() {
        CalibrationMap inForce = null;
        double[] previous =
                Objects.requireNonNull(
                        DebiasedBins.of(ALL, MODEL, GUARDS.smallestSlope()).served());
        int versions = 0;
        for (; versions < 10; versions++) {
            Outcome outcome = fit(GUARDS, inForce);
            if (outcome.map() == null) {
                assertThat(outcome.verdict()).isIn(Verdict.UNCHANGED, Verdict.NOT_BETTER);
                break;
            }
            inForce = outcome.map();
            double[] next = Objects.requireNonNull(inForce.probabilities());
            for (int i = 0; i < next.length; i++) {
                assertThat(Math.abs(next[i] - previous[i])).isLessThan(0.2 + 1e-6);
            }
            previous = next;
        }
        assertThat(versions).isBetween(2, 6);
    }

    @Test
    void asksForSupport() {
        assertThat(fit(new FitGuards(1e6, 0.05, 0.2, 0.005, 0.5, 0.3), null).verdict())
                .isEqualTo(Verdict.TOO_LITTLE_SUPPORT);
    }

    @Test
    void clicksThatNeverComeTeachNothing() {
        ClickTable silent = new ClickTable(ClickSimulator.RANKS);
        CLICKED.forEach(s -> silent.add(s.rank(), s.logit(), 0, 0.5));

        assertThat(fit(silent, GUARDS, null).verdict()).isEqualTo(Verdict.NOT_IDENTIFIABLE);
    }

    @Test
    void aMapThatIsNoBetterIsNotPublished() {
        CalibrationMap best =
                Objects.requireNonNull(
                        fit(new FitGuards(500, 0.05, 1, 0.005, 0.5, 0.3), null).map());

        assertThat(fit(GUARDS, best).verdict()).isIn(Verdict.NOT_BETTER, Verdict.UNCHANGED);
    }

    @Test
    void saysByHowMuchTheNumberOfKeptDocumentsChanges() {
        double change = fit(new FitGuards(500, 0.05, 1, 0.005, 0.5, 0.3), null).keptChange();

        assertThat(change).isBetween(-0.5, -0.05);
    }

    @Test
    void asksForLooksToJudgeBy() {
        assertThat(fit(ALL, GUARDS, null, Rivals.start(0)).verdict())
                .isEqualTo(Verdict.TOO_LITTLE_SUPPORT);
    }

    @Test
    void nothingIsJudgedBeforeThereIsEnoughToLearnFrom() {
        ClickTable nothing = new ClickTable(ClickSimulator.RANKS);

        assertThat(Rivals.start(0).judgedOn(nothing, FRESH, MODEL, null, GUARDS))
                .isEqualTo(Rivals.start(0));
    }

    @Test
    void comparisonsOfSeveralEpochsAddUp() {
        Rivals once = Rivals.start(0).judgedOn(LEARNED, FRESH, MODEL, null, GUARDS);
        Rivals twice = once.judgedOn(LEARNED, FRESH, MODEL, null, GUARDS);

        assertThat(twice.rival().looks()).isEqualTo(2 * once.rival().looks());
        assertThat(twice.rival().brierScore()).isCloseTo(once.rival().brierScore(), within(1e-12));
        assertThat(twice.present().calibrationError())
                .isCloseTo(once.present().calibrationError(), within(1e-12));
    }

    private static Outcome fit(FitGuards guards, @Nullable CalibrationMap inForce) {
        return fit(ALL, guards, inForce);
    }

    private static Outcome fit(
            ClickTable counts, FitGuards guards, @Nullable CalibrationMap inForce) {
        Rivals rivals = Rivals.start(0).judgedOn(LEARNED, FRESH, MODEL, inForce, guards);
        return fit(counts, guards, inForce, rivals);
    }

    private static Outcome fit(
            ClickTable counts, FitGuards guards, @Nullable CalibrationMap inForce, Rivals rivals) {
        return MapFit.fit("f", "default", 7, counts, MODEL, inForce, rivals, guards);
    }

    private static ClickTable table(boolean fresh) {
        ClickTable table = new ClickTable(ClickSimulator.RANKS);
        CLICKED.stream()
                .filter(s -> (s.request() >= 1_500) == fresh)
                .forEach(
                        s ->
                                table.add(
                                        s.rank(),
                                        s.logit(),
                                        s.clicked() ? 1 : 0,
                                        ClickSimulator.sigmoid(s.logit())));
        return table;
    }
}
