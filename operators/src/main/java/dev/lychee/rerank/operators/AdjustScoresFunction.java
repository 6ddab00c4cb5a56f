package dev.lychee.rerank.operators;

import dev.lychee.rerank.operators.adjust.AdjustmentSteps;
import dev.lychee.rerank.operators.adjust.ScoreAdjuster;
import dev.lychee.rerank.operators.adjust.ScoreAdjuster.Adjusted;
import dev.lychee.rerank.schemas.flow.ScoredSet;
import java.util.Collection;
import java.util.List;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.functions.RichMapFunction;
import org.apache.flink.metrics.Counter;
import org.apache.flink.runtime.execution.SuppressRestartsException;

/**
 * Makes the final {@code score}: {@code calibrated} or {@code normalized}, whichever the profile
 * takes as its base, with business signals, own steps, rules, stock and price.
 *
 * <p><b>State</b>: none. <b>Time</b>: none; {@code now} is the set's timestamp. <b>Failure</b>: a
 * rule that cannot be evaluated leaves its document as it is, an own step that fails the set; both
 * are counted and in the trace. An own step that a profile names and that is not there ends the job
 * when it starts.
 */
public final class AdjustScoresFunction extends RichMapFunction<ScoredSet, ScoredSet> {

    private final String[] requiredSteps;
    private transient ScoreAdjuster adjuster;
    private transient Counter ruleErrors;
    private transient Counter stepErrors;

    /**
     * Adjusts scores.
     *
     * @param requiredSteps names of the own steps that must be there
     */
    @SuppressWarnings("NullAway.Init") // set in open
    public AdjustScoresFunction(Collection<String> requiredSteps) {
        this.requiredSteps = requiredSteps.toArray(String[]::new);
    }

    @Override
    public void open(OpenContext context) {
        try {
            AdjustmentSteps steps =
                    AdjustmentSteps.load(getRuntimeContext().getUserCodeClassLoader());
            steps.require(List.of(requiredSteps));
            adjuster = new ScoreAdjuster(steps);
        } catch (IllegalStateException e) {
            throw new SuppressRestartsException(e);
        }
        ruleErrors = getRuntimeContext().getMetricGroup().counter("numRuleErrors");
        stepErrors = getRuntimeContext().getMetricGroup().counter("numStepErrors");
    }

    @Override
    public ScoredSet map(ScoredSet set) {
        Adjusted adjusted = adjuster.adjust(set);
        ruleErrors.inc(adjusted.ruleErrors());
        stepErrors.inc(adjusted.stepErrors());
        return adjusted.set();
    }
}
