package dev.lychee.rerank.operators.scoring;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ScoreCacheTest {

    private static ScoreKey key(int number) {
        return new ScoreKey(number, -number);
    }

    @Test
    void keepsScores() {
        ScoreCache cache = new ScoreCache(10_000);

        cache.put(key(1), PairScore.scored(1.5f, true));

        assertThat(cache.get(key(1))).isEqualTo(new PairScore(1.5f, true, null));
        assertThat(cache.get(key(2))).isNull();
    }

    @Test
    void keepsNoErrors() {
        ScoreCache cache = new ScoreCache(10_000);

        cache.put(key(1), PairScore.failed("no"));

        assertThat(cache.get(key(1))).isNull();
    }

    @Test
    void staysWithinItsSize() {
        ScoreCache cache = new ScoreCache(100L * ScoreCache.BYTES_PER_ENTRY);

        for (int i = 0; i < 100_000; i++) {
            cache.put(key(i), PairScore.scored(i, false));
        }

        assertThat(cache.size()).isBetween(1L, 200L);
    }
}
