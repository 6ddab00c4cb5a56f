package dev.lychee.rerank.operators.scoring.djl;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.lychee.rerank.operators.scoring.InvalidModelPackageException;
import dev.lychee.rerank.operators.scoring.ScorerDescription;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A folder with a model: {@code model.yaml}, TorchScript weights, {@code tokenizer.json} and golden
 * pairs. Reading it checks every field and that the files are there; it loads nothing.
 *
 * @param directory the folder
 * @param name name of the package
 * @param version version of the package
 * @param kind how a pair becomes the model's input, and the output a logit
 * @param weights TorchScript file by precision ({@code fp32}, {@code bf16}, {@code fp16})
 * @param tokenizer the tokenizer's file
 * @param inputs the graph's inputs in order, each an int64 tensor [batch, length]
 * @param outputs sequence classification only: 1 for a logit per pair, 2 for columns [no, yes]
 * @param padTokenId the token that fills short rows, to the right
 * @param limits how long pair and query may be
 * @param temperature by which a logit is divided before the sigmoid
 * @param golden pairs with the logits of the original implementation
 * @param prompt yes-no only: the template
 * @param yesNo yes-no only: the two answers
 */
public record ModelPackage(
        Path directory,
        String name,
        String version,
        Kind kind,
        Map<String, Path> weights,
        Path tokenizer,
        List<Input> inputs,
        int outputs,
        int padTokenId,
        Limits limits,
        double temperature,
        Golden golden,
        @Nullable Prompt prompt,
        @Nullable YesNo yesNo) {

    /** Name of the description inside a package. */
    public static final String FILE = "model.yaml";

    private static final int SCHEMA = 1;
    private static final Set<String> PRECISIONS = Set.of("fp32", "bf16", "fp16");
    private static final Map<String, Double> DEFAULT_TOLERANCE =
            Map.of("fp32", 0.001, "bf16", 0.15, "fp16", 0.05);

    /** How a pair becomes the model's input, and the output a logit. */
    public enum Kind {
        /**
         * Query and document joined by the tokenizer's own pair template; a classifier's logits.
         */
        SEQUENCE_CLASSIFICATION,
        /** A prompt that ends where the model would answer yes or no. */
        YES_NO
    }

    /** An input of the graph. */
    public enum Input {
        INPUT_IDS,
        ATTENTION_MASK,
        TOKEN_TYPE_IDS
    }

    /** What a yes-no graph returns. */
    public enum YesNoOutput {
        /** Logits of the vocabulary: [batch, length, vocabulary], or of the last real position. */
        LOGITS,
        /** The difference of the two logits, one per pair. */
        FUSED
    }

    /**
     * How long an input may be.
     *
     * @param maxTokens most tokens of one input, control tokens included
     * @param maxQueryTokens most tokens of the query text
     */
    public record Limits(int maxTokens, int maxQueryTokens) {}

    /**
     * Where the golden pairs are and how close they must come.
     *
     * @param file the golden pairs, one JSON object per line
     * @param tolerance greatest accepted difference of a logit, by precision
     */
    public record Golden(Path file, Map<String, Double> tolerance) {}

    /**
     * The input of a yes-no model is {@code prefix + instruction + query + document + suffix}.
     *
     * @param prefix what stands before, with its control tokens
     * @param suffix what stands after, with its control tokens
     * @param instruction template with {@code {instruction}}; empty when the model reads none
     * @param query template with {@code {query}}
     * @param document template that ends in {@code {document}}
     * @param defaultInstruction what is asked when a task names nothing else
     */
    public record Prompt(
            String prefix,
            String suffix,
            String instruction,
            String query,
            String document,
            String defaultInstruction) {}

    /**
     * The two answers of a yes-no model.
     *
     * @param yes the answer that means relevant, one token
     * @param no the other answer, one token
     * @param output what the graph returns
     */
    public record YesNo(String yes, String no, YesNoOutput output) {}

    /**
     * A pair with the logit of the original implementation.
     *
     * @param line line in the file, 1-based
     * @param query query text
     * @param document document text
     * @param inputIds token ids of the original implementation; null when not given
     * @param logit relevance log-odds before any temperature
     */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record GoldenPair(
            int line, String query, String document, int @Nullable [] inputIds, double logit) {}

    /**
     * Reads and checks a package.
     *
     * @param directory folder with a {@code model.yaml}
     * @throws InvalidModelPackageException with a sentence that names the field and the remedy
     */
    public static ModelPackage read(Path directory) throws InvalidModelPackageException {
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
                    file + " must hold fields such as name, kind and weights.");
        }
        return new Reader(directory, file).read(tree);
    }

    /** The weights for a precision, which the package must have. */
    Path weightsFor(String precision) {
        Path file = weights.get(precision);
        if (file == null) {
            throw new IllegalArgumentException(name + " has no " + precision + " weights");
        }
        return file;
    }

    double tolerance(String precision) {
        Double own = golden.tolerance().get(precision);
        return own != null ? own : DEFAULT_TOLERANCE.getOrDefault(precision, 0.001);
    }

    /** Everything that shapes a logit, as 16 hexadecimal digits. The temperature does not. */
    String fingerprint(String precision) {
        StringBuilder text = new StringBuilder();
        for (Object part :
                new Object[] {
                    "lychee-1",
                    name,
                    version,
                    sha256(weightsFor(precision)),
                    sha256(tokenizer),
                    kind,
                    inputs,
                    outputs,
                    padTokenId,
                    limits,
                    prompt,
                    yesNo,
                    precision
                }) {
            text.append(part).append('\n');
        }
        return ScorerDescription.hash(text.toString());
    }

    /** Reads the golden pairs. */
    List<GoldenPair> goldenPairs() throws InvalidModelPackageException {
        ObjectMapper json = new ObjectMapper();
        List<GoldenPair> pairs = new ArrayList<>();
        List<String> lines;
        try {
            lines = Files.readAllLines(golden.file());
        } catch (IOException e) {
            throw new InvalidModelPackageException(
                    golden.file() + " cannot be read: " + e.getMessage(), e);
        }
        for (int i = 0; i < lines.size(); i++) {
            if (lines.get(i).isBlank()) {
                continue;
            }
            String where = golden.file() + " line " + (i + 1);
            JsonNode node;
            try {
                node = json.readTree(lines.get(i));
            } catch (JsonProcessingException e) {
                throw new InvalidModelPackageException(where + " is not a JSON object.", e);
            }
            if (!node.path("query").isTextual()
                    || !node.path("document").isTextual()
                    || !node.path("logit").isNumber()) {
                throw new InvalidModelPackageException(
                        where + " needs a text query, a text document and a number logit.");
            }
            int[] ids = null;
            JsonNode given = node.get("input_ids");
            if (given != null && given.isArray()) {
                ids = new int[given.size()];
                for (int k = 0; k < ids.length; k++) {
                    ids[k] = given.get(k).asInt();
                }
            }
            pairs.add(
                    new GoldenPair(
                            i + 1,
                            node.get("query").asText(),
                            node.get("document").asText(),
                            ids,
                            node.get("logit").asDouble()));
        }
        if (pairs.isEmpty()) {
            throw new InvalidModelPackageException(
                    golden.file()
                            + " holds no pair; write some with the logits of the original"
                            + " implementation, else a wrong template goes unnoticed.");
        }
        return pairs;
    }

    private static String sha256(Path file) {
        try (InputStream in = Files.newInputStream(file)) {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            byte[] block = new byte[1 << 16];
            for (int n = in.read(block); n >= 0; n = in.read(block)) {
                digest.update(block, 0, n);
            }
            return HexFormat.of().formatHex(digest.digest());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java platform has SHA-256", e);
        }
    }

    static String firstLine(@Nullable String text) {
        if (text == null || text.isBlank()) {
            return "no reason given";
        }
        String stripped = text.strip();
        int line = stripped.indexOf('\n');
        return line > 0 ? stripped.substring(0, line) : stripped;
    }

    /** Turns the tree of one {@code model.yaml} into a package. */
    private static final class Reader {

        private static final Set<String> FIELDS =
                Set.of(
                        "schema",
                        "name",
                        "version",
                        "kind",
                        "description",
                        "source",
                        "languages",
                        "license",
                        "weights",
                        "tokenizer",
                        "inputs",
                        "outputs",
                        "pad_token_id",
                        "limits",
                        "temperature",
                        "golden",
                        "prompt",
                        "yes_no",
                        "metadata");

        private final Path directory;
        private final Path file;

        Reader(Path directory, Path file) {
            this.directory = directory;
            this.file = file;
        }

        ModelPackage read(JsonNode tree) throws InvalidModelPackageException {
            int schema = wholeNumber(tree, "schema", "", null);
            if (schema != SCHEMA) {
                throw wrong("schema", "is " + schema + "; this version reads schema " + SCHEMA);
            }
            onlyKnown(tree, "", FIELDS);
            String name = text(tree, "name", "", null);
            if (!name.matches("[A-Za-z0-9][A-Za-z0-9._-]*")) {
                throw wrong(
                        "name",
                        "is '" + name + "'; use letters, digits, dots, hyphens and underscores");
            }
            String version = text(tree, "version", "", null);
            Kind kind = kind(text(tree, "kind", "", null));
            Limits limits = limits(tree);
            Golden golden = golden(tree);
            double temperature = number(tree, "temperature", 1.0);
            if (!(temperature > 0) || Double.isInfinite(temperature)) {
                throw wrong("temperature", "is " + temperature + "; it must be above 0");
            }
            int outputs = wholeNumber(tree, "outputs", "", 1);
            if (outputs != 1 && outputs != 2) {
                throw wrong(
                        "outputs",
                        "is " + outputs + "; write 1 (a logit per pair) or 2 (columns no, yes)");
            }
            int padTokenId = wholeNumber(tree, "pad_token_id", "", 0);
            if (padTokenId < 0) {
                throw wrong("pad_token_id", "is " + padTokenId + "; it must not be negative");
            }
            Prompt prompt = null;
            YesNo yesNo = null;
            if (kind == Kind.YES_NO) {
                prompt = prompt(section(tree, "prompt"));
                yesNo = yesNo(section(tree, "yes_no"));
            } else if (tree.has("prompt") || tree.has("yes_no")) {
                throw wrong(
                        tree.has("prompt") ? "prompt" : "yes_no",
                        "belongs to kind yes-no only; remove it, or change the kind");
            }
            return new ModelPackage(
                    directory,
                    name,
                    version,
                    kind,
                    weights(tree),
                    existing("tokenizer", text(tree, "tokenizer", "", "tokenizer.json")),
                    inputs(tree),
                    outputs,
                    padTokenId,
                    limits,
                    temperature,
                    golden,
                    prompt,
                    yesNo);
        }

        private Kind kind(String text) throws InvalidModelPackageException {
            return switch (text) {
                case "sequence-classification" -> Kind.SEQUENCE_CLASSIFICATION;
                case "yes-no" -> Kind.YES_NO;
                default ->
                        throw wrong(
                                "kind",
                                "is '" + text + "'; write sequence-classification or yes-no");
            };
        }

        private Map<String, Path> weights(JsonNode tree) throws InvalidModelPackageException {
            JsonNode section = section(tree, "weights");
            onlyKnown(section, "weights.", PRECISIONS);
            Map<String, Path> weights = new TreeMap<>();
            for (String precision : PRECISIONS) {
                if (section.has(precision)) {
                    String file = text(section, precision, "weights.", null);
                    if (!file.endsWith(".pt")) {
                        throw wrong(
                                "weights." + precision,
                                "names '" + file + "'; name a TorchScript file that ends in .pt");
                    }
                    weights.put(precision, existing("weights." + precision, file));
                }
            }
            if (weights.isEmpty()) {
                throw wrong("weights", "is empty; name at least one file, such as fp32: model.pt");
            }
            return Map.copyOf(weights);
        }

        private List<Input> inputs(JsonNode tree) throws InvalidModelPackageException {
            JsonNode node = tree.get("inputs");
            if (node == null || !node.isArray()) {
                throw wrong(
                        "inputs", "is missing; list the graph's inputs in order, input_ids first");
            }
            List<Input> inputs = new ArrayList<>();
            for (JsonNode element : node) {
                Input input =
                        switch (element.asText()) {
                            case "input_ids" -> Input.INPUT_IDS;
                            case "attention_mask" -> Input.ATTENTION_MASK;
                            case "token_type_ids" -> Input.TOKEN_TYPE_IDS;
                            default ->
                                    throw wrong(
                                            "inputs",
                                            "names '"
                                                    + element.asText()
                                                    + "'; known are input_ids, attention_mask"
                                                    + " and token_type_ids");
                        };
                if (inputs.contains(input)) {
                    throw wrong("inputs", "names " + element.asText() + " twice");
                }
                inputs.add(input);
            }
            if (!inputs.contains(Input.INPUT_IDS) || !inputs.contains(Input.ATTENTION_MASK)) {
                throw wrong(
                        "inputs",
                        "must name input_ids and attention_mask: without the mask a pair's score"
                                + " would depend on its neighbours");
            }
            return List.copyOf(inputs);
        }

        private Limits limits(JsonNode tree) throws InvalidModelPackageException {
            JsonNode section = section(tree, "limits");
            onlyKnown(section, "limits.", Set.of("max_tokens", "max_query_tokens"));
            int maxTokens = wholeNumber(section, "max_tokens", "limits.", null);
            int maxQueryTokens =
                    wholeNumber(section, "max_query_tokens", "limits.", maxTokens * 3 / 4);
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

        private Golden golden(JsonNode tree) throws InvalidModelPackageException {
            JsonNode section = section(tree, "golden");
            onlyKnown(section, "golden.", Set.of("file", "tolerance"));
            Map<String, Double> tolerance = new TreeMap<>();
            JsonNode given = section.get("tolerance");
            if (given != null) {
                if (!given.isObject()) {
                    throw wrong("golden.tolerance", "must be by precision, such as {fp32: 0.001}");
                }
                onlyKnown(given, "golden.tolerance.", PRECISIONS);
                for (String precision : PRECISIONS) {
                    if (given.has(precision)) {
                        double value = given.get(precision).asDouble(-1);
                        if (!(value > 0)) {
                            throw wrong(
                                    "golden.tolerance." + precision, "must be a number above 0");
                        }
                        tolerance.put(precision, value);
                    }
                }
            }
            Path golden = existing("golden.file", text(section, "file", "golden.", "golden.jsonl"));
            return new Golden(golden, Map.copyOf(tolerance));
        }

        private Prompt prompt(JsonNode section) throws InvalidModelPackageException {
            onlyKnown(
                    section,
                    "prompt.",
                    Set.of(
                            "prefix",
                            "suffix",
                            "instruction",
                            "query",
                            "document",
                            "default_instruction"));
            String instruction = text(section, "instruction", "prompt.", "");
            String query = text(section, "query", "prompt.", null);
            String document = text(section, "document", "prompt.", null);
            if (!instruction.isEmpty()) {
                onePlace("prompt.instruction", instruction, "{instruction}");
            }
            onePlace("prompt.query", query, "{query}");
            onePlace("prompt.document", document, "{document}");
            if (!document.endsWith("{document}")) {
                throw wrong(
                        "prompt.document",
                        "must end in {document}, where the text is shortened; move what follows to"
                                + " prompt.suffix");
            }
            String ask = text(section, "default_instruction", "prompt.", "");
            if (instruction.isEmpty() != ask.isEmpty()) {
                throw wrong(
                        instruction.isEmpty() ? "prompt.instruction" : "prompt.default_instruction",
                        "is missing; give both, or neither when the model reads no instruction");
            }
            return new Prompt(
                    text(section, "prefix", "prompt.", ""),
                    text(section, "suffix", "prompt.", ""),
                    instruction,
                    query,
                    document,
                    ask);
        }

        private void onePlace(String field, String template, String place)
                throws InvalidModelPackageException {
            int first = template.indexOf(place);
            if (first < 0 || template.indexOf(place, first + 1) >= 0) {
                throw wrong(field, "must hold " + place + " exactly once");
            }
        }

        private YesNo yesNo(JsonNode section) throws InvalidModelPackageException {
            onlyKnown(section, "yes_no.", Set.of("yes", "no", "output"));
            String output = text(section, "output", "yes_no.", "logits");
            YesNoOutput parsed =
                    switch (output) {
                        case "logits" -> YesNoOutput.LOGITS;
                        case "fused" -> YesNoOutput.FUSED;
                        default ->
                                throw wrong(
                                        "yes_no.output",
                                        "is '" + output + "'; write logits or fused");
                    };
            return new YesNo(
                    text(section, "yes", "yes_no.", "yes"),
                    text(section, "no", "yes_no.", "no"),
                    parsed);
        }

        private Path existing(String field, String name) throws InvalidModelPackageException {
            Path path = directory.resolve(name).normalize();
            if (!path.startsWith(directory.normalize())) {
                throw wrong(field, "names '" + name + "', which is outside the package");
            }
            if (!Files.isRegularFile(path)) {
                throw wrong(field, "names '" + name + "', which is not in the package");
            }
            return path;
        }

        private JsonNode section(JsonNode tree, String field) throws InvalidModelPackageException {
            JsonNode node = tree.get(field);
            if (node == null || !node.isObject()) {
                throw wrong(field, "is missing; it must hold fields of its own");
            }
            return node;
        }

        private String text(JsonNode tree, String field, String path, @Nullable String otherwise)
                throws InvalidModelPackageException {
            JsonNode node = tree.get(field);
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

        private int wholeNumber(
                JsonNode tree, String field, String path, @Nullable Integer otherwise)
                throws InvalidModelPackageException {
            JsonNode node = tree.get(field);
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

        private double number(JsonNode tree, String field, double otherwise)
                throws InvalidModelPackageException {
            JsonNode node = tree.get(field);
            if (node == null || node.isNull()) {
                return otherwise;
            }
            if (!node.isNumber()) {
                throw wrong(field, "must be a number");
            }
            return node.asDouble();
        }

        private void onlyKnown(JsonNode tree, String path, Set<String> known)
                throws InvalidModelPackageException {
            for (Map.Entry<String, JsonNode> entry : tree.properties()) {
                if (!known.contains(entry.getKey())) {
                    throw wrong(
                            path + entry.getKey(),
                            "is not a field of a model package; known here are "
                                    + String.join(", ", known.stream().sorted().toList()));
                }
            }
        }

        private InvalidModelPackageException wrong(String field, String what) {
            return new InvalidModelPackageException(
                    String.format(Locale.ROOT, "Field '%s' of %s %s.", field, file, what));
        }
    }
}
