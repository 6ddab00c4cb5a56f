package dev.lychee.rerank.operators.clicks;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lychee.rerank.operators.clicks.ClickSimulator.Shown;
import dev.lychee.rerank.operators.clicks.ClickSimulator.Users;
import dev.lychee.rerank.operators.clicks.UserModel.Browsing;
import dev.lychee.rerank.operators.evaluation.CalibrationMetrics;
import dev.lychee.rerank.operators.postprocess.Calibrator;
import dev.lychee.rerank.operators.postprocess.IdentityCalibrator;
import dev.lychee.rerank.operators.postprocess.IsotonicFit;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** What 50,000 impressions teach, against a truth that only the simulation knows. */
class ClickRecalibrationTest {

    private static final int REQUESTS = 5_000;
    private static final double SMALLEST_SLOPE = 0.03;
    private static final double TRUST = 0.35;

    @Test
    void clicksBringProbabilitiesCloseToTheTruthWhateverTheSeed() {
        for (long seed = 0; seed < 10; seed++) {
            Run run = new Run(Users.PLAIN, seed);

            double error = run.error(run.estimated(TrustBias.NONE));

            assertThat(error).as("seed %d", seed).isLessThan(0.3 * run.errorBefore());
            assertThat(error).as("seed %d", seed).isLessThan(run.errorOfOracle() + 0.02);
        }
    }

    @Test
    void withoutDebiasingTheSameClicksMakeProbabilitiesWorse() {
        for (long seed = 0; seed < 10; seed++) {
            Run run = new Run(Users.PLAIN, seed);

            double naive = run.error(ClickModel.uncorrected(ClickSimulator.RANKS));

            assertThat(naive).as("seed %d", seed).isGreaterThan(run.errorBefore());
            assertThat(naive)
                    .as("seed %d", seed)
                    .isGreaterThan(5 * run.error(run.estimated(TrustBias.NONE)));
        }
    }

    @Test
    void trustInFirstPlacesMisleadsThePositionBasedModel() {
        Users users = Users.PLAIN.withTrust(TRUST);

        assertThat(meanError(users, run -> run.estimated(TrustBias.NONE))).isBetween(0.05, 0.15);
    }

    @Test
    void trustThatIsConfiguredIsCorrected() {
        Users users = Users.PLAIN.withTrust(TRUST);

        assertThat(meanError(users, run -> run.estimated(run.configured(false)))).isLessThan(0.02);
    }

    @Test
    void trustIsEstimatedBelowRankOneOnceRankOneIsKnown() {
        Users users = Users.PLAIN.withTrust(TRUST);

        assertThat(meanError(users, run -> run.estimated(run.knownAtRankOne()))).isLessThan(0.03);
    }

    @Test
    void whereTheModelErrsForWholeRequestsOnlyExploredTrafficTellsExaminationFromRelevance() {
        Users users = Users.PLAIN.withSharedError(2).exploring(1, 0);

        double served = meanError(users, run -> run.estimated(TrustBias.NONE));
        double explored = meanError(users, run -> run.corrected(TrustBias.NONE));

        assertThat(explored).isLessThan(0.75 * served);
    }

    /**
     * A model by position cannot know that a click above ended the search; it helps all the same.
     */
    @Test
    void usersWhoStopAtTheirFirstClickAreHalfUnderstood() {
        Users users = new Users(Browsing.CASCADE, 0, 0, Exploration.NONE, 0);

        assertThat(meanError(users, run -> run.estimated(TrustBias.NONE)))
                .isLessThan(0.75 * meanErrorBefore(users));
    }

    private static double meanError(Users users, Function<Run, ClickModel> model) {
        return LongStream.range(0, 10)
                .mapToObj(seed -> new Run(users, seed))
                .mapToDouble(run -> run.error(model.apply(run)))
                .average()
                .orElseThrow();
    }

    private static double meanErrorBefore(Users users) {
        return LongStream.range(0, 10)
                .mapToDouble(seed -> new Run(users, seed).errorBefore())
                .average()
                .orElseThrow();
    }

    /** One simulated shop. */
    static final class Run {

        private final Users users;
        private final List<Shown> shown;
        private final ClickTable table;

        Run(Users users, long seed) {
            this(users, REQUESTS, seed);
        }

        Run(Users users, int requests, long seed) {
            this.users = users;
            shown = new ClickSimulator(users, seed).run(requests);
            table = tableOf(each -> true);
        }

        TrustBias configured(boolean estimated) {
            return new TrustBias(1, users.negative(), estimated);
        }

        TrustBias knownAtRankOne() {
            return new TrustBias(1, new double[] {users.negative()[0], 0.1}, true);
        }

        ClickModel estimated(TrustBias trust) {
            return ClickModelFit.fit(table, trust);
        }

        ClickModel corrected(TrustBias trust) {
            return ExploredPairs.correct(
                    estimated(trust),
                    tableOf(s -> s.pair() != null && s.pair() == s.rank()),
                    tableOf(s -> s.pair() != null && s.pair() < s.rank()));
        }

        double error(ClickModel model) {
            return error(DebiasedBins.of(table, model, SMALLEST_SLOPE).fit());
        }

        double errorOfOracle() {
            double[] weights = new double[shown.size()];
            Arrays.fill(weights, 1);
            return error(
                    IsotonicFit.fit(
                            logits(),
                            shown.stream().mapToDouble(s -> s.relevant() ? 1 : 0).toArray(),
                            weights));
        }

        double errorBefore() {
            return error(new IdentityCalibrator(1));
        }

        private double error(IsotonicFit fit) {
            return error(fit.centred(new IdentityCalibrator(1)));
        }

        private double error(Calibrator map) {
            boolean[] usable = new boolean[shown.size()];
            Arrays.fill(usable, true);
            return CalibrationMetrics.expectedCalibrationError(
                            map.calibrate(logits(), usable).calibrated(),
                            shown.stream().mapToDouble(Shown::truth).toArray(),
                            CalibrationMetrics.DEFAULT_BINS)
                    .orElseThrow();
        }

        private double[] logits() {
            return shown.stream().mapToDouble(Shown::logit).toArray();
        }

        private ClickTable tableOf(Predicate<Shown> which) {
            ClickTable counts = new ClickTable(ClickSimulator.RANKS);
            shown.stream()
                    .filter(which)
                    .forEach(
                            s ->
                                    counts.add(
                                            s.rank(),
                                            s.logit(),
                                            s.clicked() ? 1 : 0,
                                            ClickSimulator.sigmoid(s.logit())));
            return counts;
        }
    }
}
