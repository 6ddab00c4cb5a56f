package dev.lychee.rerank.operators.clicks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.lychee.rerank.operators.clicks.FeedGuard.Verdict;
import org.junit.jupiter.api.Test;

class FeedGuardTest {

    private static final FeedGuard GUARD = new FeedGuard(20, 60);

    @Test
    void anEpochWithClicksCounts() {
        assertThat(GUARD.judge(3, 5, 1)).isEqualTo(Verdict.COUNT);
        assertThat(GUARD.judge(30, 50, 1)).isEqualTo(Verdict.COUNT);
    }

    @Test
    void aFewImpressionsWithoutAClickWaitForTheNextClick() {
        assertThat(GUARD.judge(0, 4, 1)).isEqualTo(Verdict.WAIT);
        assertThat(GUARD.judge(1, 8, 2)).isEqualTo(Verdict.COUNT);
    }

    @Test
    void aFeedThatFallsSilentTeachesNothing() {
        assertThat(GUARD.judge(0, 20, 1)).isEqualTo(Verdict.DROP);
        assertThat(GUARD.judge(0, 0, 60)).isEqualTo(Verdict.DROP);
    }

    @Test
    void aFeedThatLosesNearlyEverythingTeachesNothing() {
        assertThat(GUARD.judge(10, 100, 1)).isEqualTo(Verdict.DROP);
    }

    @Test
    void thePastTellsHowManyClicksToExpect() {
        ClickTable past = new ClickTable(2);
        past.add(1, 0, 1, 0.5);
        past.add(1, 2, 0, 0.5);
        past.add(2, 0, 0, 0.5);
        ClickTable now = new ClickTable(2);
        now.add(1, 0, 0, 0.5);
        now.add(1, 1, 0, 0.5);
        now.add(2, 1, 0, 0.5);

        assertThat(FeedGuard.expectedClicks(past, now)).isCloseTo(1, within(1e-9));
        assertThat(FeedGuard.expectedClicks(new ClickTable(2), now)).isZero();
    }
}
