package dev.lychee.rerank.operators.scoring;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class BusyTimeTest {

    private final BusyTime busy = new BusyTime();

    @Test
    void countsTheTimeInWhichSeveralPassesAreUnderWayOnce() {
        busy.begin(10);
        busy.begin(20);
        busy.end(40);

        assertThat(busy.until(50)).isEqualTo(40);

        busy.end(60);
        busy.begin(100);

        assertThat(busy.until(110)).isEqualTo(60);
    }
}
