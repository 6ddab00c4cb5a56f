package dev.lychee.rerank.schemas.flow;

import dev.lychee.rerank.schemas.Profile;
import java.util.Map;

/**
 * What a profile has each pair asked, besides its one instruction: every aspect, of every model.
 *
 * @param aspects questions by name; empty for the task's one instruction
 * @param models weights by name of the model package; empty for the job's first
 * @param temperature the profile's, which shapes a mean of probabilities, above 0
 */
public record Questions(
        Map<String, Profile.Aspect> aspects, Map<String, Double> models, double temperature) {

    /** One question to one model. */
    public static final Questions ONE = new Questions(Map.of(), Map.of(), 1);

    /** What a profile asks. */
    public static Questions of(Profile profile) {
        return new Questions(profile.aspects(), profile.models(), profile.temperature());
    }
}
