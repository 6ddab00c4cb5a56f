package dev.lychee.rerank.operators.scoring;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import org.jspecify.annotations.Nullable;

/**
 * Scores of one model on one device, of the pairs that are asked for often or were lately. Holds
 * keys and scores, no texts, so every entry is of the same size. Thread-safe.
 */
final class ScoreCache {

    /** Heap of one entry in bytes: key, score, and the cache's own node, table slot and sketch. */
    static final int BYTES_PER_ENTRY = 160;

    private final Cache<ScoreKey, PairScore> scores;

    /**
     * @param maxBytes most heap, in bytes
     */
    ScoreCache(long maxBytes) {
        scores =
                Caffeine.newBuilder()
                        .maximumSize(maxBytes / BYTES_PER_ENTRY)
                        // Its upkeep is short; a pool's threads would outlive the class loader.
                        .executor(Runnable::run)
                        .build();
    }

    @Nullable PairScore get(ScoreKey key) {
        return scores.getIfPresent(key);
    }

    /** Keeps a score; one that is an error is not kept. */
    void put(ScoreKey key, PairScore score) {
        if (score.error() == null) {
            scores.put(key, score);
        }
    }

    /** Scores that are kept, about. */
    long size() {
        return scores.estimatedSize();
    }
}
