package dev.lychee.rerank.operators.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TextDictionariesTest {

    @TempDir private Path folder;

    @Test
    void aFileOfTheUserAddsToWhatIsBundled() throws Exception {
        TextDictionaries dictionaries =
                load(
                        """
                        schema: 1
                        language: en
                        fillers: [awesome]
                        keep: [very peppery]
                        models: {Roomba: [j#, Combo]}
                        """);

        assertThat(clean(dictionaries, "awesome very big ROOMBAj7combo"))
                .isEqualTo("big Roomba j7 Combo");
        assertThat(clean(dictionaries, "very peppery awesome sauce"))
                .isEqualTo("very peppery sauce");
        assertThat(dictionaries.hash()).isNotEqualTo(TextDictionaries.bundled().hash());
    }

    @Test
    void aFileOfTheUserTakesBundledWordsOut() throws Exception {
        TextDictionaries dictionaries =
                load("schema: 1\nkeep: [特别]\nmodels: {IPHONE: null, Mate: [Turbo]}\n");

        assertThat(clean(dictionaries, "特别的iphone15")).isEqualTo("特别的iphone15");
        assertThat(clean(dictionaries, "mate60turbo")).isEqualTo("Mate 60 Turbo");
        assertThat(clean(dictionaries, "mate60pro")).isEqualTo("mate60pro");
    }

    @Test
    void readsTheFilesOfAFolderByName() throws Exception {
        Files.writeString(folder.resolve("b.yml"), "schema: 1\nmodels: {Foo: [Two]}\n");
        Files.writeString(folder.resolve("a.yaml"), "schema: 1\nmodels: {Foo: [One]}\n");
        Files.writeString(folder.resolve("notes.txt"), "not a dictionary");

        TextDictionaries dictionaries = TextDictionaries.load(List.of(folder));

        assertThat(clean(dictionaries, "foo1two")).isEqualTo("Foo 1 Two");
    }

    @Test
    void survivesItsJourneyAsText() throws Exception {
        TextDictionaries dictionaries = load("schema: 1\nmodels: {iPhone: null, Foo: [Bar]}\n");

        TextDictionaries read = TextDictionaries.fromJson(dictionaries.toJson());

        assertThat(read.hash()).isEqualTo(dictionaries.hash());
        assertThat(clean(read, "very foo1bar iphone15")).isEqualTo("Foo 1 Bar iphone15");
    }

    @Test
    void theHashNamesWhatIsSaidAndNotHow() throws Exception {
        String hash = load("schema: 1\nfillers: [a, b]\n").hash();

        assertThat(load("# a comment\n{fillers: ['a', \"b\"], schema: 1}\n").hash())
                .isEqualTo(hash)
                .matches("[0-9a-f]{16}");
        assertThat(load("schema: 1\nfillers: [a, c]\n").hash()).isNotEqualTo(hash);
    }

    @ParameterizedTest(name = "{1}")
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "`schema: 1\nfillers: [a` | :2: is not YAML: ",
                "`just text` | :1: expected a mapping with schema: 1 at the top",
                "`fillers: [a]` | schema is missing; write schema: 1 at the top",
                "`schema: 2` | :1: schema is 2, this version reads 1",
                "`schema: 1\nfilers: [a]` | :2: unknown key filers; known are schema, language, fillers, keep, models",
                "`schema: 1\nlanguage: en-GB` | :2: language: expected a code of two or three letters",
                "`schema: 1\nlanguage: [en]` | :2: language: expected a code of two or three letters",
                "`schema: 1\nfillers: very` | :2: fillers: expected a list of words",
                "`schema: 1\nfillers:\n  - a\n  - [b]` | :4: fillers: expected a word",
                "`schema: 1\nkeep:\n  - a\n  - ~` | :4: keep: expected a word",
                "`schema: 1\nkeep:\n  - ''` | :3: keep: \"\" has 0 characters; 1 to 64 are allowed",
                "`schema: 1\nmodels: [Foo]` | :2: models: expected a mapping",
                "`schema: 1\nmodels:\n  Foo: Bar` | :3: models.Foo: expected a list of words",
                "`schema: 1\nmodels:\n  Foo Bar: []` | :3: models.Foo Bar: \"Foo Bar\" is no single word",
                "`schema: 1\nmodels:\n  Foo: ['#x#']` | :3: models.Foo: \"#x#\" is no single word",
                "`schema: 1\nmodels:\n  15x: []` | :3: models.15x: a name begins with a letter",
                "`schema: 1\nfillers: [a]\nfillers: [b]` | :3: is not YAML: Duplicate",
            })
    void saysWhatIsWrongWithAFileAndWhere(String yaml, String sentence) {
        assertThatThrownBy(() -> load(yaml))
                .isInstanceOf(InvalidDictionaryException.class)
                .hasMessageStartingWith(folder.resolve("words.yaml").toString())
                .hasMessageContaining(sentence);
    }

    @Test
    void saysWhenAPlaceHasNoDictionary() {
        assertThatThrownBy(() -> TextDictionaries.load(List.of(folder)))
                .hasMessageEndingWith("the folder has no .yaml file");
        assertThatThrownBy(() -> TextDictionaries.load(List.of(folder.resolve("none.yaml"))))
                .hasMessageEndingWith("none.yaml cannot be read; is it there, and text in UTF-8?");
    }

    @Test
    void refusesMoreWordsThanAJobShouldCarry() {
        String many = "schema: 1\nfillers: [" + "word, ".repeat(10_001) + "]\n";

        assertThatThrownBy(() -> load(many)).hasMessageContaining("10,001 words and names");
    }

    private TextDictionaries load(String yaml) throws IOException, InvalidDictionaryException {
        Path file = folder.resolve("words.yaml");
        Files.writeString(file, yaml);
        return TextDictionaries.load(List.of(file));
    }

    private static String clean(TextDictionaries dictionaries, String query) {
        return new QueryCleaner(dictionaries).clean(query, null);
    }
}
