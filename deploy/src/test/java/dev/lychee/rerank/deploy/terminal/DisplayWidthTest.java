package dev.lychee.rerank.deploy.terminal;

import static org.assertj.core.api.Assertions.assertThat;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class DisplayWidthTest {

    @Test
    void countsTwoColumnsForChinese() {
        assertThat(DisplayWidth.of("复古风 denim")).isEqualTo(6 + 1 + 5);
    }

    @Test
    void countsNothingForCombiningMarks() {
        assertThat(DisplayWidth.of("e\u0301")).isEqualTo(1);
    }

    @Test
    void doesNotCutAWideCharacterInHalf() {
        assertThat(DisplayWidth.shorten("复古风", 4)).isEqualTo("复…");
        assertThat(DisplayWidth.fit("复古风", 4)).isEqualTo("复… ");
    }

    @Property
    void fitsAnyTextExactly(@ForAll String text, @ForAll @IntRange(min = 1, max = 80) int columns) {
        assertThat(DisplayWidth.of(DisplayWidth.fit(text, columns))).isEqualTo(columns);
    }
}
