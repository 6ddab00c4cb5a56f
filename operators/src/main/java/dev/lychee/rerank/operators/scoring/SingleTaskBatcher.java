package dev.lychee.rerank.operators.scoring;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;

/**
 * Forms batches of the pairs of one task each, sorted by length and cut at the budget. Every batch
 * is due at once.
 *
 * <p>What shares a forward pass, and its shape, depends on the task alone and not on what else
 * arrives: that is what makes scores the same to the last bit. It also suits a model that is served
 * elsewhere, where a request holds one query and the server mixes the pairs of its requests itself.
 *
 * @param <P> a pair
 */
final class SingleTaskBatcher<P> implements Batcher<P> {

    private final int maxBatchTokens;
    private final ToIntFunction<P> tokensOf;
    private final UrgencyQueue<Batch<P>> batches = new UrgencyQueue<>();
    private long interactiveTokens;
    private long bulkTokens;

    /**
     * @param maxBatchTokens most padded tokens in a batch of more than one pair
     * @param tokensOf length of a pair in tokens, at least 1; 1 for every pair makes the budget one
     *     of pairs
     */
    SingleTaskBatcher(int maxBatchTokens, ToIntFunction<P> tokensOf) {
        this.maxBatchTokens = maxBatchTokens;
        this.tokensOf = tokensOf;
    }

    @Override
    public void add(List<Arrival<P>> pairs, long sinceNanos) {
        List<Arrival<P>> sorted = new ArrayList<>(pairs);
        // Stable: pairs of one length stay in the task's order.
        sorted.sort(Comparator.comparingInt(arrival -> tokensOf.applyAsInt(arrival.pair())));
        int from = 0;
        for (int i = 0; i < sorted.size(); i++) {
            long longest = tokensOf.applyAsInt(sorted.get(i).pair());
            if (i > from && longest * (i + 1 - from) > maxBatchTokens) {
                enqueue(sorted.subList(from, i));
                from = i;
            }
        }
        if (!sorted.isEmpty()) {
            enqueue(sorted.subList(from, sorted.size()));
        }
    }

    @Override
    public @Nullable List<P> poll(long nowNanos) {
        Batch<P> batch = batches.poll(true, true);
        if (batch == null) {
            return null;
        }
        count(batch, -batch.tokens);
        return batch.pairs;
    }

    @Override
    public long nanosUntilDue(long nowNanos) {
        return batches.isEmpty() ? Long.MAX_VALUE : 0;
    }

    @Override
    public void promote(P pair, Urgency urgency) {
        // A batch keeps the turn of the task that it was formed for.
    }

    @Override
    public void setMaxBatchTokens(int tokens) {
        // Another budget would give other batches, and so other last bits.
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
        batches.clear();
        interactiveTokens = 0;
        bulkTokens = 0;
    }

    private void enqueue(List<Arrival<P>> part) {
        List<P> pairs = new ArrayList<>(part.size());
        long tokens = 0;
        for (Arrival<P> arrival : part) {
            pairs.add(arrival.pair());
            tokens += tokensOf.applyAsInt(arrival.pair());
        }
        Batch<P> batch = new Batch<>(pairs, part.get(0).urgency(), tokens);
        batches.add(batch.urgency, batch);
        count(batch, tokens);
    }

    private void count(Batch<P> batch, long tokens) {
        if (batch.urgency.isBulk()) {
            bulkTokens += tokens;
        } else {
            interactiveTokens += tokens;
        }
    }

    private record Batch<P>(List<P> pairs, Urgency urgency, long tokens) {}
}
