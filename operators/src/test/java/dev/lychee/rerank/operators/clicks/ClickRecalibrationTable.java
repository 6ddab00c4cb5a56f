package dev.lychee.rerank.operators.clicks;

import dev.lychee.rerank.operators.clicks.ClickRecalibrationTest.Run;
import dev.lychee.rerank.operators.clicks.ClickSimulator.Shown;
import dev.lychee.rerank.operators.clicks.ClickSimulator.Users;
import dev.lychee.rerank.operators.clicks.UserModel.Browsing;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;
import org.junit.jupiter.api.Test;

/**
 * Prints the tables of {@code docs/recalibration.md}. Runs when asked for by its name only:
 *
 * <pre>
 * mvn -pl operators -am test -Dtest=ClickRecalibrationTable -Dsurefire.failIfNoSpecifiedTests=false
 * </pre>
 */
class ClickRecalibrationTable {

    private static final int SEEDS = 10;
    private static final double TRUST = 0.35;
    private static final Users TRUSTING = Users.PLAIN.withTrust(TRUST);
    private static final Users MISJUDGED = Users.PLAIN.withSharedError(2);
    private static final Users BOTH = TRUSTING.withSharedError(2);

    @Test
    void users() {
        row("look by position", Users.PLAIN, run -> run.estimated(TrustBias.NONE));
        row(
                "and click on 2 % of whatever they see",
                new Users(Browsing.POSITION_BASED, 0, 0.02, Exploration.NONE, 0),
                run -> run.estimated(TrustBias.NONE));
        row("trust, not known to the job", TRUSTING, run -> run.estimated(TrustBias.NONE));
        row("the same, configured", TRUSTING, run -> run.estimated(run.configured(false)));
        row(
                "the same, rank one configured, the rest estimated",
                TRUSTING,
                run -> run.estimated(run.knownAtRankOne()));
        row("errors that a request shares", MISJUDGED, run -> run.estimated(TrustBias.NONE));
        row("the same, were examination known", MISJUDGED, ClickRecalibrationTable::known);
        row(
                "the same and trust, rank one configured, the rest estimated",
                BOTH,
                run -> run.estimated(run.knownAtRankOne()));
        row(
                "stop at the first click (cascade)",
                new Users(Browsing.CASCADE, 0, 0, Exploration.NONE, 0),
                run -> run.estimated(TrustBias.NONE));
    }

    @Test
    void exploration() {
        for (int belowRank : new int[] {1, 0}) {
            System.out.println("below rank " + belowRank);
            explored(5_000, 0.05, belowRank);
            explored(5_000, 1, belowRank);
            explored(50_000, 0.05, belowRank);
            explored(50_000, 1, belowRank);
            explored(300_000, 0.05, belowRank);
        }
    }

    /** Discounted cumulative gain, by true relevance, that an explored result loses. */
    @Test
    void costOfExploration() {
        for (int belowRank : new int[] {1, 0}) {
            List<Shown> shown =
                    new ClickSimulator(Users.PLAIN.exploring(1, belowRank), 0).run(50_000);
            double asShown = 0;
            double asRanked = 0;
            for (int i = 0; i < shown.size(); i += ClickSimulator.RANKS) {
                List<Shown> result = shown.subList(i, i + ClickSimulator.RANKS);
                asShown += gain(result);
                asRanked +=
                        gain(
                                result.stream()
                                        .sorted(Comparator.comparingDouble(s -> -s.logit()))
                                        .toList());
            }
            System.out.printf(
                    Locale.ROOT,
                    "below rank %d: %.2f %%%n",
                    belowRank,
                    100 * (1 - asShown / asRanked));
        }
    }

    private static double gain(List<Shown> result) {
        double gain = 0;
        for (int i = 0; i < result.size(); i++) {
            gain += result.get(i).truth() / Math.log(i + 2);
        }
        return gain;
    }

    private static void explored(int requests, double share, int belowRank) {
        StringBuilder line = new StringBuilder();
        line.append(
                String.format(
                        Locale.ROOT,
                        "| %,d | %,d |",
                        requests * ClickSimulator.RANKS,
                        documents(requests, share)));
        for (Users users : new Users[] {Users.PLAIN, TRUSTING, MISJUDGED, BOTH}) {
            double served = 0;
            double corrected = 0;
            double worst = 0;
            for (long seed = 0; seed < SEEDS; seed++) {
                Run run = new Run(users.exploring(share, belowRank), requests, seed);
                TrustBias trust = users.negative()[0] > 0 ? run.knownAtRankOne() : TrustBias.NONE;
                double error = run.error(run.corrected(trust));
                served += run.error(run.estimated(trust)) / SEEDS;
                corrected += error / SEEDS;
                worst = Math.max(worst, error);
            }
            line.append(
                    String.format(Locale.ROOT, " %.3f | %.3f (%.3f) |", served, corrected, worst));
        }
        System.out.println(line);
    }

    private static int documents(int requests, double share) {
        return (int) Math.round(requests * share * ClickSimulator.RANKS);
    }

    private static ClickModel known(Run run) {
        double[] examination = new double[ClickSimulator.RANKS];
        for (int i = 0; i < examination.length; i++) {
            examination[i] = 1.0 / (i + 1);
        }
        return new ClickModel(examination, 1, run.configured(false).negative());
    }

    private static void row(String name, Users users, Estimate model) {
        System.out.printf(
                Locale.ROOT,
                "| %s | %s | %s | %s | %s |%n",
                name,
                mean(users, Run::errorBefore, false),
                mean(users, run -> run.error(ClickModel.uncorrected(ClickSimulator.RANKS)), false),
                mean(users, run -> run.error(model.of(run)), true),
                mean(users, Run::errorOfOracle, false));
    }

    /** How clicks come about, as estimated from a run. */
    private interface Estimate {
        ClickModel of(Run run);
    }

    private static String mean(Users users, ToDoubleFunction<Run> error, boolean withWorst) {
        double sum = 0;
        double worst = 0;
        for (long seed = 0; seed < SEEDS; seed++) {
            double each = error.applyAsDouble(new Run(users, seed));
            sum += each;
            worst = Math.max(worst, each);
        }
        String text = String.format(Locale.ROOT, "%.3f", sum / SEEDS);
        return withWorst ? text + String.format(Locale.ROOT, " (%.3f)", worst) : text;
    }
}
