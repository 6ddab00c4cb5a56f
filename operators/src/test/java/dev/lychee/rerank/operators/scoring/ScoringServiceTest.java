package dev.lychee.rerank.operators.scoring;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ScoringServiceTest {

    private static final String QUERY = "red dress";

    private final TestingScorer.Control control = TestingScorer.control();
    private final TestingClock clock = new TestingClock();
    private final List<ScoringService> started = new ArrayList<>();
    private final List<Throwable> broken = new CopyOnWriteArrayList<>();

    private ScoringService service(int maxBatchTokens, long maxDelayMillis) throws Exception {
        return service(new ServiceLimits(new BatchLimits(maxBatchTokens, maxDelayMillis), 0, 0));
    }

    private ScoringService service(ServiceLimits limits) throws Exception {
        ScorerSpec spec = new ScorerSpec(control.packagePath(), "fp32", "cpu", 1);
        ScoringService service =
                new ScoringService(
                        new TestingScorer.Factory().load(spec),
                        limits,
                        clock,
                        (thread, failure) -> broken.add(failure));
        started.add(service);
        return service;
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

    private static TaskScores await(CompletableFuture<TaskScores> answer) throws Exception {
        return answer.get(30, TimeUnit.SECONDS);
    }

    private static float expected(String document) {
        return TestingScorer.expectedLogit(QUERY, document);
    }

    @Test
    void scoresDocumentsInTheirOrder() throws Exception {
        ScoringService service = service(64, 0);

        TaskScores scores = await(submit(service, QUERY, "a blue hat", "red dress", "a red hat"));

        assertThat(scores.pairs())
                .containsExactly(
                        new PairScore(expected("a blue hat"), false, null),
                        new PairScore(expected("red dress"), false, null),
                        new PairScore(expected("a red hat"), false, null));
    }

    @Test
    void mixesQueriesInOneBatchThatLeavesWhenItIsFull() throws Exception {
        // Each pair has 2 + 1 + 3 tokens; the clock stands still, so only the size can be due.
        ScoringService service = service(24, 1_000);

        CompletableFuture<TaskScores> first = submit(service, "red dress", "one", "two");
        CompletableFuture<TaskScores> second = submit(service, "blue hat", "three", "four");
        await(first);
        await(second);

        assertThat(control.batches()).hasSize(1);
        assertThat(control.batches().get(0))
                .containsExactlyInAnyOrder("one", "two", "three", "four");
        ScoringStats.Snapshot stats = service.stats();
        assertThat(stats.pairsScored()).isEqualTo(4);
        assertThat(stats.batches()).isEqualTo(1);
        assertThat(stats.batchTokens()).isEqualTo(24);
        assertThat(stats.paddedTokens()).isEqualTo(24);
        assertThat(stats.paddingRatio()).isZero();
        assertThat(stats.queueDepth()).isZero();
    }

    @Test
    void sendsAPartialBatchAfterTheDelay() throws Exception {
        ScoringService service = service(1_000, 20);
        CompletableFuture<TaskScores> answer = submit(service, QUERY, "red dress");
        assertThat(control.batches()).isEmpty();

        clock.advance(20);

        assertThat(await(answer).pairs()).hasSize(1);
        assertThat(control.batches()).hasSize(1);
    }

    @Test
    void failsOnlyThePairThatFails() throws Exception {
        control.failOn("poison");
        ScoringService service = service(1_000, 5);
        List<String> documents = new ArrayList<>(Collections.nCopies(20, "red dress"));
        documents.set(13, "poison");

        CompletableFuture<TaskScores> answer =
                service.submit(null, QUERY, documents, Long.MAX_VALUE);
        CompletableFuture<TaskScores> other = submit(service, QUERY, "other words");
        clock.advance(5);

        List<PairScore> pairs = await(answer).pairs();
        for (int i = 0; i < pairs.size(); i++) {
            if (i == 13) {
                assertThat(pairs.get(i).error())
                        .isEqualTo("the model failed on this pair: cannot score 'poison'");
            } else {
                assertThat(pairs.get(i))
                        .isEqualTo(new PairScore(expected("red dress"), false, null));
            }
        }
        assertThat(await(other).pairs().get(0).error()).isNull();
        assertThat(service.stats().pairsFailed()).isEqualTo(1);
        assertThat(service.stats().failedInARow()).isZero();
    }

    @Test
    void countsBatchesOfWhichNothingCouldBeScored() throws Exception {
        control.failOn("poison");
        ScoringService service = service(1, 0);

        await(submit(service, QUERY, "poison", "poison"));

        assertThat(service.stats().failedInARow()).isEqualTo(2);
    }

    private static final String BROKEN =
            "Device cpu could not score a pair of the last 3 batches of model testing, nor one that"
                    + " is known to be good: cannot score 'a'";

    private static ServiceLimits pairByPair(int maxFailedBatches) {
        return new ServiceLimits(new BatchLimits(1, 0), maxFailedBatches, 0);
    }

    @Test
    void reportsADeviceThatFailsWhateverItIsGiven() throws Exception {
        control.failAlways();
        ScoringService service = service(pairByPair(3));

        List<PairScore> pairs = await(submit(service, QUERY, "a", "b", "c", "d")).pairs();

        assertThat(pairs)
                .extracting(PairScore::error)
                .containsExactly(
                        "the model failed on this pair: cannot score 'a'",
                        "the model failed on this pair: cannot score 'b'",
                        "the model failed on this pair: cannot score 'c'",
                        BROKEN);
        assertThat(broken)
                .singleElement()
                .isInstanceOf(BrokenDeviceException.class)
                .hasToString(BrokenDeviceException.class.getName() + ": " + BROKEN);
        assertThat(await(submit(service, QUERY, "e")).pairs().get(0).error()).isEqualTo(BROKEN);
    }

    @Test
    void reportsADeviceThatGivesNothingButNaN() throws Exception {
        for (String text : List.of("b", "c", "d", ScoringService.PROBE)) {
            control.giveNaNFor(text);
        }
        ScoringService service = service(pairByPair(3));

        await(submit(service, QUERY, "b", "c", "d", "e"));

        assertThat(broken).hasSize(1);
    }

    @Test
    void doesNotTakeBadTextsForABrokenDevice() throws Exception {
        control.failOn("poison");
        ScoringService service = service(pairByPair(3));

        List<PairScore> pairs =
                await(submit(service, QUERY, "poison", "poison", "poison", "poison", "good"))
                        .pairs();

        assertThat(pairs.get(4).error()).isNull();
        assertThat(control.batches())
                .containsExactly(
                        List.of("poison"),
                        List.of("poison"),
                        List.of("poison"),
                        List.of(ScoringService.PROBE),
                        List.of("poison"),
                        List.of("good"));
        assertThat(broken).isEmpty();
    }

    @Test
    void countsOnlyBatchesThatFailInARow() throws Exception {
        control.failOn("poison");
        ScoringService service = service(pairByPair(2));

        await(submit(service, QUERY, "poison", "good", "poison", "good", "poison"));

        assertThat(control.batches()).doesNotContain(List.of(ScoringService.PROBE));
    }

    @Test
    void leavesPairsUnscoredForEverWhereThatIsAskedFor() throws Exception {
        control.failAlways();
        ScoringService service = service(pairByPair(0));

        await(submit(service, QUERY, texts(50)));

        assertThat(service.stats().failedInARow()).isEqualTo(50);
        assertThat(broken).isEmpty();
    }

    @Test
    void formsSmallerBatchesAfterTheDeviceRanOutOfMemory() throws Exception {
        control.limitMemory(30);
        // Pairs of six tokens: eight fill a batch, five fit into memory.
        ScoringService service = service(48, 0);

        TaskScores scores = await(submit(service, QUERY, texts(8)));
        int before = control.batches().size();
        await(submit(service, QUERY, texts(8)));

        assertThat(scores.pairs()).extracting(PairScore::error).containsOnlyNulls();
        assertThat(control.batches().subList(before, control.batches().size()))
                .allSatisfy(batch -> assertThat(batch).hasSizeLessThanOrEqualTo(4));
    }

    @Test
    void formsFullBatchesAgainWhenTheLackOfMemoryIsLongAgo() throws Exception {
        control.limitMemory(30);
        ScoringService service = service(48, 0);
        await(submit(service, QUERY, texts(8)));
        control.limitMemory(Long.MAX_VALUE);

        for (int i = 0; i < ScoringService.BATCHES_BEFORE_GROWTH; i++) {
            await(submit(service, QUERY, "one"));
        }
        await(submit(service, QUERY, texts(32)));

        assertThat(control.batches().stream().mapToInt(List::size).skip(10).max()).hasValue(8);
    }

    private static String[] texts(int count) {
        return Collections.nCopies(count, "word").toArray(String[]::new);
    }

    @Test
    void boundsTheTextOfAnError() throws Exception {
        String poison = "x".repeat(5_000);
        control.failOn(poison);
        ScoringService service = service(64, 0);

        assertThat(await(submit(service, QUERY, poison)).pairs().get(0).error())
                .hasSizeLessThan(400);
    }

    @Test
    void leavesAPairUnscoredWhoseLogitIsNoNumber() throws Exception {
        control.giveNaNFor("odd");
        ScoringService service = service(1_000, 5);
        CompletableFuture<TaskScores> answer = submit(service, QUERY, "odd", "red dress");
        clock.advance(5);

        List<PairScore> pairs = await(answer).pairs();

        assertThat(pairs.get(0).error()).isEqualTo("the model gave NaN for this pair");
        assertThat(pairs.get(1).error()).isNull();
    }

    @Test
    void marksAPairThatWasShortened() throws Exception {
        ScoringService service = service(64, 0);

        TaskScores scores = await(submit(service, QUERY, "word ".repeat(100), "word"));

        assertThat(scores.pairs()).extracting(PairScore::truncated).containsExactly(true, false);
    }

    @Test
    void answersAnExpiredTaskAtOnce() throws Exception {
        control.block();
        ScoringService service = service(64, 0);

        CompletableFuture<TaskScores> late =
                service.submit(null, QUERY, List.of("a", "b"), clock.epochMillis());

        assertThat(late).isDone();
        assertThat(await(late).pairs())
                .extracting(PairScore::error)
                .containsOnly(ScoringService.DEADLINE_PASSED);
        assertThat(control.batches()).isEmpty();
    }

    @Test
    void answersATaskThatExpiresWhileTheModelIsBusy() throws Exception {
        control.block();
        ScoringService service = service(6, 0);
        CompletableFuture<TaskScores> busy = submit(service, QUERY, "first");
        control.awaitBatches(1);
        CompletableFuture<TaskScores> waiting =
                service.submit(null, QUERY, List.of("second"), clock.epochMillis() + 10);

        clock.advance(10);

        assertThat(await(waiting).pairs().get(0).error()).isEqualTo(ScoringService.DEADLINE_PASSED);
        assertThat(busy).isNotDone();
        control.release();
        assertThat(await(busy).pairs().get(0).error()).isNull();
        assertThat(control.batches()).containsExactly(List.of("first"));
    }

    @Test
    void dropsWhatNobodyWaitsForAnyMore() throws Exception {
        control.block();
        ScoringService service = service(6, 0);
        CompletableFuture<TaskScores> busy = submit(service, QUERY, "first");
        control.awaitBatches(1);
        CompletableFuture<TaskScores> unwanted = submit(service, QUERY, "second");
        CompletableFuture<TaskScores> wanted = submit(service, QUERY, "third");

        unwanted.cancel(false);
        control.release();

        await(busy);
        await(wanted);
        assertThat(control.batches()).containsExactly(List.of("first"), List.of("third"));
        assertThat(service.stats().queueDepth()).isZero();
    }

    @Test
    void tellsTimeInTheQueueFromTimeInTheModel() throws Exception {
        control.block();
        ScoringService service = service(6, 0);
        CompletableFuture<TaskScores> busy = submit(service, QUERY, "first");
        control.awaitBatches(1);
        CompletableFuture<TaskScores> waiting = submit(service, QUERY, "second");
        clock.advance(30);
        control.release();

        assertThat(await(busy).scoreMillis()).isEqualTo(30.0);
        assertThat(await(busy).queueMillis()).isZero();
        assertThat(await(waiting).queueMillis()).isEqualTo(30.0);
        assertThat(await(waiting).scoreMillis()).isZero();
    }

    @Test
    void scoresWhatHasADeadlineBeforeWhatHasNone() throws Exception {
        ScoringService service = service(6, 0);
        long now = clock.epochMillis();
        control.block();
        List<CompletableFuture<TaskScores>> answers = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            answers.add(submit(service, QUERY, "bulk" + i));
        }
        control.awaitBatches(1);
        for (int i = 0; i < 10; i++) {
            answers.add(
                    service.submit(null, QUERY, List.of("urgent" + i), now + 60_000 - 1_000L * i));
        }
        control.awaitEncoded(20);
        // When the tokenizer begins another pair, it has handed over all of these.
        answers.add(submit(service, QUERY, "last"));
        control.awaitEncoded(21);
        control.release();
        for (CompletableFuture<TaskScores> answer : answers) {
            await(answer);
        }

        List<String> order = control.batches().stream().map(batch -> batch.get(0)).toList();
        // The earliest deadline first; bulk work has every eighth turn. The first two batches may
        // have been formed before the last task came.
        List<String> urgent = order.stream().filter(text -> text.startsWith("urgent")).toList();
        assertThat(urgent.subList(2, 10)).isSortedAccordingTo(Comparator.reverseOrder());
        assertThat(order.subList(1, 14).stream().filter(text -> text.startsWith("bulk")).count())
                .isBetween(1L, 4L);
        assertThat(order).endsWith("bulk9", "last");
    }

    private static ScoringRequest ranked(long deadlineMillis, String... documents) {
        return new ScoringRequest(
                null,
                QUERY,
                List.of(documents),
                IntStream.rangeClosed(1, documents.length).toArray(),
                documents.length,
                deadlineMillis);
    }

    private static String[] documents(String word, int count) {
        return IntStream.range(0, count).mapToObj(i -> word + i).toArray(String[]::new);
    }

    @Test
    void leavesOutTheWorseDocumentsOfASetWithADeadlineWhenItIsBehind() throws Exception {
        // A pass of one pair takes 10 ms here, so 40 pairs are 400 ms of work.
        control.onScore(() -> clock.advance(10));
        ScoringService service = service(1, 0);
        await(submit(service, QUERY, "first"));
        control.block();
        long now = clock.epochMillis();
        CompletableFuture<TaskScores> earlier =
                service.submit(ranked(now + 1_000, documents("a", 40)));
        CompletableFuture<TaskScores> later =
                service.submit(ranked(now + 1_200, documents("b", 40)));
        CompletableFuture<TaskScores> unhurried = submit(service, QUERY, documents("c", 40));
        control.release();

        assertThat(await(earlier).degraded()).isEmpty();
        assertThat(await(earlier).pairs()).allMatch(pair -> pair.error() == null);
        assertThat(await(later).degraded()).containsExactly(Degradation.RERANK_WINDOW);
        assertThat(await(later).pairs().subList(0, 20)).allMatch(pair -> pair.error() == null);
        assertThat(await(later).pairs().subList(20, 40))
                .allMatch(pair -> ScoringService.LEFT_OUT.equals(pair.error()));
        assertThat(await(unhurried).degraded()).isEmpty();
        assertThat(await(unhurried).pairs()).allMatch(pair -> pair.error() == null);
        assertThat(service.stats().tasksDegraded()).isEqualTo(1);
    }

    @Test
    void takesScoresFromTheCacheWhenNothingCanBeComputedInTime() throws Exception {
        control.onScore(() -> clock.advance(10));
        ScoringService service = service(new ServiceLimits(new BatchLimits(1, 0), 0, 1 << 20));
        await(submit(service, QUERY, "b1", "b3"));
        control.block();
        long now = clock.epochMillis();
        CompletableFuture<TaskScores> earlier =
                service.submit(ranked(now + 400, documents("a", 40)));
        TaskScores scores = await(service.submit(ranked(now + 400, documents("b", 4))));
        control.release();
        await(earlier);

        assertThat(scores.degraded()).containsExactly(Degradation.CACHE_OR_RETRIEVAL);
        assertThat(scores.pairs().get(1).logit()).isEqualTo(expected("b1"));
        assertThat(scores.pairs().get(3).logit()).isEqualTo(expected("b3"));
        assertThat(scores.pairs().get(0).error()).isEqualTo(ScoringService.LEFT_OUT);
    }

    @Test
    void formsTheSameBatchesOfATaskWhateverElseIsScoredInDeterministicMode() throws Exception {
        ServiceLimits limits = new ServiceLimits(new BatchLimits(24, 5), 0, 1 << 20, true);
        String[] documents = {"one", "two words", "three", "four", "five", "six words more"};
        ScoringService alone = service(limits);
        await(submit(alone, QUERY, documents));
        List<List<String>> expected = control.batches();

        ScoringService busy = service(limits);
        control.block();
        CompletableFuture<TaskScores> before = submit(busy, QUERY, "one", "other words");
        CompletableFuture<TaskScores> same = submit(busy, QUERY, documents);
        CompletableFuture<TaskScores> after = submit(busy, QUERY, "six words more", "three");
        control.release();
        await(before);
        await(same);
        await(after);

        List<List<String>> all = control.batches();
        assertThat(all.subList(expected.size(), all.size())).containsAll(expected).hasSize(4);
    }

    @Test
    void tellsTimeThatTheDeviceSpentOnOthers() throws Exception {
        control.onScore(() -> clock.advance(10));
        ScoringService service = service(6, 0);
        control.block();
        CompletableFuture<TaskScores> first = submit(service, QUERY, "one");
        control.awaitBatches(1);
        CompletableFuture<TaskScores> second = submit(service, QUERY, "two");
        control.release();

        assertThat(await(first).busyMillis()).isZero();
        assertThat(await(first).scoreMillis()).isEqualTo(10);
        assertThat(await(second).busyMillis()).isEqualTo(10);
        assertThat(await(second).scoreMillis()).isEqualTo(10);
    }

    @Test
    void answersATaskWithoutDocuments() throws Exception {
        assertThat(await(submit(service(64, 0), QUERY)).pairs()).isEmpty();
    }

    @Test
    void answersEverythingWhenItIsClosed() throws Exception {
        ScoringService service = service(1_000, 10_000);
        CompletableFuture<TaskScores> waiting = submit(service, QUERY, "a", "b");

        service.close();

        assertThat(await(waiting).pairs())
                .extracting(PairScore::error)
                .containsOnly(ScoringService.CLOSED);
        assertThat(await(submit(service, QUERY, "c")).pairs().get(0).error())
                .isEqualTo(ScoringService.CLOSED);
        assertThat(control.closed()).isEqualTo(1);
        started.clear();
    }

    @Test
    void answersEveryTaskOnceUnderLoad() throws Exception {
        control.failOn("poison");
        ScoringService service = service(200, 0);
        List<CompletableFuture<TaskScores>> answers = new ArrayList<>();
        List<List<String>> asked = new ArrayList<>();
        for (int task = 0; task < 200; task++) {
            List<String> documents = new ArrayList<>();
            for (int i = 0; i <= task % 17; i++) {
                documents.add((task + i) % 29 == 0 ? "poison" : "red ".repeat(1 + (task * i) % 40));
            }
            asked.add(documents);
            answers.add(service.submit(null, QUERY, documents, Long.MAX_VALUE));
        }
        for (int task = 0; task < answers.size(); task++) {
            List<PairScore> pairs = await(answers.get(task)).pairs();
            assertThat(pairs).hasSameSizeAs(asked.get(task));
            for (int i = 0; i < pairs.size(); i++) {
                String document = asked.get(task).get(i);
                if (document.equals("poison")) {
                    assertThat(pairs.get(i).error()).contains("cannot score");
                } else {
                    assertThat(pairs.get(i).logit()).isEqualTo(expected(document));
                }
            }
        }
        assertThat(service.stats().queueDepth()).isZero();
    }
}
