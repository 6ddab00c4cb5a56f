package dev.lychee.rerank.operators.adjust;

import dev.lychee.rerank.schemas.ScoreChange;
import dev.lychee.rerank.schemas.flow.Adjustment;
import dev.lychee.rerank.schemas.flow.Adjustment.RuleColumn;
import dev.lychee.rerank.schemas.flow.Adjustment.SignalColumn;
import dev.lychee.rerank.schemas.flow.Adjustment.StepColumn;
import dev.lychee.rerank.schemas.flow.ScoredSet;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How one candidate came to its score: the base, then each signal, own step and rule with what it
 * added. Read off the columns that {@link ScoreAdjuster} left; nothing is computed a second time.
 *
 * <p>Signals are averaged, so each adds {@code weight x (value - base)}: what it pulls the base
 * towards itself. The changes add up to the score, but for rounding.
 */
public final class ScoreAccount {

    private final List<ScoreChange> lines = new ArrayList<>();
    private double score;

    private ScoreAccount() {}

    /**
     * The account of a scored candidate.
     *
     * @param set a set that was adjusted, and whose overrides ask for an explanation
     * @param index place of the candidate
     */
    public static List<ScoreChange> of(ScoredSet set, int index) {
        ScoreAccount account = new ScoreAccount();
        String field = set.first().profile().effective().adjust().base();
        double base = (field.equals("calibrated") ? set.calibrated() : set.normalized())[index];
        account.add("base", field, null, null, base);
        Adjustment adjustment = set.adjustment();
        if (adjustment != null) {
            account.adjustments(adjustment, base, index);
        }
        double limited = set.score()[index] - account.score;
        // Less is rounding.
        if (Math.abs(limited) > 1e-9) {
            account.add("limit", "0..1", null, null, limited);
        }
        return account.lines;
    }

    private void adjustments(Adjustment adjustment, double base, int index) {
        for (SignalColumn signal : adjustment.signals()) {
            double value = signal.values()[index];
            add("signal", signal.name(), signal.weight(), value, signal.weight() * (value - base));
        }
        for (StepColumn step : adjustment.steps()) {
            add("own-step", step.name(), null, null, step.score()[index] - score);
        }
        if (ScoreAdjuster.DROPPED_BY_PRICE.equals(adjustment.dropReason()[index])) {
            add("price-range", "outside", null, null, 0);
        }
        if (adjustment.tier()[index] == Adjustment.SOLD_OUT) {
            add("in-stock-first", "sold-out", null, null, 0);
        }
        for (RuleColumn rule : adjustment.rules()) {
            double[] after = rule.score();
            if (rule.acted()[index] && after != null) {
                add("rule", rule.name(), null, null, after[index] - score);
            }
        }
    }

    private void add(
            String step,
            String name,
            @Nullable Double weight,
            @Nullable Double value,
            double change) {
        score += change;
        lines.add(new ScoreChange(step, name, weight, value, change, score));
    }
}
