package dev.lychee.rerank.operators.profile;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.exc.UnrecognizedPropertyException;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.util.RawValue;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.lychee.rerank.operators.adjust.rules.InvalidRuleException;
import dev.lychee.rerank.operators.adjust.rules.RuleSet;
import dev.lychee.rerank.operators.text.TextDictionaries;
import dev.lychee.rerank.schemas.Experiment;
import dev.lychee.rerank.schemas.InvalidMessageException;
import dev.lychee.rerank.schemas.Json;
import dev.lychee.rerank.schemas.Profile;
import dev.lychee.rerank.schemas.Sha256;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * All profiles that a job knows when it starts: the presets and those of a {@code profiles.yaml},
 * each merged with what it extends and checked, and the file's experiments. A profile of the file
 * replaces a preset of the same name. It also knows which models the job loads, since not every
 * profile suits every model.
 */
public final class ProfileCatalog {

    private static final int SCHEMA = 1;
    private static final String PRESETS = "presets.yaml";
    private static final String PROFILES = "profiles";
    private static final String EXPERIMENTS = "experiments";
    private static final String DICTIONARIES = "dictionaries";
    private static final String MODELS = "models";
    private static final String EXTENDS = "extends";
    private static final String SEGMENTS = "segments";
    private static final List<String> NOT_BY_SEGMENT = List.of("name", EXTENDS, SEGMENTS);
    private static final YAMLMapper YAML = new YAMLMapper();
    private static final ObjectReader STRICT_PROFILE =
            Json.mapper()
                    .readerFor(Profile.class)
                    .with(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
                    .with(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES);

    private static final ObjectReader STRICT_EXPERIMENT =
            Json.mapper()
                    .readerFor(Experiment.class)
                    .with(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
                    .with(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES);

    private final Map<String, CatalogEntry> profiles;
    private final Map<String, Experiment> experiments;
    private final TextDictionaries dictionaries;
    private final LoadedModels models;

    /**
     * A profile and the hash that names what it says.
     *
     * @param profile the profile
     * @param segments what it is for the user segments it mentions, by segment
     * @param hash 16 hexadecimal digits
     * @param json the profile as JSON, {@code segments} as what differs; others extend this
     */
    public record CatalogEntry(
            Profile profile, Map<String, Profile> segments, String hash, String json) {

        /** What the profile is for a user segment; null for those without one. */
        public Profile forSegment(@Nullable String segment) {
            return segment == null ? profile : segments.getOrDefault(segment, profile);
        }
    }

    private ProfileCatalog(
            Map<String, CatalogEntry> profiles,
            Map<String, Experiment> experiments,
            TextDictionaries dictionaries,
            LoadedModels models) {
        this.profiles = profiles;
        this.experiments = experiments;
        this.dictionaries = dictionaries;
        this.models = models;
    }

    /** The same profiles, whose queries are cleaned by other dictionaries. */
    public ProfileCatalog withDictionaries(TextDictionaries other) {
        return new ProfileCatalog(profiles, experiments, other, models);
    }

    /** The presets alone. */
    public static ProfileCatalog presets() {
        return Presets.CATALOG;
    }

    /** The presets, whose rules take a while to compile. */
    private static final class Presets {

        static final ProfileCatalog CATALOG = read();

        private static ProfileCatalog read() {
            try {
                return build(presetNodes(), Json.mapper().createObjectNode(), PRESETS);
            } catch (InvalidProfileException e) {
                throw new IllegalStateException("the shipped presets are valid", e);
            }
        }
    }

    /**
     * The presets and the profiles of a file.
     *
     * @throws InvalidProfileException when the file cannot be read or a profile in it is wrong
     */
    public static ProfileCatalog load(Path file) throws InvalidProfileException {
        JsonNode document;
        try {
            document = YAML.readTree(Files.readString(file));
        } catch (JsonProcessingException e) {
            throw new InvalidProfileException(
                    "%s is not YAML at line %d: %s"
                            .formatted(file, e.getLocation().getLineNr(), Json.problem(e)));
        } catch (IOException e) {
            throw new InvalidProfileException(
                    "%s cannot be read; is it there, and text in UTF-8?".formatted(file));
        }
        Map<String, JsonNode> nodes = presetNodes();
        nodes.putAll(profileNodes(document, file.toString()));
        if (document.has(EXPERIMENTS) && !document.path(EXPERIMENTS).isObject()) {
            throw new InvalidProfileException(file + ": experiments: expected a mapping");
        }
        return build(nodes, document.path(EXPERIMENTS), file.toString());
    }

    /** Reads what {@link #toJson()} wrote. */
    public static ProfileCatalog fromJson(String json) {
        try {
            JsonNode document = Json.mapper().readTree(json);
            Map<String, CatalogEntry> profiles = new LinkedHashMap<>();
            for (Map.Entry<String, JsonNode> each : document.path(PROFILES).properties()) {
                profiles.put(
                        each.getKey(), entry((ObjectNode) each.getValue(), each.getKey(), true));
            }
            Map<String, Experiment> experiments = new LinkedHashMap<>();
            for (Map.Entry<String, JsonNode> each : document.path(EXPERIMENTS).properties()) {
                experiments.put(each.getKey(), STRICT_EXPERIMENT.readValue(each.getValue()));
            }
            return new ProfileCatalog(
                    profiles,
                    experiments,
                    TextDictionaries.fromJson(document.path(DICTIONARIES).toString()),
                    Json.mapper().treeToValue(document.path(MODELS), LoadedModels.class));
        } catch (IOException | InvalidProfileException e) {
            throw new IllegalArgumentException("not a catalog that was written by toJson", e);
        }
    }

    /** The whole catalog as text, so that it can travel inside a job. */
    public String toJson() {
        ObjectNode document = Json.mapper().createObjectNode();
        ObjectNode byName = document.putObject(PROFILES);
        profiles.forEach((name, entry) -> byName.set(name, tree(entry.json())));
        document.set(EXPERIMENTS, Json.mapper().valueToTree(experiments));
        document.putRawValue(DICTIONARIES, new RawValue(dictionaries.toJson()));
        document.set(MODELS, Json.mapper().valueToTree(models));
        return document.toString();
    }

    /**
     * A profile from what somebody wrote: merged with what it extends, and checked.
     *
     * @param name name of the profile
     * @param own what it says itself
     * @param known the profiles that it may extend, each by its name; null where there is none
     * @throws InvalidProfileException naming the field that is wrong
     */
    static CatalogEntry resolve(
            String name, ObjectNode own, Function<String, @Nullable CatalogEntry> known)
            throws InvalidProfileException {
        ObjectNode result = Json.mapper().createObjectNode();
        JsonNode parent = own.get(EXTENDS);
        if (parent != null) {
            CatalogEntry entry = known.apply(parent.asText());
            if (entry == null) {
                throw new InvalidProfileException(
                        "profile.extends: there is no profile named " + parent.asText());
            }
            result = tree(entry.json());
        }
        merge(result, own);
        result.remove(EXTENDS);
        result.put("name", name);
        return entry(result, "profile", true);
    }

    /**
     * A profile that {@link #resolve} made, from its JSON. It was checked then; a later release
     * that checks more must not stop at it.
     */
    static CatalogEntry published(String json, String hash) {
        try {
            CatalogEntry entry = entry(tree(json), "profile", false);
            return new CatalogEntry(entry.profile(), entry.segments(), hash, json);
        } catch (InvalidProfileException e) {
            throw new IllegalArgumentException("not a profile that was published", e);
        }
    }

    /**
     * An experiment from what somebody wrote, checked by itself.
     *
     * @param path where it stands, for the sentence that says what is wrong
     * @throws InvalidProfileException naming the field that is wrong
     */
    static Experiment experiment(String name, ObjectNode own, String path)
            throws InvalidProfileException {
        ObjectNode node = own.deepCopy();
        node.put("name", name);
        try {
            Experiment experiment = STRICT_EXPERIMENT.readValue(node);
            experiment.validate();
            return experiment;
        } catch (InvalidMessageException e) {
            throw new InvalidProfileException(path + "." + e.getMessage());
        } catch (IOException e) {
            throw notRead(e, path);
        }
    }

    /**
     * Checks experiments against each other and the profiles they name.
     *
     * @throws InvalidProfileException when a profile is missing, or has two experiments
     */
    static void requireConsistent(
            Collection<Experiment> experiments, Function<String, @Nullable CatalogEntry> known)
            throws InvalidProfileException {
        Map<String, String> byProfile = new LinkedHashMap<>();
        for (Experiment experiment : experiments) {
            if (!experiment.runs()) {
                continue;
            }
            String path = "experiments." + experiment.name();
            if (known.apply(experiment.profile()) == null) {
                throw new InvalidProfileException(
                        path + ".profile: there is no profile named " + experiment.profile());
            }
            for (Experiment.Arm arm : experiment.arms()) {
                if (known.apply(experiment.profileOf(arm)) == null) {
                    throw new InvalidProfileException(
                            "%s: arm %s: there is no profile named %s"
                                    .formatted(path, arm.name(), experiment.profileOf(arm)));
                }
            }
            String other = byProfile.put(experiment.profile(), experiment.name());
            if (other != null) {
                throw new InvalidProfileException(
                        "%s: profile %s is in experiment %s already; end that one first (enabled: false)"
                                .formatted(path, experiment.profile(), other));
            }
        }
    }

    /**
     * This catalog in a job that loads these models. Presets are for many jobs, so one that does
     * not suit the models is refused only as the default profile.
     *
     * @param defaultProfile name of the profile of sets that name none
     * @throws InvalidProfileException when a profile asks for what the models cannot give
     */
    public ProfileCatalog forModels(LoadedModels loaded, String defaultProfile)
            throws InvalidProfileException {
        for (Map.Entry<String, CatalogEntry> each : profiles.entrySet()) {
            String name = each.getKey();
            CatalogEntry preset = presets().find(name);
            boolean own = preset == null || !preset.hash().equals(each.getValue().hash());
            if (own || name.equals(defaultProfile)) {
                loaded.requireFor(each.getValue(), "profiles." + name);
            }
        }
        return new ProfileCatalog(profiles, experiments, dictionaries, loaded);
    }

    /** The models that the job loads. */
    LoadedModels models() {
        return models;
    }

    /** The profile of that name, or null. */
    public @Nullable CatalogEntry find(String name) {
        return profiles.get(name);
    }

    /** Names of all profiles, presets first. */
    public Collection<String> names() {
        return profiles.keySet();
    }

    /** Names of the own steps that profiles choose. */
    public Set<String> steps() {
        Set<String> steps = new TreeSet<>();
        for (CatalogEntry entry : profiles.values()) {
            steps.addAll(entry.profile().adjust().steps());
        }
        return steps;
    }

    /** What the queries of profiles with {@code text.clean_query} are cleaned by. */
    public TextDictionaries dictionaries() {
        return dictionaries;
    }

    /** Experiments of the file, by name. */
    public Map<String, Experiment> experiments() {
        return Collections.unmodifiableMap(experiments);
    }

    private static Map<String, JsonNode> presetNodes() {
        try (InputStream presets = ProfileCatalog.class.getResourceAsStream(PRESETS)) {
            return profileNodes(YAML.readTree(presets), PRESETS);
        } catch (IOException | InvalidProfileException e) {
            throw new IllegalStateException("the shipped presets can be read", e);
        }
    }

    private static Map<String, JsonNode> profileNodes(@Nullable JsonNode document, String source)
            throws InvalidProfileException {
        if (document == null || !document.path(PROFILES).isObject()) {
            throw new InvalidProfileException(
                    source + ": expected a mapping with schema and profiles at the top");
        }
        if (document.path("schema").asInt() != SCHEMA) {
            throw new InvalidProfileException(
                    "%s: schema is %s, this version reads %d"
                            .formatted(source, document.path("schema"), SCHEMA));
        }
        Map<String, JsonNode> nodes = new LinkedHashMap<>();
        for (Map.Entry<String, JsonNode> entry : document.path(PROFILES).properties()) {
            if (!entry.getValue().isObject()) {
                throw new InvalidProfileException(
                        "%s: profiles.%s: expected a mapping".formatted(source, entry.getKey()));
            }
            nodes.put(entry.getKey(), entry.getValue());
        }
        return nodes;
    }

    private static ProfileCatalog build(
            Map<String, JsonNode> nodes, JsonNode experimentNodes, String source)
            throws InvalidProfileException {
        Map<String, CatalogEntry> profiles = new LinkedHashMap<>();
        for (String name : nodes.keySet()) {
            ObjectNode merged = merged(name, nodes, new HashSet<>(), source);
            merged.put("name", name);
            profiles.put(name, entry(merged, source + ": profiles." + name, true));
        }
        Map<String, Experiment> experiments = new LinkedHashMap<>();
        for (Map.Entry<String, JsonNode> each : experimentNodes.properties()) {
            String path = source + ": experiments." + each.getKey();
            if (!(each.getValue() instanceof ObjectNode own)) {
                throw new InvalidProfileException(path + ": expected a mapping");
            }
            experiments.put(each.getKey(), experiment(each.getKey(), own, path));
        }
        try {
            requireConsistent(experiments.values(), profiles::get);
        } catch (InvalidProfileException e) {
            throw new InvalidProfileException(source + ": " + e.getMessage());
        }
        return new ProfileCatalog(
                profiles, experiments, TextDictionaries.bundled(), LoadedModels.UNKNOWN);
    }

    /** A profile that is merged already, from JSON with {@code segments} as what differs. */
    private static CatalogEntry entry(ObjectNode node, String path, boolean check)
            throws InvalidProfileException {
        ObjectNode own = node.deepCopy();
        JsonNode segmentNodes = own.remove(SEGMENTS);
        Profile profile = read(own, path, check);
        Map<String, Profile> segments = new TreeMap<>();
        if (segmentNodes != null) {
            if (!segmentNodes.isObject()) {
                throw new InvalidProfileException(
                        path + ".segments: expected a mapping from user segment to what differs");
            }
            for (Map.Entry<String, JsonNode> each : segmentNodes.properties()) {
                String place = path + ".segments." + each.getKey();
                if (!each.getValue().isObject()) {
                    throw new InvalidProfileException(place + ": expected a mapping");
                }
                for (String key : NOT_BY_SEGMENT) {
                    if (each.getValue().has(key)) {
                        throw new InvalidProfileException(
                                "%s.%s: does not differ by segment".formatted(place, key));
                    }
                }
                ObjectNode differing = own.deepCopy();
                merge(differing, each.getValue());
                segments.put(each.getKey(), read(differing, place, check));
            }
        }
        ObjectNode json = Json.mapper().valueToTree(profile);
        if (segmentNodes != null) {
            json.set(SEGMENTS, segmentNodes);
        }
        return new CatalogEntry(profile, segments, hash(profile, segments), json.toString());
    }

    private static ObjectNode merged(
            String name, Map<String, JsonNode> nodes, Set<String> seen, String source)
            throws InvalidProfileException {
        if (!seen.add(name)) {
            throw new InvalidProfileException(
                    "%s: profiles.%s extends itself, by way of %s".formatted(source, name, seen));
        }
        JsonNode own = nodes.get(name);
        if (own == null) {
            throw new InvalidProfileException(
                    "%s: no profile named %s to extend; there are %s"
                            .formatted(source, name, String.join(", ", nodes.keySet())));
        }
        ObjectNode result;
        JsonNode parent = own.get(EXTENDS);
        if (parent == null) {
            result = Json.mapper().createObjectNode();
        } else {
            result = merged(parent.asText(), nodes, seen, source);
        }
        merge(result, own);
        result.remove(EXTENDS);
        return result;
    }

    /**
     * Merges as RFC 7396 says: mappings are merged, null removes, everything else replaces. In
     * {@code segments} null stays, for it removes something from each segment's profile only later.
     */
    private static void merge(ObjectNode target, JsonNode patch) {
        merge(target, patch, false);
    }

    private static void merge(ObjectNode target, JsonNode patch, boolean keepNulls) {
        for (Map.Entry<String, JsonNode> each : patch.properties()) {
            String key = each.getKey();
            JsonNode value = each.getValue();
            if (value.isObject()) {
                ObjectNode inner =
                        target.get(key) instanceof ObjectNode before
                                ? before
                                : target.putObject(key);
                merge(inner, value, keepNulls || key.equals(SEGMENTS));
            } else if (value.isNull() && !keepNulls) {
                target.remove(key);
            } else {
                target.set(key, value);
            }
        }
    }

    private static Profile read(ObjectNode node, String path, boolean check)
            throws InvalidProfileException {
        try {
            Profile profile = STRICT_PROFILE.readValue(node);
            if (check) {
                profile.validate();
                RuleSet.compile(profile.adjust().rules());
            }
            return profile;
        } catch (InvalidMessageException | InvalidRuleException e) {
            throw new InvalidProfileException(path + "." + e.getMessage());
        } catch (IOException e) {
            throw notRead(e, path);
        }
    }

    private static InvalidProfileException notRead(IOException why, String path) {
        if (why instanceof UnrecognizedPropertyException unknown) {
            return new InvalidProfileException(
                    "%s: unknown key %s; known here are %s"
                            .formatted(
                                    path,
                                    unknown.getPropertyName(),
                                    unknown.getKnownPropertyIds()));
        }
        if (why instanceof JsonProcessingException wrong) {
            return new InvalidProfileException(path + ": " + Json.problem(wrong));
        }
        throw new IllegalStateException("a tree in memory can be read", why);
    }

    /**
     * Hash of the profile as JSON, its parts by name, inside each part in the order of its class.
     */
    private static String hash(Profile profile, Map<String, Profile> segments) {
        Map<String, Object> parts = parts(profile);
        if (!segments.isEmpty()) {
            Map<String, Object> bySegment = new TreeMap<>();
            segments.forEach((segment, each) -> bySegment.put(segment, parts(each)));
            parts.put(SEGMENTS, bySegment);
        }
        return Sha256.hex(write(parts), 16);
    }

    private static Map<String, Object> parts(Profile profile) {
        return Json.mapper().convertValue(profile, new TypeReference<TreeMap<String, Object>>() {});
    }

    private static ObjectNode tree(String json) {
        try {
            return (ObjectNode) Json.mapper().readTree(json);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("JSON that was written here can be read", e);
        }
    }

    private static String write(Object value) {
        try {
            return Json.mapper().writeValueAsString(value);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("profiles can always be written", e);
        }
    }
}
