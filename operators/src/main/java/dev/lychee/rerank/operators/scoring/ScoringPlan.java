package dev.lychee.rerank.operators.scoring;

import dev.lychee.rerank.operators.postprocess.Probability;
import dev.lychee.rerank.operators.postprocess.ProbabilityMixture;
import dev.lychee.rerank.schemas.ImageUse;
import dev.lychee.rerank.schemas.ModelReference;
import dev.lychee.rerank.schemas.Profile.Aspect;
import dev.lychee.rerank.schemas.flow.PairOutcome;
import dev.lychee.rerank.schemas.flow.Questions;
import dev.lychee.rerank.schemas.flow.ScoreTask;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What a task asks of which models, and what the answers make of a pair.
 *
 * <p>One question to one model is answered by that model's logit. Several are a mixture: aspect
 * {@code a} of weight {@code w} and model {@code m} of weight {@code v}, each divided by the sum of
 * its like, give
 *
 * <pre>
 * probability = sum over a, m of  w * v * sigmoid(logit of a by m / (temperature of m * profile's))
 * logit       = ln(probability / (1 - probability))
 * </pre>
 *
 * <p>Temperatures are inside that mean, so the mixture itself has temperature 1, and everything
 * that shapes it is in its fingerprint, temperatures and weights included. A pair that one question
 * has no answer for has no score: the mean over the others would say something else.
 *
 * @param questions at least one
 * @param temperature the profile's
 * @param notes what the task asks for and these models cannot give; empty when nothing
 */
record ScoringPlan(List<Question> questions, double temperature, List<String> notes) {

    private static final String MIXTURE = "lychee-mixture-1";

    /**
     * A question to a model.
     *
     * @param aspect the aspect it asks for; null when there are none, or the model cannot tell them
     *     apart, so that the answer counts for each
     * @param instruction what the model is asked to judge; null for the package's own
     * @param modelShare weight of the model, of 1
     * @param aspectShare weight of the aspect, of 1
     */
    record Question(
            ScorerDescription model,
            @Nullable String aspect,
            @Nullable String instruction,
            double modelShare,
            double aspectShare) {

        String fingerprint() {
            return model.fingerprint(instruction);
        }

        /** Why the pair has no score, with the question that it lacks. */
        private String missing(@Nullable String error) {
            return aspect == null
                    ? "model %s: %s".formatted(model.name(), error)
                    : "aspect %s, model %s: %s".formatted(aspect, model.name(), error);
        }
    }

    /**
     * Makes the plan of a task.
     *
     * @param loaded the loaded models by name, the one that is asked by default first
     */
    static ScoringPlan of(ScoreTask task, Map<String, ScorerDescription> loaded) {
        Questions asked = task.questions();
        List<Question> questions = new ArrayList<>();
        List<String> notes = new ArrayList<>();
        for (var each : shares(asked.models(), loaded, notes).entrySet()) {
            ScorerDescription model = each.getKey();
            double share = each.getValue();
            if (asked.aspects().isEmpty()) {
                questions.add(new Question(model, null, task.instruction(), share, 1));
            } else if (model.defaultInstruction() == null) {
                notes.add(
                        "model %s reads no instruction, so it was asked once and not for each aspect"
                                .formatted(model.name()));
                questions.add(new Question(model, null, null, share, 1));
            } else {
                addAspects(questions, model, share, new TreeMap<>(asked.aspects()));
            }
        }
        return new ScoringPlan(questions, asked.temperature(), notes);
    }

    private static void addAspects(
            List<Question> questions,
            ScorerDescription model,
            double share,
            SortedMap<String, Aspect> aspects) {
        double total = aspects.values().stream().mapToDouble(Aspect::weight).sum();
        aspects.forEach(
                (name, aspect) ->
                        questions.add(
                                new Question(
                                        model,
                                        name,
                                        aspect.instruction(),
                                        share,
                                        aspect.weight() / total)));
    }

    /** The share of each model that the task wants; all of it for the first if it wants none. */
    private static Map<ScorerDescription, Double> shares(
            Map<String, Double> weights,
            Map<String, ScorerDescription> loaded,
            List<String> notes) {
        Map<ScorerDescription, Double> shares = new LinkedHashMap<>();
        double total = 0;
        for (Map.Entry<String, Double> wanted : new TreeMap<>(weights).entrySet()) {
            ScorerDescription model = loaded.get(wanted.getKey());
            if (model == null) {
                notes.add("model %s is not loaded".formatted(wanted.getKey()));
            } else {
                shares.put(model, wanted.getValue());
                total += wanted.getValue();
            }
        }
        if (shares.isEmpty()) {
            return Map.of(loaded.values().iterator().next(), 1.0);
        }
        for (Map.Entry<ScorerDescription, Double> share : shares.entrySet()) {
            share.setValue(share.getValue() / total);
        }
        return shares;
    }

    /** Whether logits are those of a mean. */
    boolean mixture() {
        return questions.size() > 1;
    }

    /** By what a logit of this plan is divided before the profile's own temperature. */
    double modelTemperature() {
        return mixture() ? 1 : questions.get(0).model().temperature();
    }

    /** The models that are asked, by name. */
    List<ModelReference> models() {
        return questions.stream()
                .map(each -> new ModelReference(each.model().name(), each.model().version()))
                .distinct()
                .toList();
    }

    /**
     * Names everything that shapes a logit. That of a single question is the model's own, so that
     * it stays the same whether the question is called an aspect or not.
     */
    String fingerprint() {
        if (!mixture()) {
            return questions.get(0).fingerprint();
        }
        // Nine digits, so that weights of the same proportions are the same.
        List<String> terms =
                questions.stream()
                        .map(
                                each ->
                                        String.format(
                                                Locale.ROOT,
                                                "%s %s %.9f",
                                                each.fingerprint(),
                                                each.model().temperature(),
                                                each.modelShare() * each.aspectShare()))
                        .sorted()
                        .toList();
        return ScorerDescription.hash(
                MIXTURE + "\n" + temperature + "\n" + String.join("\n", terms));
    }

    /**
     * What the answers make of one pair.
     *
     * @param position index of the candidate in its envelope, 0-based
     * @param image what became of the pictures of candidate and query; null when there are none
     * @param use which picture of the candidate was read; null for none
     * @param answers one per question, in their order
     */
    PairOutcome pair(
            int position, @Nullable String image, @Nullable ImageUse use, List<PairScore> answers) {
        boolean truncated = false;
        double[] logOdds = new double[answers.size()];
        double[] weights = new double[answers.size()];
        for (int i = 0; i < logOdds.length; i++) {
            PairScore answer = answers.get(i);
            Question question = questions.get(i);
            if (answer.error() != null) {
                String why = mixture() ? question.missing(answer.error()) : answer.error();
                return new PairOutcome(
                        position, false, 0, answer.truncated(), image, Map.of(), why, use);
            }
            truncated |= answer.truncated();
            logOdds[i] = answer.logit() / (question.model().temperature() * temperature);
            weights[i] = question.modelShare() * question.aspectShare();
        }
        double logit =
                mixture() ? ProbabilityMixture.logOdds(logOdds, weights) : answers.get(0).logit();
        return new PairOutcome(
                position, true, logit, truncated, image, aspects(logOdds), null, use);
    }

    /** Probability of each aspect that was asked for, the mean over the models. */
    private Map<String, Double> aspects(double[] logOdds) {
        if (!asksAspects()) {
            return Map.of();
        }
        Map<String, Double> aspects = new TreeMap<>();
        double toEach = 0;
        for (int i = 0; i < logOdds.length; i++) {
            Question question = questions.get(i);
            double part = question.modelShare() * Probability.sigmoid(logOdds[i]);
            if (question.aspect() == null) {
                toEach += part;
            } else {
                aspects.merge(question.aspect(), part, Double::sum);
            }
        }
        for (Map.Entry<String, Double> aspect : aspects.entrySet()) {
            aspect.setValue(Math.min(1, aspect.getValue() + toEach));
        }
        return aspects;
    }

    private boolean asksAspects() {
        for (Question question : questions) {
            if (question.aspect() != null) {
                return true;
            }
        }
        return false;
    }
}
