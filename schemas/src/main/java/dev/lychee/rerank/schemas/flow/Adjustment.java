package dev.lychee.rerank.schemas.flow;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the adjust step found out besides the score, in columns like {@link ScoredSet}.
 *
 * @param uncapped scores before they were capped and brought to 0..1; orders candidates of equal
 *     score
 * @param tier which part of the order a candidate belongs to: {@link #PINNED}, {@link #NORMAL},
 *     {@link #SOLD_OUT}, {@link #BURIED} or {@link #DROPPED}
 * @param dropReason why a candidate was taken out; null for those that stay
 * @param signals the business signals that were mixed in, with their weights
 * @param steps the own steps that acted, in the order in which they did; empty unless the set is to
 *     be explained
 * @param rules the rules that acted on any candidate, in the order in which they act
 */
public record Adjustment(
        double[] uncapped,
        int[] tier,
        @Nullable String[] dropReason,
        List<SignalColumn> signals,
        List<StepColumn> steps,
        List<RuleColumn> rules) {

    public static final int PINNED = 0;
    public static final int NORMAL = 1;
    public static final int SOLD_OUT = 2;
    public static final int BURIED = 3;
    public static final int DROPPED = 4;

    /**
     * One business signal.
     *
     * @param name one of the names of {@link dev.lychee.rerank.schemas.Profile#SIGNALS}
     * @param weight its share, 0..1; the shares of a set add up to 1
     * @param values 0..1 per candidate
     * @param missing whether the candidate lacks what the signal reads, so that its value is 0.5;
     *     null where no candidate lacks it
     */
    public record SignalColumn(
            String name, double weight, double[] values, boolean @Nullable [] missing) {}

    /**
     * One own step.
     *
     * @param name name of the step
     * @param score scores after it
     */
    public record StepColumn(String name, double[] score) {}

    /**
     * One rule.
     *
     * @param name name of the rule
     * @param acted on which candidates it acted
     * @param score scores after it; null unless the set is to be explained
     */
    public record RuleColumn(String name, boolean[] acted, double @Nullable [] score) {}

    /** Those of the given candidates that were not taken out. */
    public boolean[] competing(boolean[] scored) {
        boolean[] competing = scored.clone();
        for (int i = 0; i < competing.length; i++) {
            competing[i] &= dropReason[i] == null;
        }
        return competing;
    }

    /** Value of each signal of a candidate, by name. */
    public Map<String, Double> signalsOf(int index) {
        Map<String, Double> values = new LinkedHashMap<>(signals.size() * 2);
        for (SignalColumn signal : signals) {
            values.put(signal.name(), signal.values()[index]);
        }
        return values;
    }

    /** Names of the signals that a candidate lacks. */
    public List<String> missingSignalsOf(int index) {
        List<String> names = List.of();
        for (SignalColumn signal : signals) {
            boolean[] missing = signal.missing();
            if (missing != null && missing[index]) {
                names = names.isEmpty() ? new ArrayList<>() : names;
                names.add(signal.name());
            }
        }
        return names;
    }

    /** Names of the rules that acted on a candidate. */
    public List<String> rulesOf(int index) {
        List<String> names = List.of();
        for (RuleColumn rule : rules) {
            if (rule.acted()[index]) {
                names = names.isEmpty() ? new ArrayList<>() : names;
                names.add(rule.name());
            }
        }
        return names;
    }
}
