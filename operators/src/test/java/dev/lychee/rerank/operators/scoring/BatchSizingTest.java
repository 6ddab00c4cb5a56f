package dev.lychee.rerank.operators.scoring;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class BatchSizingTest {

    /** Passes of 128, 256, ... tokens that cost so much beforehand and so much per token. */
    private static List<BatchSizing.Pass> passes(int sizes, long beforehand, long perToken) {
        List<BatchSizing.Pass> passes = new ArrayList<>();
        for (int i = 0; i < sizes; i++) {
            int tokens = 128 << i;
            passes.add(new BatchSizing.Pass(tokens, beforehand + perToken * tokens));
        }
        return passes;
    }

    @Test
    void takesTheSmallestBudgetThatIsNearlyAsFastAsTheFastest() {
        // 300 tokens' worth beforehand: 0.97 of the rate at 16,384 tokens needs 8,192.
        BatchSizing sizing = BatchSizing.choose(passes(8, 3_000, 10), 100);

        assertThat(sizing.maxBatchTokens()).isEqualTo(8_192);
        assertThat(sizing.overheadTokens()).isBetween(270, 300);
        assertThat(sizing.nanosPerToken()).isBetween(10.0, 10.5);
    }

    @Test
    void takesASmallBudgetWhereAPassCostsNothingBeforehand() {
        BatchSizing sizing = BatchSizing.choose(passes(8, 0, 10), 100);

        assertThat(sizing.maxBatchTokens()).isEqualTo(1_024);
        assertThat(sizing.overheadTokens()).isEqualTo(16);
    }

    @Test
    void keepsPassesShortEnoughForAnUrgentPairToWaitFor() {
        // 1,024 tokens take 96 ms, 2,048 take 187 ms.
        BatchSizing sizing = BatchSizing.choose(passes(6, 5_000_000, 89_000), 100);

        assertThat(sizing.maxBatchTokens()).isEqualTo(1_024);
    }

    @Test
    void takesTheSmallestBudgetWhereEvenThatIsSlow() {
        BatchSizing sizing = BatchSizing.choose(passes(1, 0, 10_000_000), 100);

        assertThat(sizing.maxBatchTokens()).isEqualTo(128);
    }

    @Test
    void stopsAtTheSizeForWhichTheDeviceHasNoMemory() throws Exception {
        TestingScorer.Control control = TestingScorer.control();
        control.limitMemory(1_000);
        Scorer scorer =
                new TestingScorer.Factory()
                        .load(new ScorerSpec(control.packagePath(), "fp32", "cpu", 1));

        BatchSizing sizing =
                BatchSizing.of(
                        scorer,
                        new ServiceLimits(new BatchLimits(BatchLimits.MEASURED, 0), 0, 0),
                        ScoringClock.system());

        assertThat(sizing.maxBatchTokens()).isBetween(128, 1_000);
    }

    @Test
    void takesWhatIsAskedForAsItIs() throws Exception {
        TestingScorer.Control control = TestingScorer.control();
        Scorer scorer =
                new TestingScorer.Factory()
                        .load(new ScorerSpec(control.packagePath(), "fp32", "cpu", 1));

        BatchSizing asked =
                BatchSizing.of(
                        scorer,
                        new ServiceLimits(new BatchLimits(500, 0), 0, 0),
                        ScoringClock.system());
        BatchSizing deterministic =
                BatchSizing.of(
                        scorer,
                        new ServiceLimits(new BatchLimits(BatchLimits.MEASURED, 0), 0, 0, true),
                        ScoringClock.system());

        assertThat(asked.maxBatchTokens()).isEqualTo(500);
        assertThat(deterministic.maxBatchTokens()).isEqualTo(BatchSizing.UNMEASURED_TOKENS);
        assertThat(control.batches()).isEmpty();
    }
}
