package dev.lychee.rerank.operators.scoring;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A score that is to be computed, and who waits for it. It may outlive the task that began it.
 * Mutable fields are guarded by the service's lock, but for the pair, which is written once by the
 * tokenizer thread before it is handed over.
 */
final class Computation {

    enum Stage {
        /** It waits for the tokenizer. */
        CLAIMED,
        /** It is tokenized, or about to be, and waits for the model or is in it. */
        TOKENIZED,
        /** Nobody can join it any more. */
        ENDED
    }

    /** Null without a cache. */
    final @Nullable ScoreKey key;

    final Content document;

    /** Tokens, estimated before tokenizing. */
    final int estimate;

    /** Whether it failed before, so that its failure is everybody's. */
    final boolean last;

    final List<Taker> takers = new ArrayList<>(1);
    Urgency urgency;
    Stage stage = Stage.CLAIMED;
    @Nullable EncodedPair pair;

    Computation(@Nullable ScoreKey key, ScoringTask task, int index) {
        this.key = key;
        this.document = task.document(index);
        this.estimate = task.estimate(index);
        this.urgency =
                new Urgency(task.urgency.deadlineMillis(), task.urgency.number() + 1 + index);
        this.last = false;
        takers.add(new Taker(task, index));
    }

    /** The computation once more, for those who did not get the error. */
    Computation(Computation failed, List<Taker> others) {
        this.key = failed.key;
        this.document = failed.document;
        this.estimate = failed.estimate;
        this.urgency = failed.urgency;
        this.last = true;
        this.stage = Stage.TOKENIZED;
        this.pair = failed.pair;
        takers.addAll(others);
    }

    /** The tokenized pair. */
    EncodedPair pair() {
        EncodedPair tokenized = pair;
        if (tokenized == null) {
            throw new IllegalStateException("The pair is not tokenized yet");
        }
        return tokenized;
    }

    /** Length of the tokenized pair. */
    int tokens() {
        return pair().tokens();
    }

    /** A pair of a task that waits for a computation. */
    record Taker(ScoringTask task, int index) {}
}
