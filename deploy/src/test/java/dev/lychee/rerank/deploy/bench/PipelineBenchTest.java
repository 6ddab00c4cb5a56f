package dev.lychee.rerank.deploy.bench;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lychee.rerank.operators.scoring.BatchLimits;
import dev.lychee.rerank.operators.scoring.ScorerSpec;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class PipelineBenchTest {

    @Test
    void offersARateUntilThereAreAThousandResults() {
        // 10 sets a second.
        assertThat(options(null).at(200, 3)).isEqualTo(Duration.ofSeconds(100));
    }

    @Test
    void doesNotWaitForAThousandResultsForEver() {
        assertThat(options(null).at(1, 3)).isEqualTo(Duration.ofMinutes(3));
    }

    @Test
    void keepsToTheDurationThatTheUserNames() {
        assertThat(options(Duration.ofSeconds(60)).at(200, 3)).isEqualTo(Duration.ofSeconds(10));
        assertThat(options(Duration.ofSeconds(60)).window()).isEqualTo(Duration.ofSeconds(5));
    }

    private static PipelineBench.Options options(@Nullable Duration duration) {
        return new PipelineBench.Options(
                FixedSpeedScorer.factory(FixedSpeed.ofRate(100)),
                new ScorerSpec("stand-in", "auto", "cpu", 0),
                new BatchLimits(1_024, 5),
                20,
                duration,
                64,
                List.of());
    }
}
