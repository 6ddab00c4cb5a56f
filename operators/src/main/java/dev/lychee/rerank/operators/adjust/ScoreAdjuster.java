package dev.lychee.rerank.operators.adjust;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.lychee.rerank.operators.adjust.rules.InvalidRuleException;
import dev.lychee.rerank.operators.adjust.rules.RuleInput;
import dev.lychee.rerank.operators.adjust.rules.RuleScores;
import dev.lychee.rerank.operators.adjust.rules.RuleSet;
import dev.lychee.rerank.operators.postprocess.Trace;
import dev.lychee.rerank.schemas.ImageUse;
import dev.lychee.rerank.schemas.Profile.Adjust;
import dev.lychee.rerank.schemas.Profile.Rule;
import dev.lychee.rerank.schemas.Profile.Signals;
import dev.lychee.rerank.schemas.TraceStep;
import dev.lychee.rerank.schemas.flow.Adjustment;
import dev.lychee.rerank.schemas.flow.Adjustment.RuleColumn;
import dev.lychee.rerank.schemas.flow.Adjustment.SignalColumn;
import dev.lychee.rerank.schemas.flow.Adjustment.StepColumn;
import dev.lychee.rerank.schemas.flow.ScoredSet;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Makes the final score of a set: the base, mixed with business signals, given to own steps and
 * then to rules, brought to 0..1. Takes out what lies outside the price range, and puts what is
 * sold out behind the rest.
 *
 * <p>Keeps the compiled rules of the profiles it met. Not thread-safe.
 */
public final class ScoreAdjuster {

    /** Name of this step in traces. */
    public static final String STEP = "adjust";

    /** Reason of candidates that the price range took out. */
    public static final String DROPPED_BY_PRICE = "price_range";

    private static final int MAX_PROFILES = 256;
    private static final int MAX_PROBLEM_LENGTH = 120;

    private final AdjustmentSteps steps;
    private final Cache<List<Rule>, CompiledRules> compiledRules =
            Caffeine.newBuilder().maximumSize(MAX_PROFILES).executor(Runnable::run).build();

    public ScoreAdjuster(AdjustmentSteps steps) {
        this.steps = steps;
    }

    /**
     * The set with its final scores.
     *
     * @param ruleErrors how often a rule could not be evaluated for a document
     * @param stepErrors how often an own step failed
     */
    public record Adjusted(ScoredSet set, int ruleErrors, int stepErrors) {}

    /** Adjusts one set as its profile says. */
    public Adjusted adjust(ScoredSet set) {
        Adjust spec = set.first().profile().effective().adjust();
        double[] base = spec.base().equals("calibrated") ? set.calibrated() : set.normalized();
        if (leavesTheBase(spec)) {
            return new Adjusted(
                    set.withScore(base, null, new TraceStep(STEP, spec.base(), 0.0, null)), 0, 0);
        }
        return new Turn(set, spec, base).run();
    }

    private static boolean leavesTheBase(Adjust spec) {
        Signals signals = spec.signals();
        return (signals == null || signals.weights().isEmpty())
                && !Boolean.TRUE.equals(spec.inStockFirst())
                && spec.priceRange().isEmpty()
                && spec.steps().isEmpty()
                && spec.rules().isEmpty();
    }

    private static String shortened(Throwable problem) {
        String text = problem.toString();
        return text.length() <= MAX_PROBLEM_LENGTH
                ? text
                : text.substring(0, MAX_PROBLEM_LENGTH) + "...";
    }

    private CompiledRules compiled(List<Rule> rules) {
        return compiledRules.get(rules, CompiledRules::of);
    }

    /**
     * Rules, or why there are none. They were compiled when the profile was accepted; only those of
     * another version of the job can fail here.
     */
    private record CompiledRules(@Nullable RuleSet rules, String problem) {

        static CompiledRules of(List<Rule> rules) {
            try {
                return new CompiledRules(RuleSet.compile(rules), "");
            } catch (InvalidRuleException e) {
                return new CompiledRules(null, String.valueOf(e.getMessage()));
            }
        }
    }

    /** One set's way through the parts. */
    private final class Turn {

        private final ScoredSet set;
        private final Adjust spec;
        private final double[] base;
        private final long nowMillis;
        private final List<String> strategy = new ArrayList<>();
        private final List<String> notes = new ArrayList<>();
        private double[] mixed;
        private final boolean explained;
        private final List<StepColumn> ownSteps = new ArrayList<>();
        private List<SignalColumn> signals = List.of();
        private List<RuleColumn> rules = List.of();
        private int ruleErrors;
        private int stepErrors;

        Turn(ScoredSet set, Adjust spec, double[] base) {
            this.set = set;
            this.spec = spec;
            this.base = base;
            this.mixed = base;
            this.explained = Boolean.TRUE.equals(set.set().overrides().explain());
            Instant timestamp = set.set().timestamp();
            this.nowMillis =
                    timestamp == null
                            ? set.first().sourceTimestampMillis()
                            : timestamp.toEpochMilli();
            strategy.add(spec.base());
        }

        Adjusted run() {
            mixSignals();
            runSteps();
            RuleScores scores = RuleScores.of(mixed);
            dropByPrice(scores);
            putInStockFirst(scores);
            applyRules(scores);
            double[] score = scores.score();
            for (int i = 0; i < score.length; i++) {
                score[i] = set.scored()[i] ? Math.max(0, Math.min(1, score[i])) : 0;
            }
            TraceStep step =
                    new TraceStep(
                            STEP,
                            String.join(" + ", strategy),
                            Trace.meanAbsoluteChange(base, score, set.scored()),
                            notes.isEmpty() ? null : String.join("; ", notes));
            Adjustment adjustment =
                    new Adjustment(
                            scores.uncapped(),
                            scores.tier(),
                            scores.dropReason(),
                            signals,
                            ownSteps,
                            rules);
            return new Adjusted(set.withScore(score, adjustment, step), ruleErrors, stepErrors);
        }

        private void mixSignals() {
            Signals wanted = spec.signals();
            if (wanted == null || wanted.weights().isEmpty()) {
                return;
            }
            PriceIntent intent =
                    PriceIntent.of(
                            set.set().context().priceIntent(),
                            set.first().query(),
                            wanted.intentWords());
            BusinessSignals.Mixed result =
                    BusinessSignals.mix(
                            set.candidates(),
                            base,
                            measuredQuality(),
                            wanted,
                            new BusinessSignals.Situation(intent, nowMillis));
            mixed = result.score();
            signals = result.columns();
            strategy.add("signals");
            notes.add("price intent " + intent.label());
        }

        /** Of the pictures that the model read. */
        private @Nullable Double[] measuredQuality() {
            @Nullable Double[] quality = new Double[set.size()];
            for (int i = 0; i < quality.length; i++) {
                ImageUse use = set.pairs().get(i).imageUse();
                quality[i] = use == null ? null : (Double) use.quality();
            }
            return quality;
        }

        private void runSteps() {
            for (String name : spec.steps()) {
                AdjustmentStep step = steps.find(name);
                if (step == null) {
                    stepErrors++;
                    notes.add("there is no own step " + name);
                    continue;
                }
                strategy.add(name);
                try {
                    take(step.adjust(new AdjustmentInput(set, mixed, nowMillis)));
                    if (explained) {
                        ownSteps.add(new StepColumn(name, mixed));
                    }
                } catch (RuntimeException | LinkageError e) {
                    stepErrors++;
                    notes.add("own step %s failed: %s".formatted(name, shortened(e)));
                }
            }
        }

        private void take(double[] values) {
            if (values.length != mixed.length) {
                throw new IllegalArgumentException(
                        "%d scores for %d candidates".formatted(values.length, mixed.length));
            }
            double[] next = mixed.clone();
            for (int i = 0; i < next.length; i++) {
                if (set.scored()[i] && Double.isFinite(values[i])) {
                    next[i] = values[i];
                }
            }
            mixed = next;
        }

        private void dropByPrice(RuleScores scores) {
            List<Double> range = spec.priceRange();
            if (range.isEmpty()) {
                return;
            }
            strategy.add("price-range");
            boolean[] outside = BusinessSignals.outside(set.candidates(), range);
            for (int i = 0; i < outside.length; i++) {
                if (outside[i]) {
                    scores.dropReason()[i] = DROPPED_BY_PRICE;
                    scores.tier()[i] = Adjustment.DROPPED;
                }
            }
        }

        private void putInStockFirst(RuleScores scores) {
            if (!Boolean.TRUE.equals(spec.inStockFirst())) {
                return;
            }
            strategy.add("in-stock-first");
            boolean[] soldOut = BusinessSignals.soldOut(set.candidates());
            int[] tier = scores.tier();
            for (int i = 0; i < tier.length; i++) {
                if (soldOut[i] && tier[i] == Adjustment.NORMAL) {
                    tier[i] = Adjustment.SOLD_OUT;
                }
            }
        }

        private void applyRules(RuleScores scores) {
            if (spec.rules().isEmpty()) {
                return;
            }
            strategy.add("rules");
            CompiledRules compiled = compiled(spec.rules());
            if (compiled.rules() == null) {
                ruleErrors++;
                notes.add("rules were left out: " + compiled.problem());
                return;
            }
            RuleSet.Report report =
                    compiled.rules()
                            .apply(
                                    new RuleInput(
                                            set.first().query(),
                                            set.set().context(),
                                            nowMillis,
                                            set.candidates(),
                                            set.scored(),
                                            set.calibrated(),
                                            set.retrievalRank()),
                                    scores,
                                    explained);
            rules = report.acted();
            ruleErrors += report.errors();
            notes.addAll(report.notes());
        }
    }
}
