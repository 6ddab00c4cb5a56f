package dev.lychee.rerank.operators.scoring.remote;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class GeneratedScoreTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "Score: 8.2 | 0.82",
                "score:10 | 1.0",
                "Score: 0 | 0.0",
                "得分:7.9 | 0.79",
                "得分：7.9 | 0.79",
                "评分： ８．５ | 0.85",
                "final score=9.1 | 0.91",
                "8.2/10 | 0.82",
                "I would say 6 / 10. | 0.6",
                "Score: 8.2/10 | 0.82",
                "**Score:** 7.5 | 0.75",
                "**Score**: 7.5 | 0.75",
                "{\"score\": 3.5} | 0.35",
                "Score (0-10): 4 | 0.4",
                "Score: 8, because it fits. | 0.8",
                "Score: 8. It fits. | 0.8",
            })
    void readsAScoreFromZeroToTen(String text, double expected) throws Exception {
        assertThat(GeneratedScore.read(text)).isCloseTo(expected, within(1e-12));
    }

    @Test
    void takesTheLastOneWhenTheModelThoughtAloud() throws Exception {
        String text = "<think>Score: 3? No, rather 5/10.</think>\nScore: 9.1";

        assertThat(GeneratedScore.read(text)).isCloseTo(0.91, within(1e-12));
    }

    @Test
    void doesNotFallBackOnAnEarlierScoreWhenTheLastIsOutOfRange() {
        assertThatThrownBy(() -> GeneratedScore.read("Score: 7. Final score: 70"))
                .isInstanceOf(UnparsedException.class)
                .hasMessageContaining("70 is not between 0 and 10")
                .hasMessageContaining("Final score: 70");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "yes",
                "It scores 8 points",
                "Score: high",
                "Score: -1",
                "Score: 11",
                "Score: 8/100",
                "Score: 8%",
                "Score: 8,2",
                "82/100",
                "18/10",
                "1.2.8/10",
                "on 3/10/2024",
            })
    void leavesUnparsedWhatIsNoScoreFromZeroToTen(String text) {
        assertThatThrownBy(() -> GeneratedScore.read(text)).isInstanceOf(UnparsedException.class);
    }

    @Test
    void keepsTheBeginningOfALongAnswer() {
        assertThatThrownBy(() -> GeneratedScore.read("no idea ".repeat(10_000)))
                .hasMessageStartingWith("the answer holds no score: no idea no idea")
                .satisfies(e -> assertThat(e.getMessage().length()).isLessThan(300));
    }
}
