package dev.lychee.rerank.deploy.explain;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lychee.rerank.deploy.explain.Words.Span;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.CharRange;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;

class WordsTest {

    @Test
    void findsWordsOfEnglishAndChineseAndNoPunctuation() {
        assertThat(words("Red summer-dress, 45.50 (new)!"))
                .containsExactly("Red", "summer", "dress", "45.50", "new");
        assertThat(words("复古风牛仔外套")).containsExactly("复古风", "牛仔", "外套");
        assertThat(words("iPhone 手机壳 | 防摔")).contains("iPhone", "防").doesNotContain("|");
        assertThat(words(" ... ")).isEmpty();
    }

    @Test
    void leavesOutAWordAndOneOfTheSpacesAroundIt() {
        assertThat(without("red summer dress"))
                .containsExactly("summer dress", "red dress", "red summer ");
        assertThat(without("牛仔外套")).containsExactly("外套", "牛仔");
        assertThat(without("a,b")).containsExactly(",b", "a,");
    }

    @Property
    void wordsStandInOrderAndOnlyTheyAreLeftOut(
            @ForAll
                    @StringLength(max = 30)
                    @CharRange(from = ' ', to = '~')
                    @CharRange(from = '一', to = '龥')
                    @CharRange(from = '\ud800', to = '\udfff')
                    String text) {
        int end = 0;
        for (Span word : Words.of(text)) {
            assertThat(word.start()).isGreaterThanOrEqualTo(end);
            assertThat(word.end()).isGreaterThan(word.start()).isLessThanOrEqualTo(text.length());
            assertThat(Words.without(text, word).replace(" ", ""))
                    .isEqualTo(
                            (text.substring(0, word.start()) + text.substring(word.end()))
                                    .replace(" ", ""));
            end = word.end();
        }
    }

    private static List<String> words(String text) {
        return Words.of(text).stream().map(word -> word.of(text)).toList();
    }

    private static List<String> without(String text) {
        return Words.of(text).stream().map(word -> Words.without(text, word)).toList();
    }
}
