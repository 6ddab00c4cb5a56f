package dev.lychee.rerank.deploy.bench;

import dev.lychee.rerank.operators.scoring.Content;
import dev.lychee.rerank.operators.scoring.EncodedPair;
import dev.lychee.rerank.operators.scoring.EncodedQuery;
import dev.lychee.rerank.operators.scoring.Scorer;
import dev.lychee.rerank.operators.scoring.ScorerDescription;
import dev.lychee.rerank.operators.scoring.ScorerFactory;
import dev.lychee.rerank.operators.scoring.ScorerSpec;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Stands in for a model: a pass takes a given time and nearly no processor, so that what is
 * measured is what the job costs around a model.
 *
 * <p>A word counts as a token. Logits are in [-6, 6) and depend on the texts alone.
 */
public final class FixedSpeedScorer implements Scorer {

    static final int MAX_TOKENS = 256;

    /** One in front, one between query and document, one at the end. */
    private static final int CONTROL_TOKENS = 3;

    /** A thread that parks wakes late by up to about this; it spins for the rest. */
    private static final long SPIN_NANOS = 100_000;

    private static final float LOGIT_RANGE = 12;

    private final FixedSpeed speed;
    private final ScorerDescription description;

    private record Query(int tokens, int hash, boolean truncated) implements EncodedQuery {}

    private record Pair(int tokens, boolean truncated, float logit) implements EncodedPair {}

    private FixedSpeedScorer(FixedSpeed speed, String device) {
        this.speed = speed;
        this.description =
                new ScorerDescription(
                        "stand-in",
                        speed.toString(),
                        ScorerDescription.hash("stand-in " + speed),
                        null,
                        "fp32",
                        device,
                        0,
                        MAX_TOKENS,
                        1.0);
    }

    /** Makes stand-ins of one speed, whatever package is asked for. */
    public static ScorerFactory factory(FixedSpeed speed) {
        return new Factory(speed);
    }

    private record Factory(FixedSpeed speed) implements ScorerFactory {
        @Override
        public Scorer load(ScorerSpec spec) {
            return new FixedSpeedScorer(speed, spec.device());
        }
    }

    @Override
    public ScorerDescription description() {
        return description;
    }

    @Override
    public EncodedQuery encodeQuery(@Nullable String instruction, Content content) {
        String query = content.text();
        int tokens = Math.min(words(query), MAX_TOKENS / 2);
        return new Query(tokens, query.hashCode(), tokens < words(query));
    }

    @Override
    public EncodedPair encodePair(EncodedQuery query, Content content) {
        String document = content.text();
        Query encoded = (Query) query;
        int tokens = encoded.tokens() + words(document) + CONTROL_TOKENS;
        return new Pair(
                Math.min(tokens, MAX_TOKENS),
                encoded.truncated() || tokens > MAX_TOKENS,
                logit(31 * encoded.hash() + document.hashCode()));
    }

    @Override
    public float[] score(List<EncodedPair> batch) {
        long due = System.nanoTime() + speed.nanos(batch.size());
        float[] logits = new float[batch.size()];
        for (int i = 0; i < logits.length; i++) {
            logits[i] = ((Pair) batch.get(i)).logit();
        }
        waitUntil(due);
        return logits;
    }

    @Override
    public void close() {}

    private static void waitUntil(long dueNanos) {
        for (long left = dueNanos - System.nanoTime();
                left > 0;
                left = dueNanos - System.nanoTime()) {
            if (left > SPIN_NANOS) {
                LockSupport.parkNanos(left - SPIN_NANOS);
            } else {
                Thread.onSpinWait();
            }
        }
    }

    private static int words(String text) {
        int words = 0;
        boolean inside = false;
        for (int i = 0; i < text.length(); i++) {
            boolean space = Character.isWhitespace(text.charAt(i));
            if (!space && !inside) {
                words++;
            }
            inside = !space;
        }
        return words;
    }

    /** Spreads a hash evenly; the constants are those of MurmurHash3's last step. */
    private static float logit(int hash) {
        int mixed = hash;
        mixed = (mixed ^ (mixed >>> 16)) * 0x85ebca6b;
        mixed = (mixed ^ (mixed >>> 13)) * 0xc2b2ae35;
        mixed ^= mixed >>> 16;
        return (mixed >>> 8) * (LOGIT_RANGE / (1 << 24)) - LOGIT_RANGE / 2;
    }
}
