package dev.lychee.rerank.schemas.flow;

import dev.lychee.rerank.schemas.ModelReference;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The answer to one {@link ScoreTask}: one {@link PairOutcome} per item, in the task's order.
 *
 * @param requestId the request the pairs belong to
 * @param envelopeId identity of the record that brought the candidates
 * @param taskIndex index of the task in its envelope, 0-based
 * @param fingerprint names everything that shapes a logit (weights, template, instruction,
 *     truncation, precision); empty when no model answered
 * @param models the models that scored; empty when none did
 * @param temperature the model package's own temperature, by which a logit is divided before the
 *     sigmoid; 1 for a mixture
 * @param pairs one outcome per item
 * @param queueMillis time from arrival at the scorer to the first forward pass, in milliseconds
 * @param scoreMillis time inside forward passes, in milliseconds
 * @param busyMillis time at the scorer in which the device was busy with other pairs, in
 *     milliseconds
 * @param degraded what the task went without under load; null or empty when nothing
 * @param imageFailures pictures that could not be read, some of them when there are many; null or
 *     empty when there are none
 * @param mixture whether logits are log-odds of a mean over several questions; temperatures, the
 *     profile's too, are inside that mean
 * @param notes what the profile asks for and the models cannot give; null or empty when nothing
 */
public record ScoringOutcome(
        String requestId,
        String envelopeId,
        int taskIndex,
        String fingerprint,
        List<ModelReference> models,
        double temperature,
        List<PairOutcome> pairs,
        double queueMillis,
        double scoreMillis,
        double busyMillis,
        @Nullable List<String> degraded,
        @Nullable List<ImageFailure> imageFailures,
        boolean mixture,
        @Nullable List<String> notes) {

    /** The outcome of one question about texts. */
    public ScoringOutcome(
            String requestId,
            String envelopeId,
            int taskIndex,
            String fingerprint,
            List<ModelReference> models,
            double temperature,
            List<PairOutcome> pairs,
            double queueMillis,
            double scoreMillis,
            double busyMillis,
            @Nullable List<String> degraded) {
        this(
                requestId,
                envelopeId,
                taskIndex,
                fingerprint,
                models,
                temperature,
                pairs,
                queueMillis,
                scoreMillis,
                busyMillis,
                degraded,
                null,
                false,
                null);
    }
}
