package dev.lychee.rerank.operators.scoring;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

class ScoreKeyTest {

    private static ScoreKey key(String fingerprint, String query, String document) {
        return new ScoreKey.Maker(fingerprint, Content.ofText(query)).of(Content.ofText(document));
    }

    @Property
    void tellsApartWhateverDiffers(
            @ForAll("threeTexts") List<String> one, @ForAll("threeTexts") List<String> other) {
        assertThat(
                        key(one.get(0), one.get(1), one.get(2))
                                .equals(key(other.get(0), other.get(1), other.get(2))))
                .isEqualTo(one.equals(other));
    }

    /** Short, of few letters, so that many are equal when joined. */
    @Provide
    Arbitrary<List<String>> threeTexts() {
        return Arbitraries.strings()
                .withChars('a', '\n', '\0', '\ud800', '?')
                .ofMaxLength(3)
                .list()
                .ofSize(3);
    }

    @Test
    void givesTheSameKeyToTheSameTexts() {
        ScoreKey.Maker maker = new ScoreKey.Maker("f", Content.ofText("red dress"));

        ScoreKey first = maker.of(Content.ofText("one"));
        ScoreKey other = maker.of(Content.ofText("two"));

        assertThat(maker.of(Content.ofText("one")))
                .isEqualTo(first)
                .isEqualTo(key("f", "red dress", "one"));
        assertThat(other).isNotEqualTo(first);
    }

    @Test
    void readsLongTextsToTheirEnd() {
        for (int length : new int[] {2_047, 2_048, 2_049, 10_000}) {
            String text = "x".repeat(length);
            assertThat(key("f", "q", text)).isNotEqualTo(key("f", "q", text + "y"));
            assertThat(key("f", text, "d")).isNotEqualTo(key("f", text + "y", "d"));
        }
    }

    @Test
    void tellsPicturesApart() {
        Content words = Content.ofText("abc");
        Content one = new Content("abc", new PairImage.Forwarded("https://a/1"));
        Content other = new Content("abc", new PairImage.Forwarded("https://a/2"));
        ScoreKey.Maker ofWords = new ScoreKey.Maker("f", words);

        assertThat(ofWords.of(one)).isNotEqualTo(ofWords.of(words)).isNotEqualTo(ofWords.of(other));
        assertThat(new ScoreKey.Maker("f", one).of(words))
                .isNotEqualTo(ofWords.of(words))
                .isNotEqualTo(ofWords.of(one));
        assertThat(new ScoreKey.Maker("f", one).of(one))
                .isEqualTo(new ScoreKey.Maker("f", one).of(one));
    }
}
