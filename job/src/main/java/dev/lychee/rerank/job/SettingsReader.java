package dev.lychee.rerank.job;

import dev.lychee.rerank.operators.DeadlinePolicy;
import dev.lychee.rerank.operators.calibration.CalibrationMaps;
import dev.lychee.rerank.operators.calibration.InvalidCalibrationException;
import dev.lychee.rerank.operators.clicks.Exploration;
import dev.lychee.rerank.operators.image.source.ImageSettings;
import dev.lychee.rerank.operators.profile.InvalidProfileException;
import dev.lychee.rerank.operators.profile.LoadedModels;
import dev.lychee.rerank.operators.profile.ProfileCatalog;
import dev.lychee.rerank.operators.scoring.BatchLimits;
import dev.lychee.rerank.operators.scoring.InvalidModelPackageException;
import dev.lychee.rerank.operators.scoring.ScorerDescription;
import dev.lychee.rerank.operators.scoring.ScoringSettings;
import dev.lychee.rerank.operators.scoring.ScoringSettings.DevicePreference;
import dev.lychee.rerank.operators.scoring.ServiceLimits;
import dev.lychee.rerank.operators.scoring.model.ModelPackageCheck;
import dev.lychee.rerank.operators.text.InvalidDictionaryException;
import dev.lychee.rerank.operators.text.TextDictionaries;
import dev.lychee.rerank.schemas.MessageLimits;
import java.io.IOException;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.MemorySize;
import org.apache.flink.configuration.ReadableConfig;
import org.apache.flink.configuration.description.HtmlFormatter;

/** Reads options, checks them and what they point to, and says plainly what is wrong. */
final class SettingsReader {

    /** First parts of the keys of Flink's own options, which pass through. */
    private static final Set<String> FLINK_KEYS =
            Set.of(
                    "$internal",
                    "blob",
                    "classloader",
                    "client",
                    "cluster",
                    "deployment",
                    "env",
                    "execution",
                    "external-resource",
                    "external-resources",
                    "fs",
                    "heartbeat",
                    "high-availability",
                    "io",
                    "job",
                    "jobmanager",
                    "jobstore",
                    "kubernetes",
                    "metrics",
                    "minicluster",
                    "parallelism",
                    "pekko",
                    "pipeline",
                    "process",
                    "queryable-state",
                    "resourcemanager",
                    "rest",
                    "restart-strategy",
                    "s3",
                    "security",
                    "slot",
                    "slotmanager",
                    "state",
                    "table",
                    "task",
                    "taskmanager",
                    "web",
                    "yarn",
                    "zookeeper");

    private static final String MAP_SEPARATOR = ".";

    private SettingsReader() {}

    static RerankSettings read(Configuration options) {
        refuseUnknownKeys(options);
        boolean files = get(options, RerankOptions.SOURCE_TYPE) == RerankOptions.SourceType.FILES;
        ProfileCatalog known = profiles(options).withDictionaries(dictionaries(options));
        String defaultProfile = get(options, RerankOptions.PROFILES_DEFAULT);
        if (known.find(defaultProfile) == null) {
            throw invalid(
                    RerankOptions.PROFILES_DEFAULT,
                    "there is no profile \"%s\"; known are %s"
                            .formatted(defaultProfile, String.join(", ", known.names())));
        }
        ScoringSettings scoring = scoring(options, files);
        LoadedModels models = models(options, scoring);
        ProfileCatalog profiles;
        try {
            profiles = known.forModels(models, defaultProfile);
        } catch (InvalidProfileException e) {
            throw new InvalidOptionException(String.valueOf(e.getMessage()));
        }
        return new RerankSettings(
                new MessageLimits(
                        bytes(options, RerankOptions.LIMITS_RECORD),
                        atLeast(1, options, RerankOptions.LIMITS_CANDIDATES),
                        bytes(options, RerankOptions.LIMITS_DOCUMENT)),
                profiles,
                defaultProfile,
                atLeast(0, options, RerankOptions.PROFILES_HISTORY),
                files ? DeadlinePolicy.IGNORE : get(options, RerankOptions.DEADLINE_POLICY),
                scoring,
                atLeast(0, options, RerankOptions.SCORING_PARALLELISM),
                atLeast(1, options, RerankOptions.SCORING_CAPACITY),
                get(options, RerankOptions.SCORING_TIMEOUT),
                atLeast(1, options, RerankOptions.SCORING_TASK_TOKENS),
                atLeast(1, options, RerankOptions.SCORING_PAIR_TOKENS),
                pictureTokens(options, models),
                get(options, RerankOptions.ASSEMBLY_SHARD_WAIT),
                get(options, RerankOptions.ASSEMBLY_REMEMBER_ANSWERED),
                calibrationMapLines(options),
                exploration(options),
                bytes(options, RerankOptions.LIMITS_RESULT));
    }

    static String required(ReadableConfig options, ConfigOption<String> option) {
        return options.getOptional(option)
                .filter(value -> !value.isBlank())
                .orElseThrow(
                        () ->
                                new InvalidOptionException(
                                        "%s is required: %s"
                                                .formatted(option.key(), describe(option))));
    }

    /** All options that {@link RerankOptions} declares, in the order of the class. */
    static List<ConfigOption<?>> declaredOptions() {
        List<ConfigOption<?>> options = new ArrayList<>();
        for (Field field : RerankOptions.class.getDeclaredFields()) {
            if (Modifier.isStatic(field.getModifiers())
                    && ConfigOption.class.isAssignableFrom(field.getType())) {
                try {
                    options.add((ConfigOption<?>) field.get(null));
                } catch (IllegalAccessException e) {
                    throw new IllegalStateException("options are public", e);
                }
            }
        }
        return options;
    }

    static void refuseUnknownKeys(Configuration options) {
        Set<String> known =
                declaredOptions().stream()
                        .map(ConfigOption::key)
                        .collect(Collectors.toCollection(TreeSet::new));
        List<String> mapPrefixes =
                List.of(
                        RerankOptions.KAFKA_PROPERTIES.key() + MAP_SEPARATOR,
                        RerankOptions.RECALIBRATION_ACTIONS.key() + MAP_SEPARATOR,
                        RerankOptions.EXPERIMENTS_ACTIONS.key() + MAP_SEPARATOR);
        for (String key : options.keySet()) {
            if (known.contains(key)
                    || mapPrefixes.stream().anyMatch(key::startsWith)
                    || FLINK_KEYS.contains(firstPart(key))) {
                continue;
            }
            List<String> similar =
                    known.stream().filter(each -> firstPart(each).equals(firstPart(key))).toList();
            throw new InvalidOptionException(
                    "there is no option %s; known are %s"
                            .formatted(
                                    key, String.join(", ", similar.isEmpty() ? known : similar)));
        }
    }

    private static String firstPart(String key) {
        int dot = key.indexOf('.');
        return dot < 0 ? key : key.substring(0, dot);
    }

    private static ProfileCatalog profiles(Configuration options) {
        String file = options.getOptional(RerankOptions.PROFILES_FILE).orElse("");
        if (file.isBlank()) {
            return ProfileCatalog.presets();
        }
        try {
            return ProfileCatalog.load(Path.of(file));
        } catch (InvalidProfileException e) {
            throw invalid(RerankOptions.PROFILES_FILE, String.valueOf(e.getMessage()));
        }
    }

    private static TextDictionaries dictionaries(Configuration options) {
        try {
            return TextDictionaries.load(
                    options.getOptional(RerankOptions.TEXT_DICTIONARIES).orElse(List.of()).stream()
                            .map(Path::of)
                            .toList());
        } catch (InvalidDictionaryException e) {
            throw invalid(RerankOptions.TEXT_DICTIONARIES, String.valueOf(e.getMessage()));
        }
    }

    private static String precision(Configuration options) {
        return oneOf(options, RerankOptions.SCORING_PRECISION, "auto", "fp32", "bf16");
    }

    private static int pictureTokens(Configuration options, LoadedModels models) {
        int asked = atLeast(0, options, RerankOptions.SCORING_PICTURE_TOKENS);
        return asked == 0 ? models.pictureTokens() : asked;
    }

    private static ScoringSettings scoring(Configuration options, boolean files) {
        String model = required(options, RerankOptions.SCORING_MODEL);
        String precision = precision(options);
        DevicePreference device = get(options, RerankOptions.SCORING_DEVICE);
        boolean ignoreDeadlines =
                files || get(options, RerankOptions.DEADLINE_POLICY) == DeadlinePolicy.IGNORE;
        return new ScoringSettings(
                model,
                precision,
                device,
                serviceLimits(options),
                get(options, RerankOptions.SCORING_MODEL_LINGER).toMillis(),
                atLeast(0, options, RerankOptions.SCORING_THREADS),
                ignoreDeadlines,
                get(options, RerankOptions.SCORING_DEGRADE),
                get(options, RerankOptions.SCORING_FURTHER_MODELS));
    }

    /**
     * Checks the packages, unless that is to be left to the TaskManagers, and says what is there.
     */
    private static LoadedModels models(Configuration options, ScoringSettings scoring) {
        if (!get(options, RerankOptions.SCORING_CHECK_AT_SUBMISSION)) {
            return LoadedModels.UNKNOWN;
        }
        List<LoadedModels.Model> models = new ArrayList<>();
        models.add(model(RerankOptions.SCORING_MODEL, scoring.packagePath(), scoring));
        for (String folder : scoring.furtherPackages()) {
            LoadedModels.Model further =
                    model(RerankOptions.SCORING_FURTHER_MODELS, folder, scoring);
            if (models.stream().anyMatch(each -> each.name().equals(further.name()))) {
                throw invalid(
                        RerankOptions.SCORING_FURTHER_MODELS,
                        "%s is a second package named %s; profiles could not tell them apart"
                                .formatted(folder, further.name()));
            }
            models.add(further);
        }
        return new LoadedModels(models);
    }

    private static LoadedModels.Model model(
            ConfigOption<?> option, String folder, ScoringSettings scoring) {
        try {
            ScorerDescription checked = ModelPackageCheck.run(Path.of(folder), scoring.precision());
            return new LoadedModels.Model(
                    checked.name(),
                    checked.defaultInstruction() != null,
                    checked.images().tokens());
        } catch (InvalidModelPackageException | IllegalStateException e) {
            throw invalid(option, String.valueOf(e.getMessage()));
        }
    }

    private static ServiceLimits serviceLimits(Configuration options) {
        return new ServiceLimits(
                new BatchLimits(
                        atLeast(0, options, RerankOptions.SCORING_BATCH_TOKENS),
                        get(options, RerankOptions.SCORING_BATCH_DELAY).toMillis(),
                        get(options, RerankOptions.SCORING_BATCH_PASS).toMillis()),
                atLeast(0, options, RerankOptions.SCORING_MAX_FAILED_BATCHES),
                get(options, RerankOptions.SCORING_CACHE_SIZE).getBytes(),
                get(options, RerankOptions.SCORING_DETERMINISTIC),
                images(options));
    }

    private static ImageSettings images(Configuration options) {
        long maxPixels = get(options, RerankOptions.IMAGES_MAX_PIXELS);
        if (maxPixels < 1) {
            throw invalid(
                    RerankOptions.IMAGES_MAX_PIXELS,
                    maxPixels + " is too small; at least 1 is needed");
        }
        long timeout = get(options, RerankOptions.IMAGES_TIMEOUT).toMillis();
        if (timeout < 1) {
            throw invalid(RerankOptions.IMAGES_TIMEOUT, "it must be at least 1 ms");
        }
        List<String> roots = listed(options, RerankOptions.IMAGES_ROOTS, ImageSettings::checkRoot);
        List<String> hosts = listed(options, RerankOptions.IMAGES_HOSTS, ImageSettings::checkHost);
        return new ImageSettings(
                roots,
                hosts,
                get(options, RerankOptions.IMAGES_PRIVATE_ADDRESSES),
                bytes(options, RerankOptions.IMAGES_MAX_BYTES),
                maxPixels,
                timeout,
                atLeast(1, options, RerankOptions.IMAGES_THREADS),
                Math.max(1, get(options, RerankOptions.IMAGES_DECODE_MEMORY).getBytes()),
                get(options, RerankOptions.IMAGES_CACHE_SIZE).getBytes());
    }

    private static List<String> listed(
            Configuration options, ConfigOption<String> option, Consumer<String> check) {
        List<String> values =
                Arrays.stream(get(options, option).split(","))
                        .map(String::strip)
                        .filter(value -> !value.isEmpty())
                        .toList();
        try {
            values.forEach(check);
        } catch (IllegalArgumentException e) {
            throw invalid(option, String.valueOf(e.getMessage()));
        }
        return values;
    }

    private static String calibrationMapLines(Configuration options) {
        String file = options.getOptional(RerankOptions.CALIBRATION_FILE).orElse("");
        if (file.isBlank()) {
            return "";
        }
        try {
            String lines = Files.readString(Path.of(file));
            CalibrationMaps.ofJsonLines(lines);
            return lines;
        } catch (IOException e) {
            throw invalid(
                    RerankOptions.CALIBRATION_FILE,
                    file + " cannot be read; is it there, and text in UTF-8?");
        } catch (InvalidCalibrationException e) {
            throw invalid(RerankOptions.CALIBRATION_FILE, file + ": " + e.getMessage());
        }
    }

    private static Exploration exploration(Configuration options) {
        double share = get(options, RerankOptions.EXPLORATION_SHARE);
        if (!(share >= 0 && share <= 1)) {
            throw invalid(
                    RerankOptions.EXPLORATION_SHARE, share + " is out of range; 0 to 1 is allowed");
        }
        return new Exploration(share, atLeast(0, options, RerankOptions.EXPLORATION_BELOW_RANK));
    }

    static <T> T get(Configuration options, ConfigOption<T> option) {
        try {
            return options.get(option);
        } catch (IllegalArgumentException e) {
            throw invalid(
                    option,
                    "\"%s\" is not a valid value. %s"
                            .formatted(options.toMap().get(option.key()), describe(option)));
        }
    }

    static int atLeast(int minimum, Configuration options, ConfigOption<Integer> option) {
        int value = get(options, option);
        if (value < minimum) {
            throw invalid(option, value + " is too small; at least " + minimum + " is needed");
        }
        return value;
    }

    private static int bytes(Configuration options, ConfigOption<MemorySize> option) {
        long bytes = get(options, option).getBytes();
        if (bytes < 1 || bytes > Integer.MAX_VALUE / 2) {
            throw invalid(option, bytes + " bytes is out of range; at most 1023 mb are allowed");
        }
        return (int) bytes;
    }

    private static String oneOf(
            Configuration options, ConfigOption<String> option, String... allowed) {
        String value = get(options, option);
        if (!List.of(allowed).contains(value)) {
            throw invalid(
                    option,
                    "\"%s\" is not allowed; expected %s"
                            .formatted(value, String.join(", ", allowed)));
        }
        return value;
    }

    private static String describe(ConfigOption<?> option) {
        return new HtmlFormatter().format(option.description());
    }

    static InvalidOptionException invalid(ConfigOption<?> option, String problem) {
        return new InvalidOptionException(option.key() + ": " + problem);
    }
}
