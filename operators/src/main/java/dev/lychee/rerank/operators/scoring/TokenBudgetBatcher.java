package dev.lychee.rerank.operators.scoring;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;

/**
 * Forms batches of pairs of similar length within a budget of tokens, across queries.
 *
 * <p>A batch is due when the waiting pairs fill the budget or when the oldest one has waited for
 * the maximum delay. Every batch is built around the oldest pair: its neighbours in length join
 * while the padded size (longest pair x number of pairs) keeps to the budget and at least half of
 * it is real tokens. So no pair is passed over for ever, and a pair longer than the budget goes
 * alone. When the next batch is due is computed from the pairs that wait now; there is no timer
 * that could cut a later batch short.
 *
 * <p>Time is an argument and nothing runs by itself: the same calls give the same batches. Not
 * thread-safe.
 *
 * @param <P> a pair
 */
final class TokenBudgetBatcher<P> {

    private int maxBatchTokens;
    private final long maxDelayNanos;
    private final ToIntFunction<P> tokensOf;

    /** Waiting pairs by length; pairs of one length in order of arrival. No queue is empty. */
    private final NavigableMap<Integer, ArrayDeque<Waiting<P>>> byLength = new TreeMap<>();

    /** Pairs in order of arrival; those that left in a batch are skipped when they come up. */
    private final ArrayDeque<Waiting<P>> byAge = new ArrayDeque<>();

    private int size;
    private long waitingTokens;

    /**
     * @param maxBatchTokens most padded tokens in a batch of more than one pair
     * @param maxDelayNanos how long a pair may wait for its batch to fill, in nanoseconds
     * @param tokensOf length of a pair in tokens, at least 1
     */
    TokenBudgetBatcher(int maxBatchTokens, long maxDelayNanos, ToIntFunction<P> tokensOf) {
        if (maxBatchTokens < 1 || maxDelayNanos < 0) {
            throw new IllegalArgumentException(
                    "A batch needs at least 1 token and a delay of at least 0, got "
                            + maxBatchTokens
                            + " and "
                            + maxDelayNanos);
        }
        this.maxBatchTokens = maxBatchTokens;
        this.maxDelayNanos = maxDelayNanos;
        this.tokensOf = tokensOf;
    }

    /**
     * Adds a pair.
     *
     * @param sinceNanos since when it waits; never before that of an earlier pair
     */
    void add(P pair, long sinceNanos) {
        Waiting<P> waiting = new Waiting<>(pair, tokensOf.applyAsInt(pair), sinceNanos);
        byLength.computeIfAbsent(waiting.tokens, length -> new ArrayDeque<>()).add(waiting);
        byAge.add(waiting);
        size++;
        waitingTokens += waiting.tokens;
    }

    /** The next batch, shortest pair first; null when none is due. */
    @Nullable List<P> poll(long nowNanos) {
        return nanosUntilDue(nowNanos) == 0 ? takeBatch() : null;
    }

    /**
     * How long until {@link #poll} gives a batch if nothing is added: 0 when one is due, {@link
     * Long#MAX_VALUE} when nothing waits.
     */
    long nanosUntilDue(long nowNanos) {
        Waiting<P> oldest = oldest();
        if (oldest == null) {
            return Long.MAX_VALUE;
        }
        if (waitingTokens >= maxBatchTokens) {
            return 0;
        }
        long waited = nowNanos - oldest.sinceNanos;
        return Math.max(0, maxDelayNanos - waited);
    }

    /** Changes the budget for the batches to come. */
    void setMaxBatchTokens(int tokens) {
        maxBatchTokens = Math.max(1, tokens);
    }

    /** Pairs that wait. */
    int size() {
        return size;
    }

    /** Tokens of the pairs that wait, without padding. */
    long waitingTokens() {
        return waitingTokens;
    }

    /** Takes out everything that waits, oldest first. */
    List<P> drain() {
        List<P> pairs = new ArrayList<>(size);
        for (Waiting<P> waiting : byAge) {
            if (!waiting.taken) {
                pairs.add(waiting.pair);
            }
        }
        byAge.clear();
        byLength.clear();
        size = 0;
        waitingTokens = 0;
        return pairs;
    }

    private List<P> takeBatch() {
        Waiting<P> oldest = oldest();
        if (oldest == null) {
            throw new IllegalStateException("No pair waits");
        }
        ArrayDeque<P> batch = new ArrayDeque<>();
        take(oldest);
        batch.add(oldest.pair);
        int shortest = oldest.tokens;
        int longest = oldest.tokens;
        long real = oldest.tokens;
        while (true) {
            @Nullable Integer below = byLength.floorKey(shortest);
            // Pairs as long as the longest come by `below` only when all are of one length.
            @Nullable Integer above = byLength.ceilingKey(Math.max(longest, shortest + 1));
            boolean takeBelow = below != null && fits(longest, batch.size() + 1, real + below);
            boolean takeAbove = above != null && fits(above, batch.size() + 1, real + above);
            if (takeBelow && takeAbove && below != null && above != null) {
                takeBelow = shortest - below <= above - longest;
            }
            if (takeBelow && below != null) {
                Waiting<P> next = first(below);
                batch.addFirst(next.pair);
                shortest = below;
                real += below;
                take(next);
            } else if (takeAbove && above != null) {
                Waiting<P> next = first(above);
                batch.addLast(next.pair);
                longest = above;
                real += above;
                take(next);
            } else {
                return new ArrayList<>(batch);
            }
        }
    }

    private boolean fits(int longest, int count, long realTokens) {
        long padded = (long) longest * count;
        return padded <= maxBatchTokens && 2 * realTokens >= padded;
    }

    private Waiting<P> first(int length) {
        ArrayDeque<Waiting<P>> queue = byLength.get(length);
        if (queue == null) {
            throw new IllegalStateException("No pair of " + length + " tokens waits");
        }
        return queue.getFirst();
    }

    private void take(Waiting<P> waiting) {
        waiting.taken = true;
        size--;
        waitingTokens -= waiting.tokens;
        // Always the first of its length: the oldest of all is the oldest of its length.
        ArrayDeque<Waiting<P>> queue = byLength.get(waiting.tokens);
        if (queue != null) {
            queue.removeFirst();
            if (queue.isEmpty()) {
                byLength.remove(waiting.tokens);
            }
        }
    }

    private @Nullable Waiting<P> oldest() {
        while (!byAge.isEmpty() && byAge.getFirst().taken) {
            byAge.removeFirst();
        }
        return byAge.peekFirst();
    }

    private static final class Waiting<P> {
        final P pair;
        final int tokens;
        final long sinceNanos;
        boolean taken;

        Waiting(P pair, int tokens, long sinceNanos) {
            this.pair = pair;
            this.tokens = tokens;
            this.sinceNanos = sinceNanos;
        }
    }
}
