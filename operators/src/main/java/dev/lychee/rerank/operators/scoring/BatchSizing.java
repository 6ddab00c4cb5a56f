package dev.lychee.rerank.operators.scoring;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How large batches are worth forming on a model and its device.
 *
 * @param maxBatchTokens most padded tokens in one forward pass; most pairs in one request where the
 *     model is served elsewhere
 * @param overheadTokens what a pass costs before its first token, as the number of tokens that it
 *     computes in that time
 * @param nanosPerToken time per padded token in a pass of that size; 0 when unknown
 */
record BatchSizing(int maxBatchTokens, int overheadTokens, double nanosPerToken) {

    private static final Logger LOG = LoggerFactory.getLogger(BatchSizing.class);

    /** The budget of deterministic mode, where a measured one would differ from start to start. */
    static final int UNMEASURED_TOKENS = 1_024;

    /** Where nothing is measured, a pass is taken to cost this share of its budget beforehand. */
    private static final int UNMEASURED_OVERHEAD_SHARE = 16;

    private static final int LEAST_OVERHEAD_SHARE = 64;
    private static final int MOST_OVERHEAD_SHARE = 4;

    private static final int SMALLEST_TOKENS = 128;
    private static final int LARGEST_TOKENS = 1 << 16;
    private static final int PASSES_PER_SIZE = 5;
    private static final int TYPICAL_PAIR_TOKENS = 32;

    /** Not less than this unless a pass of it takes too long: a busy machine measures badly. */
    static final int SMALLEST_BUDGET = 1_024;

    /** A smaller budget is taken when it is at least so fast, relative to the fastest. */
    private static final double NEARLY_AS_FAST = 0.97;

    private static final long LONGEST_MEASUREMENT_NANOS = TimeUnit.SECONDS.toNanos(5);

    /** The budget that is asked for, or the one that suits the model. */
    static BatchSizing of(Scorer scorer, ServiceLimits limits, ScoringClock clock) {
        RemoteLimits remote = scorer.remoteLimits();
        if (remote != null) {
            // The server forms batches of its own; a request is bounded by its pairs.
            return new BatchSizing(remote.pairsPerRequest(), 0, 0);
        }
        int asked = limits.batches().maxBatchTokens();
        if (asked != BatchLimits.MEASURED) {
            return unmeasured(asked);
        }
        if (limits.deterministic()) {
            return unmeasured(UNMEASURED_TOKENS);
        }
        return measured(scorer, limits.batches().maxPassMillis(), clock);
    }

    private static BatchSizing unmeasured(int tokens) {
        return new BatchSizing(tokens, tokens / UNMEASURED_OVERHEAD_SHARE, 0);
    }

    /**
     * Scores ever larger batches until a pass takes too long, and takes the smallest budget that is
     * nearly as fast as the fastest and not tiny. The passes also warm the model up.
     */
    private static BatchSizing measured(Scorer scorer, long maxPassMillis, ScoringClock clock) {
        EncodedPair pair = typicalPair(scorer);
        long start = clock.nanoTime();
        List<Pass> passes = new ArrayList<>();
        for (int tokens = SMALLEST_TOKENS; tokens <= LARGEST_TOKENS; tokens *= 2) {
            Pass pass;
            try {
                pass = fastest(scorer, pair, tokens, clock);
            } catch (RuntimeException | OutOfMemoryError e) {
                LOG.info("Batches of {} tokens are too many for {}", tokens, scorer, e);
                break;
            }
            passes.add(pass);
            if (pass.nanos > TimeUnit.MILLISECONDS.toNanos(maxPassMillis)
                    || clock.nanoTime() - start > LONGEST_MEASUREMENT_NANOS) {
                break;
            }
        }
        if (passes.isEmpty()) {
            return unmeasured(UNMEASURED_TOKENS);
        }
        BatchSizing sizing = choose(passes, maxPassMillis);
        ScorerDescription model = scorer.description();
        LOG.info(
                "Batches of model {} on {} hold up to {} tokens: {} tokens/s, {} ms a pass; before"
                        + " its first token a pass costs as much as {} tokens",
                model.name(),
                model.device(),
                sizing.maxBatchTokens,
                String.format(Locale.ROOT, "%.0f", 1e9 / sizing.nanosPerToken),
                String.format(
                        Locale.ROOT, "%.1f", sizing.maxBatchTokens * sizing.nanosPerToken / 1e6),
                sizing.overheadTokens);
        return sizing;
    }

    /** The budget that these passes, of ever more tokens, speak for. */
    static BatchSizing choose(List<Pass> passes, long maxPassMillis) {
        List<Pass> allowed =
                passes.stream()
                        .filter(pass -> pass.nanos <= TimeUnit.MILLISECONDS.toNanos(maxPassMillis))
                        .toList();
        if (allowed.isEmpty()) {
            allowed = passes.subList(0, 1);
        }
        int floor = Math.min(SMALLEST_BUDGET, allowed.get(allowed.size() - 1).tokens);
        double fastest = allowed.stream().mapToDouble(Pass::tokensPerNano).max().orElseThrow();
        Pass chosen =
                allowed.stream()
                        .filter(pass -> pass.tokens >= floor)
                        .filter(pass -> pass.tokensPerNano() >= NEARLY_AS_FAST * fastest)
                        .findFirst()
                        .orElse(allowed.get(allowed.size() - 1));
        Pass smallest = passes.get(0);
        double nanosPerToken = 1 / chosen.tokensPerNano();
        double overheadNanos = smallest.nanos - smallest.tokens * nanosPerToken;
        int overhead = (int) Math.round(Math.max(0, overheadNanos) / nanosPerToken);
        return new BatchSizing(
                chosen.tokens,
                Math.max(
                        chosen.tokens / LEAST_OVERHEAD_SHARE,
                        Math.min(overhead, chosen.tokens / MOST_OVERHEAD_SHARE)),
                nanosPerToken);
    }

    private static Pass fastest(Scorer scorer, EncodedPair pair, int tokens, ScoringClock clock) {
        List<EncodedPair> batch = Collections.nCopies(Math.max(1, tokens / pair.tokens()), pair);
        long fastest = Long.MAX_VALUE;
        for (int i = 0; i < PASSES_PER_SIZE; i++) {
            long start = clock.nanoTime();
            scorer.score(batch);
            fastest = Math.min(fastest, Math.max(1, clock.nanoTime() - start));
        }
        return new Pass(batch.size() * pair.tokens(), fastest);
    }

    private static EncodedPair typicalPair(Scorer scorer) {
        EncodedQuery query = scorer.encodeQuery(null, "a");
        StringBuilder document = new StringBuilder("a");
        EncodedPair pair = scorer.encodePair(query, document.toString());
        for (int i = pair.tokens(); i < TYPICAL_PAIR_TOKENS && !pair.truncated(); i++) {
            document.append(" a");
            pair = scorer.encodePair(query, document.toString());
        }
        return pair;
    }

    /**
     * A forward pass that was measured.
     *
     * @param tokens padded tokens
     * @param nanos the time it took, at least 1
     */
    record Pass(int tokens, long nanos) {

        double tokensPerNano() {
            return (double) tokens / nanos;
        }
    }
}
