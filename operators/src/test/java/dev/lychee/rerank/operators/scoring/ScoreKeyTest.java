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
        return new ScoreKey.Maker(fingerprint, query).of(document);
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
        ScoreKey.Maker maker = new ScoreKey.Maker("f", "red dress");

        ScoreKey first = maker.of("one");
        ScoreKey other = maker.of("two");

        assertThat(maker.of("one")).isEqualTo(first).isEqualTo(key("f", "red dress", "one"));
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
}
