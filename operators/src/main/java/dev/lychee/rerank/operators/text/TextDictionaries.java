package dev.lychee.rerank.operators.text;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import dev.lychee.rerank.schemas.Json;
import dev.lychee.rerank.schemas.Sha256;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/** The dictionaries of a job: those that come with it, and the user's own. Immutable. */
public final class TextDictionaries {

    private static final List<String> BUNDLED = List.of("models.yaml", "en.yaml", "zh.yaml");
    private static final int MAX_FILE_BYTES = 1 << 20;

    /** They travel in the job graph, and are looked through at each place of a query. */
    private static final int MAX_ENTRIES = 10_000;

    private final List<TextDictionary> all;
    private final Set<String> languages = new TreeSet<>();
    private final Map<Set<String>, CleaningRules> rules = new ConcurrentHashMap<>();
    private final String hash;

    private TextDictionaries(List<TextDictionary> all) {
        this.all = List.copyOf(all);
        for (TextDictionary each : all) {
            if (each.language() != null) {
                languages.add(each.language());
            }
        }
        hash = Sha256.hex(write(this.all), 16);
    }

    /** Those that come with the job. */
    public static TextDictionaries bundled() {
        return Bundled.DICTIONARIES;
    }

    private static final class Bundled {

        static final TextDictionaries DICTIONARIES = read();

        private static TextDictionaries read() {
            List<TextDictionary> found = new ArrayList<>();
            for (String name : BUNDLED) {
                try (InputStream file = TextDictionaries.class.getResourceAsStream(name)) {
                    found.add(
                            DictionaryParser.parse(
                                    name, new String(file.readAllBytes(), StandardCharsets.UTF_8)));
                } catch (IOException | InvalidDictionaryException e) {
                    throw new IllegalStateException("the shipped dictionaries are valid", e);
                }
            }
            return new TextDictionaries(found);
        }
    }

    /**
     * The bundled dictionaries and those of files, which add to them.
     *
     * @param places files, and folders of which each {@code .yaml} and {@code .yml} is read, by
     *     name
     * @throws InvalidDictionaryException naming the file that cannot be used, the line and the
     *     remedy
     */
    public static TextDictionaries load(Collection<Path> places) throws InvalidDictionaryException {
        List<TextDictionary> found = new ArrayList<>(bundled().all);
        int entries = 0;
        for (Path place : places) {
            for (Path file : filesAt(place)) {
                TextDictionary dictionary = DictionaryParser.parse(file.toString(), content(file));
                entries += dictionary.size();
                if (entries > MAX_ENTRIES) {
                    throw new InvalidDictionaryException(
                            "%s: with it there are %,d words and names, the limit is %,d"
                                    .formatted(file, entries, MAX_ENTRIES));
                }
                found.add(dictionary);
            }
        }
        return new TextDictionaries(found);
    }

    private static List<Path> filesAt(Path place) throws InvalidDictionaryException {
        if (!Files.isDirectory(place)) {
            return List.of(place);
        }
        try (Stream<Path> files = Files.list(place)) {
            List<Path> found =
                    files.filter(file -> file.toString().matches(".*\\.ya?ml")).sorted().toList();
            if (found.isEmpty()) {
                throw new InvalidDictionaryException(place + ": the folder has no .yaml file");
            }
            return found;
        } catch (IOException e) {
            throw new InvalidDictionaryException(place + ": the folder cannot be read");
        }
    }

    private static String content(Path file) throws InvalidDictionaryException {
        try {
            if (Files.size(file) > MAX_FILE_BYTES) {
                throw new InvalidDictionaryException(file + ": is larger than 1 MiB");
            }
            return Files.readString(file);
        } catch (IOException e) {
            throw new InvalidDictionaryException(
                    file + " cannot be read; is it there, and text in UTF-8?");
        }
    }

    /** Reads what {@link #toJson()} wrote. */
    public static TextDictionaries fromJson(String json) {
        try {
            return new TextDictionaries(
                    Json.mapper().readValue(json, new TypeReference<List<TextDictionary>>() {}));
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("not dictionaries that toJson wrote", e);
        }
    }

    /** All of them as text, so that they can travel inside a job. */
    public String toJson() {
        return write(all);
    }

    /** Names what they say, comments aside: 16 hexadecimal digits. */
    public String hash() {
        return hash;
    }

    /** What the dictionaries of these languages, and those of every language, do to a query. */
    CleaningRules rulesFor(Set<String> wanted) {
        // Locales come from users; only languages that there are dictionaries for are remembered.
        Set<String> known = new TreeSet<>(wanted);
        known.retainAll(languages);
        return rules.computeIfAbsent(
                known,
                some ->
                        new CleaningRules(
                                all.stream()
                                        .filter(
                                                each ->
                                                        each.language() == null
                                                                || some.contains(each.language()))
                                        .toList()));
    }

    private static String write(List<TextDictionary> dictionaries) {
        try {
            return Json.mapper().writeValueAsString(dictionaries);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("dictionaries can always be written", e);
        }
    }
}
