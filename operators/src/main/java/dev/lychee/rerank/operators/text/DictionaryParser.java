package dev.lychee.rerank.operators.text;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import dev.lychee.rerank.schemas.Json;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads one dictionary, token by token, since a tree does not know the lines it came from. */
final class DictionaryParser {

    private static final int SCHEMA = 1;
    private static final int MAX_WORD_CHARACTERS = 64;
    private static final YAMLFactory YAML =
            YAMLFactory.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build();

    private final String source;
    private final JsonParser yaml;
    private boolean hasSchema;
    private @Nullable String language;
    private List<String> fillers = List.of();
    private List<String> keep = List.of();
    private Map<String, @Nullable List<String>> models = Map.of();

    private DictionaryParser(String source, JsonParser yaml) {
        this.source = source;
        this.yaml = yaml;
    }

    /**
     * Reads a dictionary.
     *
     * @param source name of the file, for the sentence that says what is wrong
     * @throws InvalidDictionaryException naming the file, the line and the remedy
     */
    static TextDictionary parse(String source, String content) throws InvalidDictionaryException {
        try (JsonParser yaml = YAML.createParser(content)) {
            return new DictionaryParser(source, yaml).read();
        } catch (JsonProcessingException e) {
            throw new InvalidDictionaryException(
                    "%s:%d: is not YAML: %s"
                            .formatted(
                                    source,
                                    e.getLocation() == null ? 1 : e.getLocation().getLineNr(),
                                    Json.problem(e)));
        } catch (IOException e) {
            throw new IllegalStateException("a text in memory can be read", e);
        }
    }

    private TextDictionary read() throws IOException, InvalidDictionaryException {
        if (yaml.nextToken() != JsonToken.START_OBJECT) {
            throw invalid("expected a mapping with schema: 1 at the top");
        }
        while (yaml.nextToken() == JsonToken.FIELD_NAME) {
            String key = yaml.currentName();
            yaml.nextToken();
            switch (key) {
                case "schema" -> schema();
                case "language" -> language = languageCode();
                case "fillers" -> fillers = words("fillers");
                case "keep" -> keep = words("keep");
                case "models" -> models = models();
                default ->
                        throw invalid(
                                "unknown key %s; known are schema, language, fillers, keep, models"
                                        .formatted(key));
            }
        }
        if (!hasSchema) {
            throw invalid("schema is missing; write schema: 1 at the top");
        }
        return new TextDictionary(language, fillers, keep, models);
    }

    private void schema() throws IOException, InvalidDictionaryException {
        if (!yaml.getText().equals(Integer.toString(SCHEMA))) {
            throw invalid("schema is %s, this version reads %d".formatted(yaml.getText(), SCHEMA));
        }
        hasSchema = true;
    }

    private String languageCode() throws IOException, InvalidDictionaryException {
        String code = yaml.getText();
        if (!yaml.currentToken().isScalarValue() || !code.matches("[a-z]{2,3}")) {
            throw invalid(
                    "language: expected a code of two or three letters such as en or zh, without a"
                            + " region; leave it out for queries of every language");
        }
        return Locale.forLanguageTag(code).getLanguage();
    }

    private List<String> words(String path) throws IOException, InvalidDictionaryException {
        if (yaml.currentToken() != JsonToken.START_ARRAY) {
            throw invalid(path + ": expected a list of words");
        }
        List<String> words = new ArrayList<>();
        while (yaml.nextToken() != JsonToken.END_ARRAY) {
            if (!yaml.currentToken().isScalarValue()
                    || yaml.currentToken() == JsonToken.VALUE_NULL) {
                throw invalid(path + ": expected a word; quote it if YAML reads it otherwise");
            }
            words.add(word(yaml.getText(), path));
        }
        return List.copyOf(words);
    }

    private Map<String, @Nullable List<String>> models()
            throws IOException, InvalidDictionaryException {
        if (yaml.currentToken() != JsonToken.START_OBJECT) {
            throw invalid("models: expected a mapping from a name to the words that may follow it");
        }
        Map<String, @Nullable List<String>> found = new LinkedHashMap<>();
        while (yaml.nextToken() == JsonToken.FIELD_NAME) {
            String path = "models." + yaml.currentName();
            String name = namePart(word(yaml.currentName(), path), path);
            if (!Character.isLetter(name.codePointAt(0))) {
                throw invalid(path + ": a name begins with a letter");
            }
            if (yaml.nextToken() == JsonToken.VALUE_NULL) {
                found.put(name, null);
                continue;
            }
            List<String> following = words(path);
            for (String word : following) {
                namePart(word, path);
            }
            found.put(name, following);
        }
        return found;
    }

    private String word(String written, String path) throws InvalidDictionaryException {
        String word = PlainText.of(written);
        if (word.isEmpty() || word.length() > MAX_WORD_CHARACTERS) {
            throw invalid(
                    "%s: \"%s\" has %d characters; 1 to %d are allowed"
                            .formatted(path, word, word.length(), MAX_WORD_CHARACTERS));
        }
        return word;
    }

    private String namePart(String word, String path) throws InvalidDictionaryException {
        if (word.indexOf(' ') >= 0 || word.indexOf('#') != word.lastIndexOf('#')) {
            throw invalid(
                    "%s: \"%s\" is no single word with at most one # for a number; give what follows"
                                    .formatted(path, word)
                            + " a name as words of its own");
        }
        return word;
    }

    private InvalidDictionaryException invalid(String problem) {
        return new InvalidDictionaryException(
                "%s:%d: %s".formatted(source, yaml.currentTokenLocation().getLineNr(), problem));
    }
}
