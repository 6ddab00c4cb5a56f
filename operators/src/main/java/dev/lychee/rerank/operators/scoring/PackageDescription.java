package dev.lychee.rerank.operators.scoring;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The {@code model.yaml} of a model package, and how its fields are read. What is wrong is told in
 * a sentence that names the field and the remedy.
 *
 * @param directory the folder of the package
 * @param file the description inside it
 * @param tree what the description holds: an object
 */
public record PackageDescription(Path directory, Path file, JsonNode tree) {

    /**
     * How long an input may be.
     *
     * @param maxTokens most tokens of one input, control tokens and the template included
     * @param maxQueryTokens most tokens of the query text
     */
    public record Limits(int maxTokens, int maxQueryTokens) {}

    /** Name of the description inside a package. */
    public static final String FILE = "model.yaml";

    private static final int SCHEMA = 1;

    /**
     * Reads a description as far as it is the same for every kind of model.
     *
     * @param directory folder with a {@code model.yaml}
     * @throws InvalidModelPackageException if it is not there, no YAML, or of another schema
     */
    public static PackageDescription read(Path directory) throws InvalidModelPackageException {
        Path file = directory.resolve(FILE);
        if (!Files.isRegularFile(file)) {
            throw new InvalidModelPackageException(
                    "There is no model package in "
                            + directory.toAbsolutePath()
                            + ": it has no "
                            + FILE
                            + ".");
        }
        JsonNode tree;
        try {
            tree = new YAMLMapper().readTree(Files.readString(file));
        } catch (JsonProcessingException e) {
            throw new InvalidModelPackageException(
                    file + " is not readable as YAML: " + firstLine(e.getOriginalMessage()), e);
        } catch (IOException e) {
            throw new InvalidModelPackageException(file + " cannot be read: " + e.getMessage(), e);
        }
        if (tree == null || !tree.isObject()) {
            throw new InvalidModelPackageException(
                    file + " must hold fields such as name and kind.");
        }
        PackageDescription description = new PackageDescription(directory, file, tree);
        int schema = description.wholeNumber(tree, "schema", "", null);
        if (schema != SCHEMA) {
            throw description.wrong(
                    "schema", "is " + schema + "; this version reads schema " + SCHEMA);
        }
        return description;
    }

    /** Name of the package. */
    public String name() throws InvalidModelPackageException {
        String name = text(tree, "name", "", null);
        if (!name.matches("[A-Za-z0-9][A-Za-z0-9._-]*")) {
            throw wrong(
                    "name",
                    "is '" + name + "'; use letters, digits, dots, hyphens and underscores");
        }
        return name;
    }

    /** Version of the package. */
    public String version() throws InvalidModelPackageException {
        return text(tree, "version", "", null);
    }

    /** What kind of model it is, as it is written. */
    public String kind() throws InvalidModelPackageException {
        return text(tree, "kind", "", null);
    }

    /** By which a logit is divided before the sigmoid; 1 unless the package says otherwise. */
    public double temperature() throws InvalidModelPackageException {
        double temperature = number(tree, "temperature", 1.0);
        if (!(temperature > 0)) {
            throw wrong("temperature", "is " + temperature + "; it must be above 0");
        }
        return temperature;
    }

    /** How long an input may be; a query three quarters of it unless the package says otherwise. */
    public Limits limits() throws InvalidModelPackageException {
        JsonNode section = section(tree, "limits");
        onlyKnown(section, "limits.", Set.of("max_tokens", "max_query_tokens"));
        int maxTokens = wholeNumber(section, "max_tokens", "limits.", null);
        int maxQueryTokens = wholeNumber(section, "max_query_tokens", "limits.", maxTokens * 3 / 4);
        if (maxTokens < 8) {
            throw wrong("limits.max_tokens", "is " + maxTokens + "; it must be at least 8");
        }
        if (maxQueryTokens < 1 || maxQueryTokens >= maxTokens) {
            throw wrong(
                    "limits.max_query_tokens",
                    "is "
                            + maxQueryTokens
                            + "; it must be at least 1 and less than limits.max_tokens ("
                            + maxTokens
                            + "), so that a document has room");
        }
        return new Limits(maxTokens, maxQueryTokens);
    }

    /** A file inside the package that a field names. */
    public Path existing(String field, String name) throws InvalidModelPackageException {
        Path path = directory.resolve(name).normalize();
        if (!path.startsWith(directory.normalize())) {
            throw wrong(field, "names '" + name + "', which is outside the package");
        }
        if (!Files.isRegularFile(path)) {
            throw wrong(field, "names '" + name + "', which is not in the package");
        }
        return path;
    }

    /** A field that holds fields of its own. */
    public JsonNode section(JsonNode parent, String field) throws InvalidModelPackageException {
        JsonNode node = parent.get(field);
        if (node == null || !node.isObject()) {
            throw wrong(field, "is missing; it must hold fields of its own");
        }
        return node;
    }

    /**
     * A text.
     *
     * @param path what stands before the field's name in a sentence, such as {@code limits.}
     * @param otherwise what a missing field means; null if it must be there
     */
    public String text(JsonNode parent, String field, String path, @Nullable String otherwise)
            throws InvalidModelPackageException {
        JsonNode node = parent.get(field);
        if (node == null || node.isNull()) {
            if (otherwise == null) {
                throw wrong(path + field, "is missing");
            }
            return otherwise;
        }
        if (!node.isValueNode()) {
            throw wrong(path + field, "must be a text");
        }
        // YAML reads an unquoted yes, no or 1 as something else than a text.
        if (!node.isTextual() && !node.isNumber()) {
            throw wrong(path + field, "must be a text; put it in quotes");
        }
        return node.asText();
    }

    /**
     * A whole number.
     *
     * @param path what stands before the field's name in a sentence, such as {@code limits.}
     * @param otherwise what a missing field means; null if it must be there
     */
    public int wholeNumber(JsonNode parent, String field, String path, @Nullable Integer otherwise)
            throws InvalidModelPackageException {
        JsonNode node = parent.get(field);
        if (node == null || node.isNull()) {
            if (otherwise == null) {
                throw wrong(path + field, "is missing");
            }
            return otherwise;
        }
        if (!node.canConvertToInt() || !node.isIntegralNumber()) {
            throw wrong(path + field, "must be a whole number");
        }
        return node.asInt();
    }

    /** A number; {@code otherwise} when the field is missing. */
    public double number(JsonNode parent, String field, double otherwise)
            throws InvalidModelPackageException {
        JsonNode node = parent.get(field);
        if (node == null || node.isNull()) {
            return otherwise;
        }
        if (!node.isNumber()) {
            throw wrong(field, "must be a number");
        }
        double number = node.asDouble();
        if (!Double.isFinite(number)) {
            throw wrong(field, "is " + number + "; it must be finite");
        }
        return number;
    }

    /** Refuses fields that mean nothing here, which are mostly misspelt ones. */
    public void onlyKnown(JsonNode parent, String path, Set<String> known)
            throws InvalidModelPackageException {
        for (Map.Entry<String, JsonNode> entry : parent.properties()) {
            if (!known.contains(entry.getKey())) {
                throw wrong(
                        path + entry.getKey(),
                        "is not a field of a model package; known here are "
                                + String.join(", ", known.stream().sorted().toList()));
            }
        }
    }

    /** Refuses a template that does not hold a place exactly once. */
    public void onePlace(String field, String template, String place)
            throws InvalidModelPackageException {
        int first = template.indexOf(place);
        if (first < 0 || template.indexOf(place, first + 1) >= 0) {
            throw wrong(field, "must hold " + place + " exactly once");
        }
    }

    /** What to throw when a field is wrong: the rest of a sentence that begins with the field. */
    public InvalidModelPackageException wrong(String field, String what) {
        return new InvalidModelPackageException(
                String.format(Locale.ROOT, "Field '%s' of %s %s.", field, file, what));
    }

    private static String firstLine(@Nullable String text) {
        if (text == null || text.isBlank()) {
            return "no reason given";
        }
        return text.strip().lines().findFirst().orElseThrow();
    }
}
