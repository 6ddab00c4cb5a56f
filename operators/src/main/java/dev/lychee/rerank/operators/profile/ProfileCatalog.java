package dev.lychee.rerank.operators.profile;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.exc.UnrecognizedPropertyException;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.lychee.rerank.operators.adjust.rules.InvalidRuleException;
import dev.lychee.rerank.operators.adjust.rules.RuleSet;
import dev.lychee.rerank.schemas.InvalidMessageException;
import dev.lychee.rerank.schemas.Json;
import dev.lychee.rerank.schemas.Profile;
import dev.lychee.rerank.schemas.Sha256;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * All profiles that a job knows: the presets and those of a {@code profiles.yaml}, each merged with
 * what it extends and checked. A profile of the file replaces a preset of the same name.
 */
public final class ProfileCatalog {

    private static final int SCHEMA = 1;
    private static final String PRESETS = "presets.yaml";
    private static final YAMLMapper YAML = new YAMLMapper();
    private static final ObjectReader STRICT_PROFILE =
            Json.mapper()
                    .readerFor(Profile.class)
                    .with(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
                    .with(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES);

    private final Map<String, CatalogEntry> profiles;

    /**
     * A profile and the hash that names what it says.
     *
     * @param profile the profile
     * @param hash 16 hexadecimal digits
     */
    public record CatalogEntry(Profile profile, String hash) {}

    private ProfileCatalog(Map<String, CatalogEntry> profiles) {
        this.profiles = profiles;
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
                return build(presetNodes(), PRESETS);
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
        return build(nodes, file.toString());
    }

    /** Reads what {@link #toJson()} wrote. */
    public static ProfileCatalog fromJson(String json) {
        try {
            Map<String, CatalogEntry> profiles = new LinkedHashMap<>();
            for (Map.Entry<String, JsonNode> entry : Json.mapper().readTree(json).properties()) {
                Profile profile = STRICT_PROFILE.readValue(entry.getValue());
                profiles.put(entry.getKey(), new CatalogEntry(profile, hash(profile)));
            }
            return new ProfileCatalog(profiles);
        } catch (IOException e) {
            throw new IllegalArgumentException("not a catalog that was written by toJson", e);
        }
    }

    /** The whole catalog as text, so that it can travel inside a job. */
    public String toJson() {
        Map<String, Profile> byName = new LinkedHashMap<>();
        profiles.forEach((name, entry) -> byName.put(name, entry.profile()));
        return write(byName);
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

    private static Map<String, JsonNode> presetNodes() {
        try (InputStream presets = ProfileCatalog.class.getResourceAsStream(PRESETS)) {
            return profileNodes(YAML.readTree(presets), PRESETS);
        } catch (IOException | InvalidProfileException e) {
            throw new IllegalStateException("the shipped presets can be read", e);
        }
    }

    private static Map<String, JsonNode> profileNodes(@Nullable JsonNode document, String source)
            throws InvalidProfileException {
        if (document == null || !document.path("profiles").isObject()) {
            throw new InvalidProfileException(
                    source + ": expected a mapping with schema and profiles at the top");
        }
        if (document.path("schema").asInt() != SCHEMA) {
            throw new InvalidProfileException(
                    "%s: schema is %s, this version reads %d"
                            .formatted(source, document.path("schema"), SCHEMA));
        }
        Map<String, JsonNode> nodes = new LinkedHashMap<>();
        for (Map.Entry<String, JsonNode> entry : document.path("profiles").properties()) {
            if (!entry.getValue().isObject()) {
                throw new InvalidProfileException(
                        "%s: profiles.%s: expected a mapping".formatted(source, entry.getKey()));
            }
            nodes.put(entry.getKey(), entry.getValue());
        }
        return nodes;
    }

    private static ProfileCatalog build(Map<String, JsonNode> nodes, String source)
            throws InvalidProfileException {
        Map<String, CatalogEntry> profiles = new LinkedHashMap<>();
        for (String name : nodes.keySet()) {
            ObjectNode merged = merged(name, nodes, new HashSet<>(), source);
            merged.put("name", name);
            Profile profile = read(merged, source + ": profiles." + name);
            profiles.put(name, new CatalogEntry(profile, hash(profile)));
        }
        return new ProfileCatalog(profiles);
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
        JsonNode parent = own.get("extends");
        if (parent == null) {
            result = Json.mapper().createObjectNode();
        } else {
            result = merged(parent.asText(), nodes, seen, source);
        }
        merge(result, own);
        result.remove("extends");
        return result;
    }

    /** Merges as RFC 7396 says: mappings are merged, null removes, everything else replaces. */
    private static void merge(ObjectNode target, JsonNode patch) {
        for (Map.Entry<String, JsonNode> entry : patch.properties()) {
            JsonNode value = entry.getValue();
            if (value.isNull()) {
                target.remove(entry.getKey());
            } else if (value.isObject()) {
                merge(target.withObjectProperty(entry.getKey()), value);
            } else {
                target.set(entry.getKey(), value);
            }
        }
    }

    private static Profile read(ObjectNode node, String path) throws InvalidProfileException {
        try {
            Profile profile = STRICT_PROFILE.readValue(node);
            profile.validate();
            RuleSet.compile(profile.adjust().rules());
            return profile;
        } catch (UnrecognizedPropertyException e) {
            throw new InvalidProfileException(
                    "%s: unknown key %s; known here are %s"
                            .formatted(path, e.getPropertyName(), e.getKnownPropertyIds()));
        } catch (InvalidMessageException | InvalidRuleException e) {
            throw new InvalidProfileException(path + "." + e.getMessage());
        } catch (JsonProcessingException e) {
            throw new InvalidProfileException(path + ": " + Json.problem(e));
        } catch (IOException e) {
            throw new IllegalStateException("a tree in memory can be read", e);
        }
    }

    /**
     * Hash of the profile as JSON, its parts by name, inside each part in the order of its class.
     */
    private static String hash(Profile profile) {
        return Sha256.hex(write(Json.mapper().convertValue(profile, TreeMap.class)), 16);
    }

    private static String write(Object value) {
        try {
            return Json.mapper().writeValueAsString(value);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("profiles can always be written", e);
        }
    }
}
