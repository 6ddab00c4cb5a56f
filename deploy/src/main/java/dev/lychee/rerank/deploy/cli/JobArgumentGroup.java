package dev.lychee.rerank.deploy.cli;

import dev.lychee.rerank.deploy.UserMistakeException;
import dev.lychee.rerank.job.RerankOptions;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.flink.configuration.Configuration;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The arguments by which every command shapes the job. */
final class JobArgumentGroup {

    @Option(
            names = "--model",
            paramLabel = "DIR",
            description =
                    "Folder of the model package. Default: the bundled "
                            + DeployFolder.MODEL
                            + ". Given again, a further package, for profiles whose models name it.")
    private List<Path> models = new ArrayList<>();

    @Option(
            names = "--profile",
            paramLabel = "NAME",
            description = "Profile of the sets that name none.")
    private @Nullable String profile;

    @Option(
            names = "--profiles-file",
            paramLabel = "FILE",
            description = "YAML file of profiles, added to the presets.")
    private @Nullable Path profilesFile;

    @Option(
            names = "-D",
            paramLabel = "KEY=VALUE",
            description =
                    "An option of the job or of Flink, such as -D scoring.precision=fp32. May be repeated.")
    private Map<String, String> properties = new LinkedHashMap<>();

    /**
     * The options of the job.
     *
     * @param defaultProfile profile where the user chose none; null for the job's own default
     */
    Configuration toOptions(@Nullable String defaultProfile) {
        Configuration options = toOptionsWithoutModel(defaultProfile);
        if (!models.isEmpty() || !options.contains(RerankOptions.SCORING_MODEL)) {
            Path first = models.isEmpty() ? DeployFolder.current().model() : models.get(0);
            options.set(RerankOptions.SCORING_MODEL, existing(first));
        }
        if (models.size() > 1) {
            options.set(
                    RerankOptions.SCORING_FURTHER_MODELS,
                    models.stream().skip(1).map(JobArgumentGroup::existing).toList());
        }
        return options;
    }

    private static String existing(Path folder) {
        if (!Files.isDirectory(folder)) {
            throw new UserMistakeException(
                    "There is no model package %s: name its folder with --model."
                            .formatted(folder));
        }
        return folder.toAbsolutePath().normalize().toString();
    }

    /** Whether the user named a model package. */
    boolean namesModel() {
        return !models.isEmpty() || properties.containsKey(RerankOptions.SCORING_MODEL.key());
    }

    /** As {@link #toOptions}, for a job that scores with something else. */
    Configuration toOptionsWithoutModel(@Nullable String defaultProfile) {
        Configuration options = new Configuration();
        if (defaultProfile != null) {
            options.set(RerankOptions.PROFILES_DEFAULT, defaultProfile);
        }
        properties.forEach(options::setString);
        if (profile != null) {
            options.set(RerankOptions.PROFILES_DEFAULT, profile);
        }
        if (profilesFile != null) {
            if (!Files.isRegularFile(profilesFile)) {
                throw new UserMistakeException(
                        "There is no file %s: check --profiles-file.".formatted(profilesFile));
            }
            options.set(
                    RerankOptions.PROFILES_FILE,
                    profilesFile.toAbsolutePath().normalize().toString());
        }
        return options;
    }
}
