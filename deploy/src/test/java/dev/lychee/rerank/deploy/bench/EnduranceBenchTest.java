package dev.lychee.rerank.deploy.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class EnduranceBenchTest {

    @Test
    void givesGrowthPerMinuteOverTheMean() {
        List<ProcessSample> samples = new ArrayList<>();
        for (int i = 0; i <= 12; i++) {
            // 10 MiB a minute from 995 MiB: the mean of the minute is 1,000 MiB.
            samples.add(new ProcessSample(180 + 5.0 * i, 995 * 1024 + i * 10 * 1024 / 12, 7, 0, 9));
        }

        assertThat(EnduranceBench.slopePercent(samples, ProcessSample::residentKib))
                .isCloseTo(1.0, within(0.001));
        assertThat(EnduranceBench.slopePercent(samples, ProcessSample::anonymousKib)).isZero();
    }

    @Test
    void leavesOutThreeMinutesOrHalfOfAShortRun() {
        assertThat(options(Duration.ofMinutes(10)).settle()).isEqualTo(Duration.ofMinutes(3));
        assertThat(options(Duration.ofMinutes(2)).settle()).isEqualTo(Duration.ofMinutes(1));
    }

    @Test
    void readsWhatTheSystemSaysOfAProcess() throws IOException {
        List<String> status =
                List.of("Name:\tjava", "VmRSS:\t  2048 kB", "RssAnon:\t  1024 kB", "Threads:\t3");

        assertThat(ProcessSample.of(status, 5, 512, 4))
                .isEqualTo(new ProcessSample(5, 2048, 1024, 512, 4));
        assertThatThrownBy(() -> ProcessSample.of(List.of(), 5, 512, 4))
                .hasMessageContaining("VmRSS");
    }

    private static EnduranceBench.Options options(Duration duration) {
        return new EnduranceBench.Options("stand-in", 0, 20, 64, duration, Duration.ofSeconds(5));
    }
}
