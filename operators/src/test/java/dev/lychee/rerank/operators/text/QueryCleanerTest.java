package dev.lychee.rerank.operators.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.text.Normalizer;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Assume;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class QueryCleanerTest {

    private static final QueryCleaner CLEANER = new QueryCleaner(TextDictionaries.bundled());

    @ParameterizedTest(name = "{0} -> {1}")
    @CsvSource(
            delimiter = '|',
            value = {
                "iPhone15pro max | iPhone 15 Pro Max",
                "iphone 15 PRO MAX | iPhone 15 Pro Max",
                "iphone15promax | iPhone 15 Pro Max",
                "IPHONE-15-pro | iPhone 15 Pro",
                "iPhone15 | iPhone 15",
                "iphone16e case | iPhone 16e case",
                "iphone 12.9 | iPhone 12.9",
                "iphonese | iPhone SE",
                "华为mate60pro | 华为 Mate 60 Pro",
                "华为mate60pro手机壳 | 华为 Mate 60 Pro 手机壳",
                "Mate60 | Mate 60",
                "RTX4090 | RTX 4090",
                "rtx4070tisuper | RTX 4070 Ti Super",
                "PS5 | PS5",
                "ps 5 pro | PS5 Pro",
                "galaxys24ultra | Galaxy S24 Ultra",
                "airpodspro2 | AirPods Pro 2",
                "(iphone15) | (iPhone 15)",
                "mate60/mate70 | Mate 60/Mate 70",
                "ｉｐｈｏｎｅ１５ | iPhone 15",
            })
    void writesModelsAsTheirMakersDo(String query, String cleaned) {
        assertThat(clean(query)).isEqualTo(cleaned);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "everything",
                "every thing",
                "material 60",
                "checkmate60",
                "running mate",
                "iphone",
                "iphone15promotion",
                "iphone15x@example.com",
                "apple pie",
                "非常规",
                "特别版",
                "特别行政区地图",
                "并非常规",
                "电极其他配件",
                "这件很特别",
                "very-hi",
                "Really Useful box",
                "C# 12",
            })
    void leavesOtherWordsAlone(String query) {
        assertThat(clean(query)).isEqualTo(query);
    }

    @ParameterizedTest(name = "{0} -> {1}")
    @CsvSource(
            delimiter = '|',
            value = {
                "a very nice dress | a nice dress",
                "Extremely cheap, really | cheap,",
                "very very warm | warm",
                "very好看的dress | 好看的dress",
                "非常好看的裙子 | 好看的裙子",
                "红色非常非常舒适 | 红色 舒适",
                "极其保暖 特别版 | 保暖 特别版",
                "非非常常好 | 非 常好",
                "very | very",
                "非常 特别！ | 非常 特别!",
                "very 👍 | 👍",
                "iphone very 15 | iPhone 15",
            })
    void dropsFillersUnlessNothingElseIsThere(String query, String cleaned) {
        assertThat(clean(query)).isEqualTo(cleaned);
    }

    @ParameterizedTest(name = "{0} of {1} -> {2}")
    @CsvSource(
            delimiter = '|',
            nullValues = "null",
            value = {
                "非常好看 | zh-CN | 好看",
                "非常好看 | zh_TW | 好看",
                "非常口 | ja-JP | 非常口",
                "非常ドア | null | 非常ドア",
                "very nice | zh | very nice",
                "very nice | en-GB | nice",
                "very nice | no such tag | nice",
                "iphone15 | ja | iPhone 15",
            })
    void takesTheWordsOfTheQuerysLanguage(String query, String locale, String cleaned) {
        assertThat(CLEANER.clean(query, locale)).isEqualTo(cleaned);
    }

    @Test
    void normalizesAndRemovesWhatNobodySees() {
        assertThat(clean("  ｒｅｄ\t\u0000dress\u3000\r№１  ")).isEqualTo("red dress No1");
        assertThat(clean("re\u00ADd\u200B dress\uFEFF \u202Eok\u202C")).isEqualTo("red dress ok");
        assertThat(clean("half \uD83D of a pair")).isEqualTo("half of a pair");
    }

    @Test
    void keepsJoinersAndDirectionMarks() {
        String family = "👨\u200D👩\u200D👧 ❤\uFE0F shirt";
        String hebrew = "שמלה \u200Fabc\u200E!";

        assertThat(clean(family)).isEqualTo(family);
        assertThat(clean(hebrew)).isEqualTo(hebrew);
    }

    @Test
    void aQueryOfControlCharactersStaysAsItIs() {
        assertThat(clean("\u0001\u0002")).isEqualTo("\u0001\u0002");
    }

    @Property
    void isIdempotent(@ForAll("queries") String query) {
        String once = clean(query);

        assertThat(clean(once)).isEqualTo(once);
    }

    @Property
    void leavesSomethingOfWhatIsNotBlank(@ForAll("queries") String query) {
        Assume.that(!query.isBlank());

        assertThat(clean(query)).isNotBlank();
    }

    @Property
    void isNormalizedWithoutControlsAndDoubleSpaces(@ForAll("queries") String query) {
        String cleaned = clean("x" + query);

        assertThat(Normalizer.isNormalized(cleaned, Normalizer.Form.NFKC)).isTrue();
        assertThat(cleaned.codePoints().mapToObj(Character::getType))
                .doesNotContain((int) Character.CONTROL, (int) Character.SURROGATE);
        assertThat(cleaned).doesNotContain("  ").isEqualTo(cleaned.strip());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "非",
                "非常",
                "特别的",
                "very ",
                "very-",
                "iphone",
                "iphone 1 ",
                "iphone-1-pro-",
                "1",
                "pro",
                "\u0301\u0323",
                "ﾞ\u0323",
                " ",
                "\u200B",
                ".",
                "mate 60.",
                "a.b"
            })
    @Timeout(60)
    void cleansAMebibyteOfAnythingWithoutQuadraticTime(String piece) {
        String query = "iphone" + piece.repeat((1 << 20) / piece.length());

        assertThat(clean(query)).isNotEmpty();
    }

    /** Texts of pieces that meet in unforeseen ways, and of any characters. */
    @Provide
    Arbitrary<String> queries() {
        Arbitrary<String> pieces =
                Arbitraries.of(
                        "iphone", "iPhone", "mate", "ps", "galaxy", "s24", "15", "1.5", "pro",
                        "max", "very", "Really", "useful", "非", "常", "非常", "规", "特", "别", "版", "的",
                        "很", "极其", "他", "手机", "é", "e", "\u0301", "\u0323", "\u0308", "ﾞ", "か", "ー",
                        "Ａ", "５", " ", "\u3000", "\t", "-", ".", "'", "/", "+", "#", "!", "，",
                        "\u0000", "\u200B", "\u200D", "\u200F", "\uFE0F", "👨", "\uD83D", "\uDC68",
                        "한", "ᄒ", "ᅡ", "ﬁ", "²", "\u00A8");
        return Arbitraries.oneOf(
                pieces.list().ofMaxSize(12).map(list -> String.join("", list)),
                Arbitraries.strings().all().ofMaxLength(40));
    }

    private static String clean(String query) {
        return CLEANER.clean(query, null);
    }
}
