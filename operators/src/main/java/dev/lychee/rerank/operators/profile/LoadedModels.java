package dev.lychee.rerank.operators.profile;

import dev.lychee.rerank.operators.profile.ProfileCatalog.CatalogEntry;
import dev.lychee.rerank.schemas.Profile;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * The models that a job loads, as far as profiles depend on them.
 *
 * @param models the one that is asked where a profile names none first; empty when not known, so
 *     that nothing is refused
 */
public record LoadedModels(List<Model> models) {

    /** Nobody has looked at the packages. */
    public static final LoadedModels UNKNOWN = new LoadedModels(List.of());

    /**
     * A loaded model.
     *
     * @param name name of its package
     * @param readsInstruction whether what it is asked makes a difference
     * @param pictureTokens most tokens that a picture takes; 0 for a model of texts
     */
    public record Model(String name, boolean readsInstruction, int pictureTokens) {}

    /** Most tokens that a picture takes in any of them; 0 when not known. */
    public int pictureTokens() {
        return models.stream().mapToInt(Model::pictureTokens).max().orElse(0);
    }

    /**
     * Checks that the models can give what a profile asks for, for every user segment.
     *
     * @param path where the profile stands, for the sentence that says what is wrong
     * @throws InvalidProfileException when a model is not loaded, or would answer all aspects alike
     */
    void requireFor(CatalogEntry entry, String path) throws InvalidProfileException {
        if (models.isEmpty()) {
            return;
        }
        List<Profile> profiles = new ArrayList<>(entry.segments().values());
        profiles.add(entry.profile());
        for (Profile profile : profiles) {
            for (Model model : asked(profile, path)) {
                if (!profile.aspects().isEmpty() && !model.readsInstruction()) {
                    throw new InvalidProfileException(
                            "%s.aspects: model %s reads no instruction, so all aspects would get the same score; use a yes-no package whose prompt has an instruction, or leave out aspects"
                                    .formatted(path, model.name()));
                }
            }
        }
    }

    private List<Model> asked(Profile profile, String path) throws InvalidProfileException {
        if (profile.models().isEmpty()) {
            return List.of(models.get(0));
        }
        List<Model> asked = new ArrayList<>();
        for (String name : profile.models().keySet()) {
            asked.add(
                    models.stream()
                            .filter(each -> each.name().equals(name))
                            .findFirst()
                            .orElseThrow(
                                    () ->
                                            new InvalidProfileException(
                                                    "%s.models: the job loads no model named %s; it loads %s; further ones are loaded by scoring.further-models"
                                                            .formatted(path, name, names()))));
        }
        return asked;
    }

    private String names() {
        return models.stream().map(Model::name).collect(Collectors.joining(", "));
    }
}
