package dev.lychee.rerank.operators.adjust.rules;

import dev.lychee.rerank.operators.adjust.rules.RuleExpression.RuleFailure;
import dev.lychee.rerank.schemas.Profile.Rule;
import dev.lychee.rerank.schemas.flow.Adjustment.RuleColumn;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * All rules of a profile, compiled. They act one after the other, each on all documents. A rule
 * that cannot be evaluated for a document leaves that document as it was; one whose loops take more
 * than they may is taken back for the whole set.
 */
public final class RuleSet {

    private static final int MAX_PROBLEM_LENGTH = 120;

    private final List<CompiledRule> rules;

    private RuleSet(List<CompiledRule> rules) {
        this.rules = rules;
    }

    /**
     * What rules did to a set.
     *
     * @param acted the rules that acted on any document
     * @param errors how often a rule could not be evaluated for a document
     * @param notes one sentence per rule that failed
     */
    public record Report(List<RuleColumn> acted, int errors, List<String> notes) {}

    /**
     * Compiles the rules of a profile.
     *
     * @throws InvalidRuleException naming the rule, its part and the place in it
     */
    public static RuleSet compile(List<Rule> rules) throws InvalidRuleException {
        List<CompiledRule> compiled = new ArrayList<>(rules.size());
        for (Rule rule : rules) {
            compiled.add(CompiledRule.of(rule));
        }
        return new RuleSet(compiled);
    }

    /**
     * Lets all rules act; scores change in place.
     *
     * @param explained whether the report is to hold the scores after each rule
     */
    public Report apply(RuleInput input, RuleScores scores, boolean explained) {
        RuleVariables variables = new RuleVariables(input, scores);
        List<RuleColumn> acted = new ArrayList<>();
        List<String> notes = new ArrayList<>();
        int errors = 0;
        for (CompiledRule rule : rules) {
            Turn turn = new Turn(rule, input, scores.copy());
            turn.run(variables, scores);
            errors += turn.errors;
            if (turn.problem != null) {
                notes.add(turn.note());
            }
            if (turn.actedOnAny) {
                acted.add(
                        new RuleColumn(
                                rule.name(),
                                turn.acted,
                                explained ? scores.score().clone() : null));
            }
        }
        return new Report(acted, errors, notes);
    }

    /** One rule's way through a set. */
    private static final class Turn {

        private final CompiledRule rule;
        private final RuleInput input;
        private final RuleScores before;
        private boolean[] acted;
        private boolean actedOnAny;
        private int errors;
        private boolean takenBack;
        private @Nullable String problem;

        Turn(CompiledRule rule, RuleInput input, RuleScores before) {
            this.rule = rule;
            this.input = input;
            this.before = before;
            this.acted = new boolean[input.candidates().size()];
        }

        void run(RuleVariables variables, RuleScores scores) {
            boolean actsOnUnscored = rule.actsOnUnscored();
            for (int i = 0; i < acted.length && !takenBack; i++) {
                if (scores.dropReason()[i] != null || !(input.scored()[i] || actsOnUnscored)) {
                    continue;
                }
                variables.moveTo(i);
                try {
                    acted[i] = rule.apply(i, variables, scores);
                    actedOnAny |= acted[i];
                } catch (RuleFailure failure) {
                    errors++;
                    problem = problem == null ? failure.getMessage() : problem;
                    if (failure.exhausted()) {
                        takeBack(scores);
                    }
                }
            }
        }

        private void takeBack(RuleScores scores) {
            scores.replaceBy(before);
            acted = new boolean[acted.length];
            actedOnAny = false;
            takenBack = true;
            problem = "its loops are too long";
        }

        String note() {
            String shortened = String.valueOf(problem);
            if (shortened.length() > MAX_PROBLEM_LENGTH) {
                shortened = shortened.substring(0, MAX_PROBLEM_LENGTH) + "...";
            }
            return takenBack
                    ? "rule %s was left out: %s".formatted(rule.name(), shortened)
                    : "rule %s was skipped for %d of %d: %s"
                            .formatted(rule.name(), errors, acted.length, shortened);
        }
    }
}
