package dev.lychee.rerank.operators.scoring.djl;

import com.fasterxml.jackson.databind.JsonNode;
import dev.lychee.rerank.operators.image.FixedSizeProcessor;
import dev.lychee.rerank.operators.image.ImageProcessor;
import dev.lychee.rerank.operators.image.Normalization;
import dev.lychee.rerank.operators.image.QwenImageProcessor;
import dev.lychee.rerank.operators.scoring.GoldenPair;
import dev.lychee.rerank.operators.scoring.InvalidModelPackageException;
import dev.lychee.rerank.operators.scoring.PackageDescription;
import dev.lychee.rerank.operators.scoring.PackageDescription.Limits;
import dev.lychee.rerank.operators.scoring.ScorerDescription;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
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
 * @param weights TorchScript file by precision ({@code fp32}, {@code bf16}, {@code fp16}); one file
 *     for bf16 and fp32 holds bf16, which is widened for fp32
 * @param tokenizer the tokenizer's file
 * @param inputs the graph's inputs in order, each an int64 tensor [batch, length]
 * @param outputs sequence classification only: 1 for a logit per pair, 2 for columns [no, yes]
 * @param padTokenId the token that fills short rows, to the right
 * @param limits how long pair and query may be
 * @param logitBias what is added to the graph's output to make it a logit
 * @param temperature by which a logit is divided before the sigmoid
 * @param golden pairs with the logits of the original implementation
 * @param prompt yes-no only: the template
 * @param yesNo yes-no only: the two answers
 * @param images how pictures are read; null for a model of texts
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
        double logitBias,
        double temperature,
        Golden golden,
        @Nullable Prompt prompt,
        @Nullable YesNo yesNo,
        @Nullable Images images) {

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
     * @param no the other answer, one token; null when the logit of {@code yes} alone is the score
     * @param output what the graph returns
     */
    public record YesNo(String yes, @Nullable String no, YesNoOutput output) {}

    /** How pixels become what the graph reads. */
    public enum Processor {
        /** One square size for all, {@link FixedSizeProcessor}. */
        FIXED,
        /** Patches at a size near the picture's own, {@link QwenImageProcessor}. */
        QWEN2_VL
    }

    /**
     * How pictures are read. The graph has a float32 input for their values after those of tokens.
     *
     * @param placeholder the control token that stands where a picture is, once per token of it
     * @param before control tokens before each picture; empty for none
     * @param after control tokens after each picture; empty for none
     * @param processor how pixels become what the graph reads
     * @param size fixed only: pixels of a side
     * @param maxTokens most tokens of a picture
     * @param patch qwen2-vl only: pixels of a patch's side
     * @param minPixels qwen2-vl only: a smaller picture is enlarged
     * @param maxPixels qwen2-vl only: a larger picture is reduced
     * @param normalization how the model wants its values
     * @param grids whether the graph has an int64 input [pictures, 3] of patches after the values
     */
    public record Images(
            String placeholder,
            String before,
            String after,
            Processor processor,
            int size,
            int maxTokens,
            int patch,
            int minPixels,
            int maxPixels,
            Normalization normalization,
            boolean grids) {

        ImageProcessor newProcessor() {
            return switch (processor) {
                case FIXED -> new FixedSizeProcessor(size, maxTokens, normalization);
                case QWEN2_VL -> new QwenImageProcessor(patch, minPixels, maxPixels, normalization);
            };
        }
    }

    /**
     * Reads and checks a package.
     *
     * @param directory folder with a {@code model.yaml}
     * @throws InvalidModelPackageException with a sentence that names the field and the remedy
     */
    public static ModelPackage read(Path directory) throws InvalidModelPackageException {
        return of(PackageDescription.read(directory));
    }

    /**
     * Checks a package whose description is read.
     *
     * @throws InvalidModelPackageException with a sentence that names the field and the remedy
     */
    public static ModelPackage of(PackageDescription description)
            throws InvalidModelPackageException {
        return new Reader(description).read();
    }

    /** The weights for a precision, which the package must have. */
    Path weightsFor(String precision) {
        Path file = weights.get(precision);
        if (file == null) {
            throw new IllegalArgumentException(name + " has no " + precision + " weights");
        }
        return file;
    }

    /** Whether the weights for a precision are those of bf16, of one file, widened when loaded. */
    boolean widens(String precision) {
        return precision.equals("fp32") && weightsFor(precision).equals(weights.get("bf16"));
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
        if (logitBias != 0) {
            // Not among the parts, so that packages without one keep their fingerprint.
            text.append("bias ").append(logitBias).append('\n');
        }
        if (images != null) {
            text.append(images).append('\n');
        }
        return ScorerDescription.hash(text.toString());
    }

    /** Reads the golden pairs. */
    List<GoldenPair> goldenPairs() throws InvalidModelPackageException {
        return GoldenPair.readAll(golden.file());
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
                        "logit_bias",
                        "temperature",
                        "golden",
                        "prompt",
                        "yes_no",
                        "images",
                        "metadata");

        private static final Set<String> IMAGE_FIELDS =
                Set.of(
                        "placeholder",
                        "before",
                        "after",
                        "processor",
                        "size",
                        "tokens",
                        "patch",
                        "min_pixels",
                        "max_pixels",
                        "mean",
                        "std",
                        "input",
                        "grid_input");

        private final PackageDescription description;

        Reader(PackageDescription description) {
            this.description = description;
        }

        ModelPackage read() throws InvalidModelPackageException {
            JsonNode tree = description.tree();
            description.onlyKnown(tree, "", FIELDS);
            String name = description.name();
            String version = description.version();
            Kind kind = kind(description.kind());
            Limits limits = description.limits();
            Golden golden = golden(tree);
            double temperature = description.temperature();
            int outputs = description.wholeNumber(tree, "outputs", "", 1);
            if (outputs != 1 && outputs != 2) {
                throw description.wrong(
                        "outputs",
                        "is " + outputs + "; write 1 (a logit per pair) or 2 (columns no, yes)");
            }
            int padTokenId = description.wholeNumber(tree, "pad_token_id", "", 0);
            if (padTokenId < 0) {
                throw description.wrong(
                        "pad_token_id", "is " + padTokenId + "; it must not be negative");
            }
            Prompt prompt = null;
            YesNo yesNo = null;
            if (kind == Kind.YES_NO) {
                prompt = prompt(description.section(tree, "prompt"));
                yesNo = yesNo(description.section(tree, "yes_no"));
            } else if (tree.has("prompt") || tree.has("yes_no")) {
                throw description.wrong(
                        tree.has("prompt") ? "prompt" : "yes_no",
                        "belongs to kind yes-no only; remove it, or change the kind");
            }
            return new ModelPackage(
                    description.directory(),
                    name,
                    version,
                    kind,
                    weights(tree),
                    description.existing(
                            "tokenizer", description.text(tree, "tokenizer", "", "tokenizer.json")),
                    inputs(tree),
                    outputs,
                    padTokenId,
                    limits,
                    description.number(tree, "logit_bias", 0.0),
                    temperature,
                    golden,
                    prompt,
                    yesNo,
                    tree.has("images")
                            ? images(description.section(tree, "images"), limits)
                            : null);
        }

        private Images images(JsonNode section, Limits limits) throws InvalidModelPackageException {
            description.onlyKnown(section, "images.", IMAGE_FIELDS);
            String placeholder = description.text(section, "placeholder", "images.", null);
            Processor processor =
                    switch (description.text(section, "processor", "images.", null)) {
                        case "fixed" -> Processor.FIXED;
                        case "qwen2-vl" -> Processor.QWEN2_VL;
                        default ->
                                throw description.wrong(
                                        "images.processor", "must be fixed or qwen2-vl");
                    };
            boolean fixed = processor == Processor.FIXED;
            int size = description.wholeNumber(section, "size", "images.", fixed ? null : 0);
            int patch = description.wholeNumber(section, "patch", "images.", 14);
            int minPixels = description.wholeNumber(section, "min_pixels", "images.", 56 * 56);
            int maxPixels =
                    description.wholeNumber(
                            section, "max_pixels", "images.", fixed ? 56 * 56 : null);
            if (patch < 1) {
                throw description.wrong("images.patch", "is " + patch + "; it must be at least 1");
            }
            int tokens =
                    fixed
                            ? description.wholeNumber(section, "tokens", "images.", null)
                            : maxPixels / (4 * patch * patch);
            if (!description
                    .text(section, "input", "images.", "pixel_values")
                    .equals("pixel_values")) {
                throw description.wrong("images.input", "must be pixel_values");
            }
            String grid = description.text(section, "grid_input", "images.", "");
            if (!grid.isEmpty() && !grid.equals("image_grid_thw")) {
                throw description.wrong(
                        "images.grid_input", "must be image_grid_thw, or be left out");
            }
            if (tokens >= limits.maxTokens()) {
                throw description.wrong(
                        "images",
                        "lets a picture take "
                                + tokens
                                + " tokens of limits.max_tokens "
                                + limits.maxTokens()
                                + ", which leaves none for a text");
            }
            try {
                Images images =
                        new Images(
                                placeholder,
                                description.text(section, "before", "images.", ""),
                                description.text(section, "after", "images.", ""),
                                processor,
                                size,
                                tokens,
                                patch,
                                minPixels,
                                maxPixels,
                                new Normalization(
                                        numbers(section, "mean", fixed),
                                        numbers(section, "std", fixed)),
                                !grid.isEmpty());
                var unused = images.newProcessor();
                return images;
            } catch (IllegalArgumentException e) {
                throw description.wrong("images", "cannot be: " + e.getMessage());
            }
        }

        private List<Double> numbers(JsonNode section, String field, boolean fixed)
                throws InvalidModelPackageException {
            JsonNode node = section.get(field);
            if (node == null) {
                Normalization usual = fixed ? Normalization.SYMMETRIC : Normalization.CLIP;
                return field.equals("mean") ? usual.mean() : usual.std();
            }
            List<Double> numbers = new ArrayList<>();
            for (JsonNode number : node) {
                if (!number.isNumber()) {
                    throw description.wrong("images." + field, "must be three numbers");
                }
                numbers.add(number.asDouble());
            }
            return numbers;
        }

        private Kind kind(String text) throws InvalidModelPackageException {
            return switch (text) {
                case "sequence-classification" -> Kind.SEQUENCE_CLASSIFICATION;
                case "yes-no" -> Kind.YES_NO;
                default ->
                        throw description.wrong(
                                "kind",
                                "is '"
                                        + text
                                        + "'; write sequence-classification, yes-no or remote");
            };
        }

        private Map<String, Path> weights(JsonNode tree) throws InvalidModelPackageException {
            JsonNode section = description.section(tree, "weights");
            description.onlyKnown(section, "weights.", PRECISIONS);
            Map<String, Path> weights = new TreeMap<>();
            for (String precision : PRECISIONS) {
                if (section.has(precision)) {
                    String file = description.text(section, precision, "weights.", null);
                    if (!file.endsWith(".pt")) {
                        throw description.wrong(
                                "weights." + precision,
                                "names '" + file + "'; name a TorchScript file that ends in .pt");
                    }
                    weights.put(precision, description.existing("weights." + precision, file));
                }
            }
            Path half = weights.get("fp16");
            if (half != null && Collections.frequency(weights.values(), half) > 1) {
                throw description.wrong(
                        "weights.fp16",
                        "names a file of another precision; only bf16 and fp32 can share one");
            }
            if (weights.isEmpty()) {
                throw description.wrong(
                        "weights", "is empty; name at least one file, such as fp32: model.pt");
            }
            return Map.copyOf(weights);
        }

        private List<Input> inputs(JsonNode tree) throws InvalidModelPackageException {
            JsonNode node = tree.get("inputs");
            if (node == null || !node.isArray()) {
                throw description.wrong(
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
                                    throw description.wrong(
                                            "inputs",
                                            "names '"
                                                    + element.asText()
                                                    + "'; known are input_ids, attention_mask"
                                                    + " and token_type_ids");
                        };
                if (inputs.contains(input)) {
                    throw description.wrong("inputs", "names " + element.asText() + " twice");
                }
                inputs.add(input);
            }
            if (!inputs.contains(Input.INPUT_IDS) || !inputs.contains(Input.ATTENTION_MASK)) {
                throw description.wrong(
                        "inputs",
                        "must name input_ids and attention_mask: without the mask a pair's score"
                                + " would depend on its neighbours");
            }
            return List.copyOf(inputs);
        }

        private Golden golden(JsonNode tree) throws InvalidModelPackageException {
            JsonNode section = description.section(tree, "golden");
            description.onlyKnown(section, "golden.", Set.of("file", "tolerance"));
            Map<String, Double> tolerance = new TreeMap<>();
            JsonNode given = section.get("tolerance");
            if (given != null) {
                if (!given.isObject()) {
                    throw description.wrong(
                            "golden.tolerance", "must be by precision, such as {fp32: 0.001}");
                }
                description.onlyKnown(given, "golden.tolerance.", PRECISIONS);
                for (String precision : PRECISIONS) {
                    if (given.has(precision)) {
                        double value = given.get(precision).asDouble(-1);
                        if (!(value > 0)) {
                            throw description.wrong(
                                    "golden.tolerance." + precision, "must be a number above 0");
                        }
                        tolerance.put(precision, value);
                    }
                }
            }
            Path golden =
                    description.existing(
                            "golden.file",
                            description.text(section, "file", "golden.", "golden.jsonl"));
            return new Golden(golden, Map.copyOf(tolerance));
        }

        private Prompt prompt(JsonNode section) throws InvalidModelPackageException {
            description.onlyKnown(
                    section,
                    "prompt.",
                    Set.of(
                            "prefix",
                            "suffix",
                            "instruction",
                            "query",
                            "document",
                            "default_instruction"));
            String instruction = description.text(section, "instruction", "prompt.", "");
            String query = description.text(section, "query", "prompt.", null);
            String document = description.text(section, "document", "prompt.", null);
            if (!instruction.isEmpty()) {
                description.onePlace("prompt.instruction", instruction, "{instruction}");
            }
            description.onePlace("prompt.query", query, "{query}");
            description.onePlace("prompt.document", document, "{document}");
            if (!document.endsWith("{document}")) {
                throw description.wrong(
                        "prompt.document",
                        "must end in {document}, where the text is shortened; move what follows to"
                                + " prompt.suffix");
            }
            String ask = description.text(section, "default_instruction", "prompt.", "");
            if (instruction.isEmpty() != ask.isEmpty()) {
                throw description.wrong(
                        instruction.isEmpty() ? "prompt.instruction" : "prompt.default_instruction",
                        "is missing; give both, or neither when the model reads no instruction");
            }
            return new Prompt(
                    description.text(section, "prefix", "prompt.", ""),
                    description.text(section, "suffix", "prompt.", ""),
                    instruction,
                    query,
                    document,
                    ask);
        }

        private YesNo yesNo(JsonNode section) throws InvalidModelPackageException {
            description.onlyKnown(section, "yes_no.", Set.of("yes", "no", "output"));
            String output = description.text(section, "output", "yes_no.", "logits");
            YesNoOutput parsed =
                    switch (output) {
                        case "logits" -> YesNoOutput.LOGITS;
                        case "fused" -> YesNoOutput.FUSED;
                        default ->
                                throw description.wrong(
                                        "yes_no.output",
                                        "is '" + output + "'; write logits or fused");
                    };
            boolean alone = section.has("no") && section.get("no").isNull();
            return new YesNo(
                    description.text(section, "yes", "yes_no.", "yes"),
                    alone ? null : description.text(section, "no", "yes_no.", "no"),
                    parsed);
        }
    }
}
