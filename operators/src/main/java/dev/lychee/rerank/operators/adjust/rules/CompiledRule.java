package dev.lychee.rerank.operators.adjust.rules;

import dev.lychee.rerank.operators.adjust.rules.RuleExpression.RuleFailure;
import dev.lychee.rerank.schemas.Profile.Rule;
import dev.lychee.rerank.schemas.flow.Adjustment;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** One rule, its expressions compiled. */
final class CompiledRule {

    private final String name;
    private final @Nullable RuleExpression when;
    private final @Nullable RuleExpression set;
    private final @Nullable RuleExpression multiply;
    private final @Nullable RuleExpression add;
    private final @Nullable RuleExpression cap;
    private final int tier;

    private CompiledRule(
            String name,
            @Nullable RuleExpression when,
            @Nullable RuleExpression set,
            @Nullable RuleExpression multiply,
            @Nullable RuleExpression add,
            @Nullable RuleExpression cap,
            int tier) {
        this.name = name;
        this.when = when;
        this.set = set;
        this.multiply = multiply;
        this.add = add;
        this.cap = cap;
        this.tier = tier;
    }

    static CompiledRule of(Rule rule) throws InvalidRuleException {
        return new CompiledRule(
                rule.name(),
                expression(rule.name(), "when", rule.when(), RuleExpression::condition),
                expression(rule.name(), "set", rule.set(), RuleExpression::number),
                expression(rule.name(), "multiply", rule.multiply(), RuleExpression::number),
                expression(rule.name(), "add", rule.add(), RuleExpression::number),
                expression(rule.name(), "cap", rule.cap(), RuleExpression::number),
                tier(rule));
    }

    String name() {
        return name;
    }

    /**
     * Whether the rule has something to say about documents without a score: it drops them, and
     * does not look at the score.
     */
    boolean actsOnUnscored() {
        return tier == Adjustment.DROPPED
                && Stream.of(set, multiply, add, cap).noneMatch(Objects::nonNull)
                && (when == null || !when.readsScore());
    }

    /**
     * Acts on one document; a failure leaves it as it was.
     *
     * @return whether the condition held
     */
    boolean apply(int index, RuleVariables variables, RuleScores scores) throws RuleFailure {
        if (when != null && !when.test(variables)) {
            return false;
        }
        double value = set == null ? 0 : set.compute(variables);
        double factor = multiply == null ? 0 : multiply.compute(variables);
        double addend = add == null ? 0 : add.compute(variables);
        double highest = cap == null ? 0 : cap.compute(variables);
        if (set != null) {
            scores.set(index, value);
        }
        if (multiply != null) {
            scores.multiply(index, factor);
        }
        if (add != null) {
            scores.add(index, addend);
        }
        if (cap != null) {
            scores.cap(index, highest);
        }
        if (tier != Adjustment.NORMAL) {
            scores.tier()[index] = tier;
        }
        if (tier == Adjustment.DROPPED) {
            scores.dropReason()[index] = "rule:" + name;
        }
        return true;
    }

    private static int tier(Rule rule) {
        if (Boolean.TRUE.equals(rule.drop())) {
            return Adjustment.DROPPED;
        }
        if (Boolean.TRUE.equals(rule.bury())) {
            return Adjustment.BURIED;
        }
        return Boolean.TRUE.equals(rule.pin()) ? Adjustment.PINNED : Adjustment.NORMAL;
    }

    /** Compiles one expression of a rule. */
    private interface ExpressionCompiler {
        RuleExpression compile(String source) throws InvalidRuleException;
    }

    private static @Nullable RuleExpression expression(
            String rule, String effect, @Nullable String source, ExpressionCompiler compiler)
            throws InvalidRuleException {
        if (source == null) {
            return null;
        }
        try {
            return compiler.compile(source);
        } catch (InvalidRuleException e) {
            throw new InvalidRuleException(
                    "adjust.rules.%s.%s: %s".formatted(rule, effect, e.getMessage()));
        }
    }
}
