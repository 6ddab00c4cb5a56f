package dev.lychee.rerank.operators.profile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import dev.lychee.rerank.operators.text.TextDictionaries;
import dev.lychee.rerank.schemas.Profile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ProfileCatalogTest {

    private static final LoadedModels DEAF_AND_HEARING =
            new LoadedModels(
                    List.of(
                            new LoadedModels.Model("deaf", false, 0),
                            new LoadedModels.Model("hearing", true, 0)));

    @TempDir private Path folder;

    @Test
    void presetsAreThere() {
        assertThat(ProfileCatalog.presets().names())
                .containsExactly(
                        "default",
                        "robust",
                        "production",
                        "ecommerce",
                        "aspects",
                        "screening",
                        "precise",
                        "compare",
                        "mixed-language",
                        "library-report");
    }

    @ParameterizedTest
    @CsvSource({
        "default, bbc8f44e1fe86f53",
        "robust, ecaf49553d13ba73",
        "production, 674ec817cd893cfa",
        "screening, bdb5165564c84b01",
    })
    void theHashIsThatOfTheTimeBeforeAspectsWhereThereAreNone(String name, String hash) {
        assertThat(ProfileCatalog.presets().find(name).hash()).isEqualTo(hash);
    }

    @Test
    void aspectsAskFourQuestionsOfWeightOne() {
        Profile profile = ProfileCatalog.presets().find("aspects").profile();

        // Questions that yes or no answers.
        assertThat(profile.aspects().values())
                .allSatisfy(aspect -> assertThat(aspect.instruction()).matches("(Is|Does) .+\\?"));
        assertThat(profile.aspects())
                .hasEntrySatisfying(
                        "semantic_match", each -> assertThat(each.weight()).isEqualTo(0.4))
                .hasEntrySatisfying(
                        "completeness", each -> assertThat(each.weight()).isEqualTo(0.3))
                .hasEntrySatisfying("timeliness", each -> assertThat(each.weight()).isEqualTo(0.2))
                .hasEntrySatisfying("credibility", each -> assertThat(each.weight()).isEqualTo(0.1))
                .hasSize(4);
    }

    @Test
    void aProfileChangesAndRemovesSingleAspectsOfTheOneItExtends() throws Exception {
        Profile profile =
                load("""
                                schema: 1
                                profiles:
                                  my-shop:
                                    extends: aspects
                                    aspects:
                                      timeliness: null
                                      completeness: {weight: 0.5}
                                    models: {small: 1, large: 2}
                                """)
                        .find("my-shop")
                        .profile();

        assertThat(profile.aspects())
                .containsOnlyKeys("semantic_match", "completeness", "credibility");
        assertThat(profile.aspects().get("completeness").weight()).isEqualTo(0.5);
        assertThat(profile.models()).isEqualTo(Map.of("small", 1.0, "large", 2.0));
        assertThat(profile.questionsPerPair()).isEqualTo(6);
    }

    @Test
    void theHashNamesAspectsAndModelsInWhateverOrderTheyAreWritten() throws Exception {
        String one = hash("{extends: aspects, models: {a: 1, b: 2}}");

        assertThat(hash("{extends: aspects, models: {b: 2.0, a: 1.0}}")).isEqualTo(one);
        assertThat(hash("{extends: aspects, models: {a: 2, b: 1}}")).isNotEqualTo(one);
        assertThat(
                        hash(
                                "{extends: aspects, aspects: {timeliness: {weight: 1}}, models: {a: 1, b: 2}}"))
                .isNotEqualTo(one);
    }

    @ParameterizedTest(name = "{1}")
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{extends: aspects} | profiles.p.aspects: model deaf reads no instruction, so all aspects would get the same score",
                "{extends: default, models: {gone: 1}} | profiles.p.models: the job loads no model named gone; it loads deaf, hearing",
                "{extends: aspects, models: {hearing: 1, deaf: 1}} | profiles.p.aspects: model deaf reads no instruction",
                "{extends: default, segments: {free: {models: {gone: 1}}}} | profiles.p.models: the job loads no model named gone",
            })
    void refusesAProfileThatAsksForWhatTheModelsCannotGive(String profile, String sentence)
            throws Exception {
        ProfileCatalog catalog = load("{schema: 1, profiles: {p: " + profile + "}}");

        assertThatThrownBy(() -> catalog.forModels(DEAF_AND_HEARING, "default"))
                .isInstanceOf(InvalidProfileException.class)
                .hasMessageStartingWith(sentence);
    }

    @Test
    void aPresetThatDoesNotSuitTheModelsIsRefusedAsTheDefaultAlone() throws Exception {
        ProfileCatalog presets = ProfileCatalog.presets();

        assertThat(presets.forModels(DEAF_AND_HEARING, "default").names()).contains("aspects");
        assertThatThrownBy(() -> presets.forModels(DEAF_AND_HEARING, "aspects"))
                .isInstanceOf(InvalidProfileException.class)
                .hasMessageStartingWith(
                        "profiles.aspects.aspects: model deaf reads no instruction");
    }

    @Test
    void acceptsWhatTheModelsCanGiveAndAnythingWhereTheyAreNotKnown() throws Exception {
        ProfileCatalog catalog =
                load("{schema: 1, profiles: {p: {extends: aspects, models: {hearing: 1}}}}");

        assertThat(catalog.forModels(DEAF_AND_HEARING, "p").find("p")).isNotNull();
        assertThat(catalog.forModels(LoadedModels.UNKNOWN, "aspects").find("p")).isNotNull();
    }

    @Test
    void theModelsTravelWithIt() throws Exception {
        ProfileCatalog travelled =
                ProfileCatalog.fromJson(
                        ProfileCatalog.presets().forModels(DEAF_AND_HEARING, "default").toJson());

        assertThat(travelled.models()).isEqualTo(DEAF_AND_HEARING);
    }

    @Test
    void aProfileTakesWhatItDoesNotSayFromTheOneItExtends() throws Exception {
        Profile profile =
                load("""
                                schema: 1
                                profiles:
                                  my-shop:
                                    extends: production
                                    threshold: {min_keep: 3}
                                    rank: {top_n: 24}
                                """)
                        .find("my-shop")
                        .profile();

        assertThat(profile.name()).isEqualTo("my-shop");
        assertThat(profile.normalize().strategy()).isEqualTo("z-score");
        assertThat(profile.threshold().strategy()).isEqualTo("otsu");
        assertThat(profile.threshold().minKeep()).isEqualTo(3);
        assertThat(profile.rank().topN()).isEqualTo(24);
    }

    @Test
    void aProfileChangesAndRemovesSingleRulesOfTheOneItExtends() throws Exception {
        Profile profile =
                load("""
                                schema: 1
                                profiles:
                                  my-shop:
                                    extends: ecommerce
                                    adjust:
                                      rules:
                                        floor: {when: score < 0.2}
                                        boost: null
                                        new-in: {when: has(fields.is_new), add: 0.05}
                                """)
                        .find("my-shop")
                        .profile();

        assertThat(profile.adjust().rules())
                .extracting(Profile.Rule::name, Profile.Rule::when, Profile.Rule::drop)
                .containsExactly(
                        tuple("floor", "score < 0.2", true),
                        tuple("new-in", "has(fields.is_new)", null));
        assertThat(profile.adjust().inStockFirst()).isTrue();
        assertThat(profile.adjust().signals().weights()).hasSize(7);
    }

    @Test
    void theHashChangesWithTheProfileAndNotWithItsSpelling() throws Exception {
        String short1 = hash("{extends: default, temperature: 2}");
        String same = hash("{temperature: 2.0, extends: default, rank: {scale: 1}}");
        String other = hash("{extends: default, temperature: 3}");

        assertThat(short1).isEqualTo(same).isNotEqualTo(other).matches("[0-9a-f]{16}");
    }

    @Test
    void aProfileThatMakesTextsAsBeforeKeepsItsHash() throws Exception {
        assertThat(ProfileCatalog.presets().find("default").hash()).isEqualTo("bbc8f44e1fe86f53");
        assertThat(
                        hash(
                                "{extends: default, text: {clean_query: false, document: {max_characters: 512}}}"))
                .isEqualTo(hash("{extends: default}"))
                .isNotEqualTo(hash("{extends: default, text: {clean_query: true}}"))
                .isNotEqualTo(hash("{extends: default, text: {document: {max_tokens: 9}}}"));
    }

    @Test
    void aProfileSaysHowTextsAreMade() throws Exception {
        Profile.Text text =
                load("""
                                schema: 1
                                profiles:
                                  parent:
                                    extends: ecommerce
                                    text: {document: {parts: [title, text or description], max_tokens: 90}}
                                  child:
                                    extends: parent
                                    text: {clean_query: false, document: {separator: ' / '}}
                                """)
                        .find("child")
                        .profile()
                        .texts();

        assertThat(text)
                .isEqualTo(
                        new Profile.Text(
                                false,
                                new Profile.Document(
                                        List.of("title", "text or description"),
                                        " / ",
                                        3,
                                        512,
                                        90)));
    }

    @Test
    void survivesItsJourneyAsText() throws Exception {
        Files.writeString(folder.resolve("words.yaml"), "{schema: 1, fillers: [plain]}");
        ProfileCatalog catalog =
                load("schema: 1\nprofiles: {p: {extends: ecommerce}}\n")
                        .withDictionaries(
                                TextDictionaries.load(List.of(folder.resolve("words.yaml"))));

        ProfileCatalog read = ProfileCatalog.fromJson(catalog.toJson());

        assertThat(read.names()).containsExactlyElementsOf(catalog.names());
        assertThat(read.find("p")).isEqualTo(catalog.find("p"));
        assertThat(read.dictionaries().hash())
                .isEqualTo(catalog.dictionaries().hash())
                .isNotEqualTo(TextDictionaries.bundled().hash());
    }

    @Test
    void segmentsTravelAndAreInherited() throws Exception {
        ProfileCatalog catalog =
                load(
                        """
                        schema: 1
                        profiles:
                          parent: {extends: default, segments: {free: {temperature: 2}}}
                          child: {extends: parent, temperature: 3, segments: {free: {rank: {top_n: 5}}}}
                        experiments:
                          e: {profile: child, arms: [{name: A, share: 0.5}]}
                        """);

        ProfileCatalog read = ProfileCatalog.fromJson(catalog.toJson());

        assertThat(read.find("child")).isEqualTo(catalog.find("child"));
        assertThat(read.experiments()).isEqualTo(catalog.experiments()).containsKey("e");
        Profile free = read.find("child").forSegment("free");
        assertThat(free.temperature()).isEqualTo(2);
        assertThat(free.rank().topN()).isEqualTo(5);
        assertThat(read.find("child").forSegment("paid").temperature()).isEqualTo(3);
        assertThat(read.find("child").hash()).isNotEqualTo(read.find("parent").hash());
    }

    @ParameterizedTest(name = "{1}")
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "profiles: [ | is not YAML at line",
                "just text | expected a mapping with schema and profiles",
                "{schema: 2, profiles: {}} | schema is 2, this version reads 1",
                "{schema: 1, profiles: {p: 7}} | profiles.p: expected a mapping",
                "{schema: 1, profiles: {p: {extends: q}}} | no profile named q to extend",
                "{schema: 1, profiles: {p: {extends: q}, q: {extends: p}}} | extends itself",
                "{schema: 1, profiles: {p: {extends: default, rules: []}}} | profiles.p: unknown key rules",
                "{schema: 1, profiles: {p: {extends: default, temperature: 0}}} | profiles.p.temperature",
                "{schema: 1, profiles: {p: {extends: default, normalize: {strategy: max}}}} | profiles.p.normalize.strategy: \"max\" is not allowed",
                "{schema: 1, profiles: {p: {extends: default, threshold: {min_keep: 5, max_keep: 2}}}} | profiles.p.threshold.min_keep",
                "{schema: 1, profiles: {p: {extends: default, rank: {scale: 5}}}} | profiles.p.rank.scale",
                "{schema: 1, profiles: {p: {extends: default, adjust: {rules: {r: {when: scor > 1, drop: true}}}}}} | profiles.p.adjust.rules.r.when: line 1, column 1: undeclared reference to 'scor'",
                "{schema: 1, profiles: {p: {extends: default, adjust: {rules: {r: {when: score > 0.5}}}}}} | profiles.p.adjust.rules.r: does nothing",
                "{schema: 1, profiles: {p: {extends: default, adjust: {rules: {r: {pin: true, drop: true}}}}}} | only one of pin, bury and drop",
                "{schema: 1, profiles: {p: {extends: default, adjust: {rules: {r: {boost: 2}}}}}} | unknown key boost",
                "{schema: 1, profiles: {p: {extends: default, adjust: {rules: [{drop: true}]}}}} | expected a mapping of named rules",
                "{schema: 1, profiles: {p: {extends: default, adjust: {signals: {weights: {colour: 1}}}}}} | profiles.p.adjust.signals.weights.colour: there is no such signal",
                "{schema: 1, profiles: {p: {extends: default, adjust: {signals: {weights: {rating: 0}}}}}} | at least one weight above 0",
                "{schema: 1, profiles: {p: {extends: default, adjust: {price_range: [9, 1]}}}} | profiles.p.adjust.price_range",
                "{schema: 1, profiles: {p: {extends: default, aspects: {a: {weight: 1}}}}} | profiles.p.aspects.a.instruction: is missing or empty",
                "{schema: 1, profiles: {p: {extends: default, aspects: {a: {instruction: Is it}}}}} | profiles.p.aspects.a.weight: is missing or empty",
                "{schema: 1, profiles: {p: {extends: default, aspects: {a: {instruction: Is it, weight: 0}}}}} | profiles.p.aspects.a.weight: \"0.0\" is not allowed; expected more than 0",
                "{schema: 1, profiles: {p: {extends: default, aspects: {a: {question: Is it}}}}} | unknown key question",
                "{schema: 1, profiles: {p: {extends: default, models: {m: -1}}}} | profiles.p.models.m: \"-1.0\" is not allowed",
                "{schema: 1, profiles: {p: {extends: default, models: {m: many}}}} | profiles.p",
                "{schema: 1, profiles: {p: {temperature: 1}}} | profiles.p.normalize: is missing",
                "{schema: 1, profiles: {p: {extends: default, text: {clean: true}}}} | profiles.p: unknown key clean",
                "{schema: 1, profiles: {p: {extends: default, text: {document: {parts: []}}}}} | profiles.p.text.document.parts: is empty",
                "{schema: 1, profiles: {p: {extends: default, text: {document: {parts: [title or name]}}}}} | profiles.p.text.document.parts: \"name\" is not allowed; expected one of title, selling_points",
                "{schema: 1, profiles: {p: {extends: default, text: {document: {max_characters: 0}}}}} | profiles.p.text.document.max_characters: \"0\" is not allowed",
                "{schema: 1, profiles: {p: {extends: default, text: {document: {max_tokens: -1}}}}} | profiles.p.text.document.max_tokens",
                "{schema: 1, profiles: {p: {extends: default, text: {document: {max_selling_points: 0}}}}} | profiles.p.text.document.max_selling_points",
                "{schema: 1, profiles: {p: {extends: default, text: {document: {separator: 'much too long a line'}}}}} | profiles.p.text.document.separator",
                "{schema: 1, profiles: {p: {extends: default, segments: 7}}} | profiles.p.segments: expected a mapping",
                "{schema: 1, profiles: {p: {extends: default, segments: {free: 7}}}} | profiles.p.segments.free: expected a mapping",
                "{schema: 1, profiles: {p: {extends: default, segments: {free: {temperature: 0}}}}} | profiles.p.segments.free.temperature",
                "{schema: 1, profiles: {p: {extends: default, segments: {free: {extends: robust}}}}} | profiles.p.segments.free.extends: does not differ by segment",
                "{schema: 1, profiles: {}, experiments: [e]} | experiments: expected a mapping",
                "{schema: 1, profiles: {}, experiments: {e: 7}} | experiments.e: expected a mapping",
                "{schema: 1, profiles: {}, experiments: {e: {profile: default}}} | experiments.e.arms: is missing",
                "{schema: 1, profiles: {}, experiments: {e: {profile: p, arms: [{name: A, share: 1}]}}} | experiments.e.profile: there is no profile named p",
                "{schema: 1, profiles: {}, experiments: {e: {profile: default, arms: [{name: A, share: 1, weight: 2}]}}} | experiments.e: unknown key weight",
            })
    void saysWhatIsWrongWithAFile(String yaml, String sentence) {
        assertThatThrownBy(() -> load(yaml))
                .isInstanceOf(InvalidProfileException.class)
                .hasMessageContaining(sentence);
    }

    @Test
    void saysWhenTheFileIsNotThere() {
        assertThatThrownBy(() -> ProfileCatalog.load(folder.resolve("none.yaml")))
                .isInstanceOf(InvalidProfileException.class)
                .hasMessageContaining("none.yaml cannot be read");
    }

    private String hash(String profile) throws Exception {
        return load("{schema: 1, profiles: {p: " + profile + "}}").find("p").hash();
    }

    private ProfileCatalog load(String yaml) throws IOException, InvalidProfileException {
        Path file = folder.resolve("profiles.yaml");
        Files.writeString(file, yaml);
        return ProfileCatalog.load(file);
    }
}
