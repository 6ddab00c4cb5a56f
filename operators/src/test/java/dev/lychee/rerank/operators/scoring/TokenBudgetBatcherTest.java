package dev.lychee.rerank.operators.scoring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class TokenBudgetBatcherTest {

    private record Pair(int id, int tokens, long since) {}

    /** A pair arrives after some time; every so often the batches that are due are taken. */
    private record Step(int tokens, int pause, boolean poll) {}

    private static final int OVERHEAD = 20;

    private static TokenBudgetBatcher<Pair> batcher(int budget, long delay) {
        return new TokenBudgetBatcher<>(budget, delay, OVERHEAD, Pair::tokens, BatchShape::new);
    }

    private static void add(TokenBudgetBatcher<Pair> batcher, Pair pair, long now) {
        add(batcher, pair, Long.MAX_VALUE, now);
    }

    private static void add(TokenBudgetBatcher<Pair> batcher, Pair pair, long deadline, long now) {
        batcher.add(List.of(new Batcher.Arrival<>(pair, new Urgency(deadline, pair.id))), now);
    }

    private static List<Integer> ids(@Nullable List<Pair> batch) {
        assertThat(batch).as("a batch is due").isNotNull();
        return batch == null ? List.of() : batch.stream().map(Pair::id).toList();
    }

    @Test
    void waitsForTheDelayWhileTheBudgetIsNotFilled() {
        TokenBudgetBatcher<Pair> batcher = batcher(100, 50);
        add(batcher, new Pair(1, 20, 0), 0);
        add(batcher, new Pair(2, 20, 30), 30);

        assertThat(batcher.poll(49)).isNull();
        assertThat(batcher.nanosUntilDue(49)).isEqualTo(1);
        assertThat(ids(batcher.poll(50))).containsExactlyInAnyOrder(1, 2);
    }

    @Test
    void givesAFullBatchAtOnce() {
        TokenBudgetBatcher<Pair> batcher = batcher(100, 50);
        for (int i = 0; i < 5; i++) {
            add(batcher, new Pair(i, 20, 0), 0);
        }

        assertThat(batcher.nanosUntilDue(0)).isZero();
        assertThat(batcher.poll(0)).hasSize(5);
    }

    @Test
    void startsTheNextDelayWithTheOldestPairThatIsLeft() {
        TokenBudgetBatcher<Pair> batcher = batcher(40, 50);
        add(batcher, new Pair(1, 20, 0), 0);
        add(batcher, new Pair(2, 20, 10), 10);
        add(batcher, new Pair(3, 20, 40), 40);

        assertThat(ids(batcher.poll(40))).containsExactlyInAnyOrder(1, 2);
        // The delay of the batch that left must not cut this one short.
        assertThat(batcher.poll(50)).isNull();
        assertThat(batcher.nanosUntilDue(50)).isEqualTo(40);
        assertThat(ids(batcher.poll(90))).containsExactly(3);
    }

    @Test
    void putsPairsOfSimilarLengthTogetherWhateverTheirQuery() {
        TokenBudgetBatcher<Pair> batcher = batcher(60, 50);
        int[] lengths = {10, 58, 11, 9, 60, 12};
        for (int i = 0; i < lengths.length; i++) {
            add(batcher, new Pair(lengths[i], lengths[i], 0), 0);
        }

        assertThat(ids(batcher.poll(50))).containsExactly(9, 10, 11, 12);
        assertThat(ids(batcher.poll(50))).containsExactly(58);
        assertThat(ids(batcher.poll(50))).containsExactly(60);
        assertThat(batcher.poll(50)).isNull();
        assertThat(batcher.nanosUntilDue(50)).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void sendsAPairBeyondTheBudgetAlone() {
        TokenBudgetBatcher<Pair> batcher = batcher(10, 50);
        add(batcher, new Pair(1, 25, 0), 0);
        add(batcher, new Pair(2, 25, 0), 0);

        assertThat(ids(batcher.poll(0))).containsExactly(1);
        assertThat(ids(batcher.poll(0))).containsExactly(2);
    }

    @Test
    void takesTheEarliestDeadlineFirstAmongPairsOfOneLength() {
        TokenBudgetBatcher<Pair> batcher = batcher(40, 0);
        long[] deadlines = {Long.MAX_VALUE, 300, 100, 200};
        for (int i = 0; i < deadlines.length; i++) {
            add(batcher, new Pair(i, 20, 0), deadlines[i], 0);
        }

        assertThat(ids(batcher.poll(0))).containsExactlyInAnyOrder(2, 3);
        assertThat(ids(batcher.poll(0))).containsExactlyInAnyOrder(1, 0);
    }

    @Test
    void buildsABatchAroundThePairThatIsDueFirst() {
        TokenBudgetBatcher<Pair> batcher = batcher(100, 0);
        add(batcher, new Pair(1, 10, 0), 500, 0);
        add(batcher, new Pair(2, 90, 0), 100, 0);

        assertThat(ids(batcher.poll(0))).containsExactly(2);
    }

    @Test
    void fillsABatchOfUrgentPairsWithOthers() {
        TokenBudgetBatcher<Pair> batcher = batcher(100, 0);
        add(batcher, new Pair(1, 50, 0), Long.MAX_VALUE, 0);
        add(batcher, new Pair(2, 50, 0), 100, 0);

        assertThat(ids(batcher.poll(0))).containsExactlyInAnyOrder(1, 2);
    }

    @Test
    void countsAPairAmongTheUrgentOnesOnceSomebodyWaitsForItWhoIs() {
        TokenBudgetBatcher<Pair> batcher = batcher(20, 0);
        Pair joined = new Pair(2, 20, 0);
        add(batcher, new Pair(1, 20, 0), Long.MAX_VALUE, 0);
        add(batcher, joined, Long.MAX_VALUE, 0);

        batcher.promote(joined, new Urgency(100, 2));

        assertThat(batcher.interactiveTokens()).isEqualTo(20);
        assertThat(batcher.bulkTokens()).isEqualTo(20);
        assertThat(ids(batcher.poll(0))).containsExactly(2);
        assertThat(ids(batcher.poll(0))).containsExactly(1);
    }

    @Test
    void leavesAPairToAnotherBatchWhenItsPaddingCostsMoreThanAPass() {
        TokenBudgetBatcher<Pair> batcher = batcher(1_000, 0);
        add(batcher, new Pair(1, 100, 0), 0);
        add(batcher, new Pair(2, 100 - 2 * OVERHEAD - 1, 0), 0);
        add(batcher, new Pair(3, 100 - 2 * OVERHEAD - 1, 0), 0);

        assertThat(ids(batcher.poll(0))).containsExactly(1);
        assertThat(ids(batcher.poll(0))).containsExactlyInAnyOrder(2, 3);
    }

    @Test
    void takesTheLastPairAlongAsLongAsThatCostsLessThanAPass() {
        TokenBudgetBatcher<Pair> batcher = batcher(10_000, 0);
        for (int i = 0; i < 40; i++) {
            add(batcher, new Pair(i, 100, 0), 0);
        }
        add(batcher, new Pair(40, 100 - OVERHEAD, 0), 0);

        assertThat(ids(batcher.poll(0))).hasSize(41);
    }

    @Test
    void countsPaddedLengthsTowardsTheBudget() {
        TokenBudgetBatcher<Pair> batcher =
                new TokenBudgetBatcher<>(
                        64,
                        0,
                        OVERHEAD,
                        Pair::tokens,
                        (pairs, longest) -> new BatchShape(pairs, 32));
        for (int i = 0; i < 3; i++) {
            add(batcher, new Pair(i, 17 + i, 0), 0);
        }

        assertThat(ids(batcher.poll(0))).hasSize(2);
        assertThat(ids(batcher.poll(0))).hasSize(1);
    }

    @Test
    void leavesPairsToOtherBatchesRatherThanPadWithPairs() {
        // Batches of 1, 2, 4, 8, ... pairs only.
        TokenBudgetBatcher<Pair> batcher =
                new TokenBudgetBatcher<>(
                        200,
                        0,
                        OVERHEAD,
                        Pair::tokens,
                        (pairs, longest) ->
                                new BatchShape(
                                        pairs == 1 ? 1 : Integer.highestOneBit(pairs - 1) * 2,
                                        longest));
        for (int i = 0; i < 25; i++) {
            add(batcher, new Pair(i, 20, 0), 0);
        }

        assertThat(ids(batcher.poll(0))).hasSize(8);
        assertThat(ids(batcher.poll(0))).hasSize(8);
        // Nothing else waits: the last one goes as it is.
        assertThat(ids(batcher.poll(0))).hasSize(8);
        assertThat(ids(batcher.poll(0))).hasSize(1);
    }

    @Test
    void refusesABudgetWithoutTokens() {
        assertThatThrownBy(() -> batcher(0, 1)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> batcher(1, -1)).isInstanceOf(IllegalArgumentException.class);
    }

    @Property(tries = 300)
    void everyPairLeavesOnceWithinBudgetAndDelay(
            @ForAll("steps") List<Step> steps,
            @ForAll @IntRange(min = 1, max = 300) int budget,
            @ForAll @IntRange(max = 40) int delay) {
        TokenBudgetBatcher<Pair> batcher = batcher(budget, delay);
        List<Pair> waiting = new ArrayList<>();
        Set<Integer> left = new HashSet<>();
        long now = 0;
        int next = 0;
        for (Step step : steps) {
            now += step.pause;
            Pair pair = new Pair(next++, step.tokens, now);
            add(batcher, pair, now);
            waiting.add(pair);
            if (step.poll) {
                takeAllDue(batcher, now, budget, delay, waiting, left);
            }
        }
        takeAllDue(batcher, now + delay, budget, delay, waiting, left);

        assertThat(waiting).isEmpty();
        assertThat(left).hasSize(next);
        assertThat(batcher.bulkTokens()).isZero();
        assertThat(batcher.interactiveTokens()).isZero();
    }

    private static void takeAllDue(
            TokenBudgetBatcher<Pair> batcher,
            long now,
            int budget,
            int delay,
            List<Pair> waiting,
            Set<Integer> left) {
        while (true) {
            long due = batcher.nanosUntilDue(now);
            List<Pair> batch = batcher.poll(now);
            assertThat(batch == null).isEqualTo(due > 0);
            if (batch == null) {
                break;
            }
            // Never passes over the oldest.
            assertThat(batch).contains(waiting.get(0));
            int longest = 0;
            int real = 0;
            for (Pair pair : batch) {
                assertThat(left.add(pair.id)).isTrue();
                longest = Math.max(longest, pair.tokens);
                real += pair.tokens;
            }
            if (batch.size() > 1) {
                assertThat(longest * batch.size()).isLessThanOrEqualTo(budget);
                // Each that joined cost at most twice what a pass costs beforehand.
                assertThat(longest * batch.size() - real)
                        .isLessThanOrEqualTo(2 * OVERHEAD * (batch.size() - 1));
            }
            waiting.removeAll(batch);
        }
        // What is left is younger than the delay, and says when it will be due.
        for (Pair pair : waiting) {
            assertThat(now - pair.since).isLessThan(delay);
        }
        if (!waiting.isEmpty()) {
            assertThat(batcher.nanosUntilDue(now)).isEqualTo(delay - (now - waiting.get(0).since));
        }
    }

    @Property(tries = 50)
    void theSameCallsGiveTheSameBatches(@ForAll("steps") List<Step> steps) {
        assertThat(run(steps)).isEqualTo(run(steps));
    }

    private static List<List<Pair>> run(List<Step> steps) {
        TokenBudgetBatcher<Pair> batcher = batcher(64, 5);
        List<List<Pair>> batches = new ArrayList<>();
        long now = 0;
        int next = 0;
        for (Step step : steps) {
            now += step.pause;
            add(batcher, new Pair(next++, step.tokens, now), now);
            List<Pair> batch = step.poll ? batcher.poll(now) : null;
            if (batch != null) {
                batches.add(batch);
            }
        }
        return batches;
    }

    @Provide
    Arbitrary<List<Step>> steps() {
        return Combinators.combine(
                        Arbitraries.integers().between(1, 80),
                        Arbitraries.integers().between(0, 10),
                        Arbitraries.of(true, false))
                .as(Step::new)
                .list()
                .ofMaxSize(60);
    }
}
