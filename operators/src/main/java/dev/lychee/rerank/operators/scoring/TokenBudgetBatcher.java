package dev.lychee.rerank.operators.scoring;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;

/**
 * Forms batches of pairs of similar length within a budget of tokens, across queries.
 *
 * <p>A batch is due when the waiting pairs fill the budget or when the one that came first has
 * waited for the maximum delay. Every batch is built around the pair whose turn it is ({@link
 * UrgencyQueue}); its neighbours in length join, those first that cost the least padding, the most
 * urgent first among pairs of one length. So no pair is passed over for ever, and a pair longer
 * than the budget goes alone.
 *
 * <p>How much padding is worth it depends on what a forward pass costs before its first token. With
 * that overhead {@code o}, in tokens, and {@code n} pairs in the batch, a pair joins while its
 * padding is at most {@code 2o/n}: where pairs lie evenly, splitting them into batches of which the
 * last pair costs just that much keeps overhead and padding together smallest. A pair that would be
 * left behind with {@code r} others may cost {@code o/r}.
 *
 * @param <P> a pair
 */
final class TokenBudgetBatcher<P> implements Batcher<P> {

    private int maxBatchTokens;
    private final long maxDelayNanos;
    private final int overheadTokens;
    private final ToIntFunction<P> tokensOf;
    private final BatchShape.Rule shapes;

    /** Waiting pairs by the length they are padded to; no queue is empty. */
    private final NavigableMap<Integer, TreeMap<Urgency, Waiting<P>>> byLength = new TreeMap<>();

    private final UrgencyQueue<Waiting<P>> byUrgency = new UrgencyQueue<>();

    /** Pairs in order of arrival; those that left in a batch are skipped when they come up. */
    private final ArrayDeque<Waiting<P>> byAge = new ArrayDeque<>();

    private final Map<P, Waiting<P>> byPair = new HashMap<>();

    private long interactiveTokens;
    private long bulkTokens;

    /**
     * @param maxBatchTokens most padded tokens in a batch of more than one pair
     * @param maxDelayNanos how long a pair may wait for its batch to fill, in nanoseconds
     * @param overheadTokens what a forward pass costs before its first token, in tokens
     * @param tokensOf length of a pair in tokens, at least 1
     * @param shapes how batches are padded
     */
    TokenBudgetBatcher(
            int maxBatchTokens,
            long maxDelayNanos,
            int overheadTokens,
            ToIntFunction<P> tokensOf,
            BatchShape.Rule shapes) {
        if (maxBatchTokens < 1 || maxDelayNanos < 0 || overheadTokens < 0) {
            throw new IllegalArgumentException(
                    "A batch needs at least 1 token, a delay and an overhead of at least 0, got "
                            + maxBatchTokens
                            + ", "
                            + maxDelayNanos
                            + " and "
                            + overheadTokens);
        }
        this.maxBatchTokens = maxBatchTokens;
        this.maxDelayNanos = maxDelayNanos;
        this.overheadTokens = overheadTokens;
        this.tokensOf = tokensOf;
        this.shapes = shapes;
    }

    @Override
    public void add(List<Arrival<P>> pairs, long sinceNanos) {
        for (Arrival<P> arrival : pairs) {
            int tokens = tokensOf.applyAsInt(arrival.pair());
            Waiting<P> waiting =
                    new Waiting<>(
                            arrival.pair(),
                            tokens,
                            shapes.of(Integer.MAX_VALUE / tokens, tokens).length(),
                            sinceNanos,
                            arrival.urgency());
            byPair.put(waiting.pair, waiting);
            byAge.add(waiting);
            enqueue(waiting);
        }
    }

    @Override
    public @Nullable List<P> poll(long nowNanos) {
        return nanosUntilDue(nowNanos) == 0 ? takeBatch() : null;
    }

    @Override
    public long nanosUntilDue(long nowNanos) {
        while (!byAge.isEmpty() && byAge.getFirst().taken) {
            byAge.removeFirst();
        }
        Waiting<P> oldest = byAge.peekFirst();
        if (oldest == null) {
            return Long.MAX_VALUE;
        }
        if (interactiveTokens + bulkTokens >= maxBatchTokens) {
            return 0;
        }
        return Math.max(0, maxDelayNanos - (nowNanos - oldest.sinceNanos));
    }

    @Override
    public void promote(P pair, Urgency urgency) {
        Waiting<P> waiting = byPair.get(pair);
        if (waiting != null && urgency.compareTo(waiting.urgency) < 0) {
            dequeue(waiting);
            waiting.urgency = urgency;
            enqueue(waiting);
        }
    }

    @Override
    public void setMaxBatchTokens(int tokens) {
        maxBatchTokens = Math.max(1, tokens);
    }

    @Override
    public long interactiveTokens() {
        return interactiveTokens;
    }

    @Override
    public long bulkTokens() {
        return bulkTokens;
    }

    @Override
    public void clear() {
        byAge.clear();
        byLength.clear();
        byPair.clear();
        byUrgency.clear();
        interactiveTokens = 0;
        bulkTokens = 0;
    }

    private List<P> takeBatch() {
        Waiting<P> first = byUrgency.next();
        if (first == null) {
            throw new IllegalStateException("No pair waits");
        }
        // In the order in which they joined.
        List<Waiting<P>> batch = new ArrayList<>();
        take(first);
        byUrgency.endTurn(first.urgency);
        batch.add(first);
        int longest = first.length;
        while (!byPair.isEmpty()) {
            int pairs = batch.size();
            Map.Entry<Integer, TreeMap<Urgency, Waiting<P>>> below = byLength.floorEntry(longest);
            Map.Entry<Integer, TreeMap<Urgency, Waiting<P>>> above = byLength.higherEntry(longest);
            long paddingBelow =
                    below == null || !fits(longest, pairs + 1)
                            ? Long.MAX_VALUE
                            : longest - below.getKey();
            long paddingAbove =
                    above == null || !fits(above.getKey(), pairs + 1)
                            ? Long.MAX_VALUE
                            : (long) (above.getKey() - longest) * pairs;
            if (Math.min(paddingBelow, paddingAbove) > worthwhilePadding(pairs)) {
                break;
            }
            if (below != null && paddingBelow <= paddingAbove) {
                Waiting<P> next = below.getValue().firstEntry().getValue();
                take(next);
                batch.add(next);
            } else if (above != null) {
                Waiting<P> next = above.getValue().firstEntry().getValue();
                take(next);
                batch.add(next);
                longest = next.length;
            }
        }
        if (interactiveTokens + bulkTokens >= maxBatchTokens) {
            putBackWhatWouldNeedPaddingPairs(batch, longest);
        }
        batch.sort(Comparator.comparingInt(waiting -> waiting.tokens));
        List<P> pairs = new ArrayList<>(batch.size());
        batch.forEach(waiting -> pairs.add(waiting.pair));
        return pairs;
    }

    /** Others wait, among which these will find a place. */
    private void putBackWhatWouldNeedPaddingPairs(List<Waiting<P>> batch, int longest) {
        while (batch.size() > 1 && shapes.of(batch.size(), longest).pairs() > batch.size()) {
            Waiting<P> last = batch.remove(batch.size() - 1);
            last.taken = false;
            byPair.put(last.pair, last);
            enqueue(last);
        }
    }

    private boolean fits(int longest, int pairs) {
        return shapes.of(pairs, longest).tokens() <= maxBatchTokens;
    }

    /** Most tokens of padding for which the next pair joins a batch of so many. */
    private double worthwhilePadding(int pairs) {
        return overheadTokens * Math.max(2.0 / pairs, 1.0 / byPair.size());
    }

    private void take(Waiting<P> waiting) {
        waiting.taken = true;
        byPair.remove(waiting.pair);
        dequeue(waiting);
    }

    private void enqueue(Waiting<P> waiting) {
        byLength.computeIfAbsent(waiting.length, length -> new TreeMap<>())
                .put(waiting.urgency, waiting);
        byUrgency.add(waiting.urgency, waiting);
        count(waiting, waiting.tokens);
    }

    private void dequeue(Waiting<P> waiting) {
        TreeMap<Urgency, Waiting<P>> queue = byLength.get(waiting.length);
        if (queue != null) {
            queue.remove(waiting.urgency);
            if (queue.isEmpty()) {
                byLength.remove(waiting.length);
            }
        }
        byUrgency.remove(waiting.urgency);
        count(waiting, -waiting.tokens);
    }

    private void count(Waiting<P> waiting, int tokens) {
        if (waiting.urgency.isBulk()) {
            bulkTokens += tokens;
        } else {
            interactiveTokens += tokens;
        }
    }

    private static final class Waiting<P> {
        final P pair;
        final int tokens;
        final int length;
        final long sinceNanos;
        Urgency urgency;
        boolean taken;

        Waiting(P pair, int tokens, int length, long sinceNanos, Urgency urgency) {
            this.pair = pair;
            this.tokens = tokens;
            this.length = length;
            this.sinceNanos = sinceNanos;
            this.urgency = urgency;
        }
    }
}
