package dev.lychee.rerank.operators.scoring.djl;

import ai.djl.huggingface.tokenizers.Encoding;
import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import ai.djl.huggingface.tokenizers.jni.CharSpan;
import ai.djl.huggingface.tokenizers.jni.TokenizersLibrary;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.lychee.rerank.operators.scoring.InvalidModelPackageException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The tokenizer of a package, with two ways in: {@link #idsOfTemplate} recognizes control tokens,
 * {@link #idsOfUserText} gives none whatever the text contains. Never truncates nor pads.
 * Thread-safe: encoding only reads the native tokenizer.
 */
final class PackageTokenizer implements AutoCloseable {

    private final HuggingFaceTokenizer tokenizer;
    private final BitSet controlIds = new BitSet();
    private final BitSet firstCharsOfControl = new BitSet();
    private final @Nullable Pattern controlLiterals;

    private PackageTokenizer(HuggingFaceTokenizer tokenizer, JsonNode tree) {
        this.tokenizer = tokenizer;
        List<String> literals = new ArrayList<>();
        String unknown = unknownToken(tree.path("model"));
        for (JsonNode added : tree.path("added_tokens")) {
            String literal = added.path("content").asText();
            boolean control = added.path("special").asBoolean() || looksLikeMarkup(literal);
            // The unknown token stands for any word the table lacks, so it is no control token.
            if (control && !literal.equals(unknown)) {
                controlIds.set(added.path("id").asInt());
                if (literal.length() > 1) {
                    literals.add(literal);
                    firstCharsOfControl.set(literal.charAt(0));
                }
            }
        }
        literals.sort(Comparator.comparingInt(String::length).reversed());
        controlLiterals =
                literals.isEmpty()
                        ? null
                        : Pattern.compile(
                                literals.stream()
                                        .map(Pattern::quote)
                                        .collect(Collectors.joining("|")));
    }

    static PackageTokenizer load(Path file) throws InvalidModelPackageException {
        try {
            JsonNode tree = new ObjectMapper().readTree(file.toFile());
            HuggingFaceTokenizer tokenizer =
                    HuggingFaceTokenizer.builder()
                            .optTokenizerPath(file)
                            .optAddSpecialTokens(false)
                            .optTruncation(false)
                            .optPadding(false)
                            .build();
            return new PackageTokenizer(tokenizer, tree);
        } catch (IOException | RuntimeException e) {
            throw new InvalidModelPackageException(
                    file
                            + " is not a tokenizer of the Hugging Face tokenizers library: "
                            + ModelPackage.firstLine(e.getMessage()),
                    e);
        }
    }

    /** Token ids of trusted text, in which control tokens are recognized. */
    int[] idsOfTemplate(String text) {
        return toInts(ids(text));
    }

    /** Token ids of a text that has been through {@link #neutralize}, without control tokens. */
    int[] idsOfUserText(String neutralized) {
        return withoutControl(ids(neutralized));
    }

    /** The tokenizer's own joining of two texts, with its control tokens. */
    Encoding encodePair(String first, String second) {
        return tokenizer.encode(first, second, true, false);
    }

    /**
     * Breaks up literals of control tokens by a space, so that user text cannot open or close a
     * part of the prompt. Other text is returned as it is.
     */
    String neutralize(String text) {
        if (controlLiterals == null || !mayHoldControl(text)) {
            return text;
        }
        Matcher matcher = controlLiterals.matcher(text);
        return matcher.replaceAll(
                match -> {
                    String literal = match.group();
                    int first = literal.offsetByCodePoints(0, 1);
                    return Matcher.quoteReplacement(
                            literal.substring(0, first) + " " + literal.substring(first));
                });
    }

    /** The beginning of a neutralized text that takes at most so many tokens. */
    String firstTokens(String neutralized, int maxTokens) {
        Encoding encoding = tokenizer.encode(neutralized, false, false);
        if (encoding.getIds().length <= maxTokens) {
            return neutralized;
        }
        @Nullable CharSpan[] spans = encoding.getCharTokenSpans();
        for (int i = maxTokens - 1; i >= 0; i--) {
            CharSpan span = spans[i];
            if (span != null) {
                // Spans count code points.
                return neutralized.substring(0, neutralized.offsetByCodePoints(0, span.getEnd()));
            }
        }
        return "";
    }

    boolean isControl(int id) {
        return controlIds.get(id);
    }

    @Override
    public void close() {
        tokenizer.close();
    }

    /** Without the words, spans and masks of an {@link Encoding}, which cost half as much again. */
    private long[] ids(String text) {
        long encoding = TokenizersLibrary.LIB.encode(tokenizer.getHandle(), text, false);
        try {
            return TokenizersLibrary.LIB.getTokenIds(encoding);
        } finally {
            TokenizersLibrary.LIB.deleteEncoding(encoding);
        }
    }

    private boolean mayHoldControl(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (firstCharsOfControl.get(text.charAt(i))) {
                return true;
            }
        }
        return false;
    }

    /** A literal can also arise from normalization, such as full-width brackets. */
    private int[] withoutControl(long[] ids) {
        int[] kept = new int[ids.length];
        int count = 0;
        for (long id : ids) {
            if (!controlIds.get((int) id)) {
                kept[count++] = (int) id;
            }
        }
        return count == kept.length ? kept : Arrays.copyOf(kept, count);
    }

    private static int[] toInts(long[] ids) {
        int[] ints = new int[ids.length];
        for (int i = 0; i < ids.length; i++) {
            ints[i] = (int) ids[i];
        }
        return ints;
    }

    private static boolean looksLikeMarkup(String literal) {
        return literal.length() > 2
                && ((literal.startsWith("<") && literal.endsWith(">"))
                        || (literal.startsWith("[") && literal.endsWith("]")));
    }

    private static @Nullable String unknownToken(JsonNode model) {
        if (model.path("unk_token").isTextual()) {
            return model.path("unk_token").asText();
        }
        JsonNode entry = model.path("vocab").path(model.path("unk_id").asInt(-1));
        return entry.isArray() ? entry.path(0).asText() : null;
    }
}
