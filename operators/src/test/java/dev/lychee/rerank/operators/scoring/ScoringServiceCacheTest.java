package dev.lychee.rerank.operators.scoring;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class ScoringServiceCacheTest {

    private static final String QUERY = "red dress";
    private static final long CACHE_BYTES = 1 << 20;

    private final TestingScorer.Control control = TestingScorer.control();
    private final TestingClock clock = new TestingClock();
    private final List<ScoringService> started = new ArrayList<>();

    private ScoringService service(int maxBatchTokens, long cacheBytes) throws Exception {
        ScorerSpec spec = new ScorerSpec(control.packagePath(), "fp32", "cpu", 1);
        ScoringService service =
                new ScoringService(
                        new TestingScorer.Factory().load(spec),
                        new ServiceLimits(new BatchLimits(maxBatchTokens, 0), 0, cacheBytes),
                        clock,
                        (thread, failure) -> {});
        started.add(service);
        return service;
    }

    /** One that scores pairs of one-word documents one by one. */
    private ScoringService service() throws Exception {
        return service(6, CACHE_BYTES);
    }

    @AfterEach
    void close() {
        control.release();
        started.forEach(ScoringService::close);
    }

    private static CompletableFuture<TaskScores> submit(
            ScoringService service, String query, String... documents) {
        return service.submit(null, query, List.of(documents), Long.MAX_VALUE);
    }

    private static List<PairScore> await(CompletableFuture<TaskScores> answer) throws Exception {
        return answer.get(30, TimeUnit.SECONDS).pairs();
    }

    private static PairScore score(String document) {
        return PairScore.scored(TestingScorer.expectedLogit(QUERY, document), false);
    }

    private static List<@Nullable String> errors(List<PairScore> pairs) {
        List<@Nullable String> errors = new ArrayList<>();
        pairs.forEach(pair -> errors.add(pair.error()));
        return errors;
    }

    private static void until(BooleanSupplier condition) {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).isLessThan(end);
            Thread.onSpinWait();
        }
    }

    /** Waits until so many pairs joined a computation or were found. */
    private static void untilHits(ScoringService service, int hits) {
        until(() -> service.stats().cacheHits() == hits);
    }

    @Test
    void neitherTokenizesNorScoresAPairTwice() throws Exception {
        ScoringService service = service();
        List<PairScore> first = await(submit(service, QUERY, "one", "two"));

        List<PairScore> second = await(submit(service, QUERY, "two", "three", "one"));

        assertThat(second).containsExactly(first.get(1), score("three"), first.get(0));
        assertThat(control.batches())
                .containsExactly(List.of("one"), List.of("two"), List.of("three"));
        assertThat(control.encoded()).isEqualTo(3);
        ScoringStats.Snapshot stats = service.stats();
        assertThat(stats.cacheHits()).isEqualTo(2);
        assertThat(stats.cacheMisses()).isEqualTo(3);
        assertThat(stats.cacheHitRate()).isEqualTo(0.4);
        assertThat(stats.pairsScored()).isEqualTo(5);
        assertThat(stats.queueDepth()).isZero();
        assertThat(service.cachedScores()).isEqualTo(3);
    }

    @Test
    void scoresAPairTwiceWithoutACache() throws Exception {
        ScoringService service = service(1, 0);

        await(submit(service, QUERY, "one", "one"));

        assertThat(control.batches()).containsExactly(List.of("one"), List.of("one"));
        assertThat(service.stats().cacheMisses()).isZero();
    }

    @Test
    void tellsInstructionsAndQueriesApart() throws Exception {
        ScoringService service = service();

        await(submit(service, QUERY, "one"));
        await(submit(service, "blue hat", "one"));
        await(service.submit("Is it blue?", QUERY, List.of("one"), Long.MAX_VALUE));

        assertThat(control.batches()).hasSize(3);
    }

    @Test
    void remembersThatAPairWasShortened() throws Exception {
        ScoringService service = service();
        String text = "word ".repeat(100);
        await(submit(service, QUERY, text));

        assertThat(await(submit(service, QUERY, text)).get(0).truncated()).isTrue();
    }

    @Test
    void computesOnceWhatSeveralTasksAskForAtTheSameTime() throws Exception {
        control.block();
        ScoringService service = service();
        CompletableFuture<TaskScores> first = submit(service, QUERY, "one", "two", "one");
        control.awaitBatches(1);
        CompletableFuture<TaskScores> second = submit(service, QUERY, "two", "one");
        untilHits(service, 3);
        control.release();

        assertThat(await(first)).containsExactly(score("one"), score("two"), score("one"));
        assertThat(await(second)).containsExactly(score("two"), score("one"));
        assertThat(control.batches()).containsExactly(List.of("one"), List.of("two"));
    }

    @Test
    void computesAPairForThoseWhoStillWantIt() throws Exception {
        control.block();
        ScoringService service = service();
        CompletableFuture<TaskScores> busy = submit(service, QUERY, "busy");
        control.awaitBatches(1);
        CompletableFuture<TaskScores> cancelled = submit(service, QUERY, "shared", "alone");
        CompletableFuture<TaskScores> late =
                service.submit(null, QUERY, List.of("shared"), clock.epochMillis() + 10);
        CompletableFuture<TaskScores> wanted = submit(service, QUERY, "shared");
        untilHits(service, 2);

        cancelled.cancel(false);
        clock.advance(10);

        assertThat(errors(await(late))).containsExactly(ScoringService.DEADLINE_PASSED);
        control.release();
        assertThat(await(wanted)).containsExactly(score("shared"));
        assertThat(await(busy)).containsExactly(score("busy"));
        assertThat(control.batches()).containsExactly(List.of("busy"), List.of("shared"));
        assertThat(service.stats().queueDepth()).isZero();
    }

    @Test
    void computesAPairAgainAfterAllWhoWantedItLeft() throws Exception {
        control.block();
        ScoringService service = service();
        CompletableFuture<TaskScores> busy = submit(service, QUERY, "busy");
        control.awaitBatches(1);
        CompletableFuture<TaskScores> first = submit(service, QUERY, "shared");
        CompletableFuture<TaskScores> second = submit(service, QUERY, "shared");
        untilHits(service, 1);
        first.cancel(false);
        second.cancel(false);
        control.release();
        await(busy);

        assertThat(await(submit(service, QUERY, "shared"))).containsExactly(score("shared"));
    }

    /** Occupies the model, with more pairs behind that than are tokenized ahead of it. */
    private List<CompletableFuture<TaskScores>> backlog(ScoringService service) throws Exception {
        control.block();
        int before = control.batches().size();
        List<CompletableFuture<TaskScores>> answers = new ArrayList<>();
        for (int task = 0; task < 50; task++) {
            answers.add(submit(service, QUERY, "backlog" + task));
        }
        control.awaitBatches(before + 1);
        return answers;
    }

    @Test
    void answersWhatIsKnownHoweverFarTheModelIsBehind() throws Exception {
        ScoringService service = service();
        await(submit(service, QUERY, "known"));
        List<CompletableFuture<TaskScores>> backlog = backlog(service);

        assertThat(await(submit(service, QUERY, "known"))).containsExactly(score("known"));

        assertThat(backlog).noneMatch(CompletableFuture::isDone);
    }

    @Test
    void computesAPairWhoseFirstTaskLeftBeforeItWasTokenized() throws Exception {
        ScoringService service = service();
        List<CompletableFuture<TaskScores>> backlog = backlog(service);
        CompletableFuture<TaskScores> first = submit(service, QUERY, "shared", "alone");
        CompletableFuture<TaskScores> second = submit(service, QUERY, "shared");
        untilHits(service, 1);
        first.cancel(false);
        control.release();

        assertThat(await(second)).containsExactly(score("shared"));
        for (CompletableFuture<TaskScores> answer : backlog) {
            assertThat(errors(await(answer))).containsOnlyNulls();
        }
        assertThat(control.batches()).contains(List.of("shared")).doesNotContain(List.of("alone"));
        assertThat(control.encoded()).isEqualTo(51);
    }

    @Test
    void computesAWaitingPairSoonerWhenSomebodyAsksForItWhoIsInAHurry() throws Exception {
        ScoringService service = service();
        long deadline = clock.epochMillis() + 60_000;
        List<CompletableFuture<TaskScores>> backlog = backlog(service);
        int before = control.batches().size();
        // One pair that waits for the model, and one that waits for the tokenizer.
        CompletableFuture<TaskScores> urgent =
                service.submit(null, QUERY, List.of("backlog20", "backlog49"), deadline);
        untilHits(service, 2);
        control.release();
        await(urgent);
        for (CompletableFuture<TaskScores> answer : backlog) {
            await(answer);
        }

        assertThat(control.batches().subList(before, before + 3))
                .contains(List.of("backlog20"), List.of("backlog49"));
        assertThat(control.encoded()).isEqualTo(50);
    }

    @Test
    void failsAllWhoWaitForAQueryThatCannotBeTokenized() throws Exception {
        control.failToTokenize("odd query");
        ScoringService service = service();
        List<CompletableFuture<TaskScores>> backlog = backlog(service);
        CompletableFuture<TaskScores> first = submit(service, "odd query", "one", "two");
        CompletableFuture<TaskScores> second = submit(service, "odd query", "two", "three");
        untilHits(service, 1);
        control.release();

        for (CompletableFuture<TaskScores> answer : List.of(first, second)) {
            assertThat(errors(await(answer)))
                    .containsOnly("the query could not be tokenized: cannot tokenize 'odd query'");
        }
        for (CompletableFuture<TaskScores> answer : backlog) {
            assertThat(errors(await(answer))).containsOnlyNulls();
        }
        assertThat(service.stats().queueDepth()).isZero();
    }

    @Test
    void computesAWaitingPairItselfWhenTheFirstFails() throws Exception {
        control.block();
        control.failOnceOn("shared");
        ScoringService service = service();
        CompletableFuture<TaskScores> first = submit(service, QUERY, "shared");
        control.awaitBatches(1);
        CompletableFuture<TaskScores> second = submit(service, QUERY, "shared");
        CompletableFuture<TaskScores> third = submit(service, QUERY, "shared");
        untilHits(service, 2);
        control.release();

        assertThat(errors(await(first)).get(0)).contains("cannot score 'shared'");
        assertThat(await(second)).containsExactly(score("shared"));
        assertThat(await(third)).containsExactly(score("shared"));
        assertThat(control.batches()).containsExactly(List.of("shared"), List.of("shared"));
        // And what succeeded is kept.
        assertThat(await(submit(service, QUERY, "shared"))).containsExactly(score("shared"));
        assertThat(control.batches()).hasSize(2);
    }

    @Test
    void triesAPairThatManyWaitForTwiceAtMost() throws Exception {
        control.block();
        control.failOn("poison");
        control.giveNaNFor("odd");
        ScoringService service = service();
        CompletableFuture<TaskScores> busy = submit(service, QUERY, "busy");
        control.awaitBatches(1);
        List<CompletableFuture<TaskScores>> answers = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            answers.add(submit(service, QUERY, "poison", "odd"));
        }
        untilHits(service, 18);
        control.release();

        await(busy);
        for (CompletableFuture<TaskScores> answer : answers) {
            assertThat(errors(await(answer)))
                    .containsExactly(
                            "the model failed on this pair: cannot score 'poison'",
                            "the model gave NaN for this pair");
        }
        assertThat(control.batches()).hasSize(5);
        assertThat(service.cachedScores()).isEqualTo(1);
    }

    @Test
    void keepsNoFailure() throws Exception {
        control.failOn("poison");
        ScoringService service = service();
        await(submit(service, QUERY, "poison"));
        control.stopFailingOn("poison");

        assertThat(await(submit(service, QUERY, "poison"))).containsExactly(score("poison"));
    }

    @Test
    void failsEveryPairOfATextThatCannotBeTokenized() throws Exception {
        control.failToTokenize("odd");
        ScoringService service = service();

        for (int i = 0; i < 2; i++) {
            List<PairScore> pairs = await(submit(service, QUERY, "odd", "one", "odd"));
            assertThat(errors(pairs).get(0)).contains("could not be tokenized");
            assertThat(pairs.get(1)).isEqualTo(score("one"));
            assertThat(pairs.get(2)).isEqualTo(pairs.get(0));
        }
    }

    @Test
    void answersPairsThatWaitForOthersWhenItIsClosed() throws Exception {
        control.block();
        ScoringService service = service();
        CompletableFuture<TaskScores> first = submit(service, QUERY, "busy", "shared");
        control.awaitBatches(1);
        CompletableFuture<TaskScores> second = submit(service, QUERY, "shared");
        untilHits(service, 1);

        Thread closing = new Thread(service::close);
        closing.start();

        assertThat(errors(await(second))).containsExactly(ScoringService.CLOSED);
        assertThat(errors(await(first))).containsOnly(ScoringService.CLOSED);
        control.release();
        closing.join();
        started.clear();
    }

    @Test
    void givesTheScoresThatItWouldGiveWithoutACache() throws Exception {
        control.failOn("poison");
        control.giveNaNFor("odd");
        ScoringService with = service(100, CACHE_BYTES);
        ScoringService without = service(100, 0);
        Random random = new Random(17);
        for (int task = 0; task < 200; task++) {
            String query = random.nextBoolean() ? QUERY : "blue hat";
            List<String> documents = new ArrayList<>();
            for (int i = random.nextInt(12); i >= 0; i--) {
                int kind = random.nextInt(20);
                documents.add(kind == 0 ? "poison" : kind == 1 ? "odd" : text(random));
            }

            List<PairScore> pairs = await(with.submit(null, query, documents, Long.MAX_VALUE));

            assertThat(pairs)
                    .isEqualTo(await(without.submit(null, query, documents, Long.MAX_VALUE)));
        }
        assertThat(with.stats().cacheHitRate()).isGreaterThan(0.5);
    }

    private static String text(Random random) {
        return "red blue ".repeat(random.nextInt(40)) + random.nextInt(4);
    }

    @Test
    void answersEveryTaskOnceWhileOthersAskForTheSame() throws Exception {
        control.failOn("poison");
        ScoringService service = service(100, 20L * ScoreCache.BYTES_PER_ENTRY);
        AtomicInteger answers = new AtomicInteger();
        int tasksPerCaller = 500;
        List<Thread> callers = new ArrayList<>();
        List<CompletableFuture<TaskScores>> all = Collections.synchronizedList(new ArrayList<>());
        for (int caller = 0; caller < 4; caller++) {
            Random random = new Random(caller);
            Thread thread =
                    new Thread(
                            () -> {
                                for (int task = 0; task < tasksPerCaller; task++) {
                                    all.add(askAndMayLeave(service, random, answers));
                                }
                            });
            callers.add(thread);
            thread.start();
        }
        for (Thread caller : callers) {
            caller.join();
        }
        clock.advance(1_000);

        for (CompletableFuture<TaskScores> answer : all) {
            if (!answer.isCancelled()) {
                for (PairScore pair : await(answer)) {
                    assertThat(
                                    pair.error() == null
                                            || pair.error().contains("cannot score")
                                            || pair.error().equals(ScoringService.DEADLINE_PASSED))
                            .isTrue();
                }
            }
        }
        assertThat(answers).hasValue(4 * tasksPerCaller);
        assertThat(service.stats().queueDepth()).isZero();
    }

    private CompletableFuture<TaskScores> askAndMayLeave(
            ScoringService service, Random random, AtomicInteger answers) {
        List<String> documents = new ArrayList<>();
        for (int i = random.nextInt(12); i >= 0; i--) {
            documents.add(random.nextInt(20) == 0 ? "poison" : text(random));
        }
        long deadline = random.nextInt(4) == 0 ? clock.epochMillis() + 1 : Long.MAX_VALUE;
        CompletableFuture<TaskScores> answer = service.submit(null, QUERY, documents, deadline);
        var unused = answer.whenComplete((scores, error) -> answers.incrementAndGet());
        if (random.nextInt(4) == 0) {
            answer.cancel(false);
        }
        if (random.nextInt(10) == 0) {
            clock.advance(1);
        }
        return answer;
    }
}
