package dev.lychee.rerank.deploy.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FixedSpeedTest {

    @Test
    void takesTheSameTimeForEachPass() {
        FixedSpeed speed = FixedSpeed.parse("5ms");

        assertThat(speed.nanos(1)).isEqualTo(5_000_000);
        assertThat(speed.nanos(64)).isEqualTo(5_000_000);
    }

    @Test
    void takesAsLongAsItsPairsNeedAtARate() {
        FixedSpeed speed = FixedSpeed.parse("250/s");

        assertThat(speed.nanos(1)).isEqualTo(4_000_000);
        assertThat(speed.nanos(250)).isEqualTo(1_000_000_000);
    }

    @ParameterizedTest
    @ValueSource(strings = {"5ms", "2.500ms", "250/s", "1000/s"})
    void readsWhatItWrites(String text) {
        assertThat(FixedSpeed.parse(text)).hasToString(text);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "5", "ms", "-5ms", "0ms", "5 s", "0/s", "1e3/s"})
    void refusesWhatIsNoSpeed(String text) {
        assertThatThrownBy(() -> FixedSpeed.parse(text))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
