package dev.lychee.rerank.operators.scoring.remote;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.lychee.rerank.operators.scoring.BatchLimits;
import dev.lychee.rerank.operators.scoring.PackageDescription;
import dev.lychee.rerank.operators.scoring.PairScore;
import dev.lychee.rerank.operators.scoring.ScorerSpec;
import dev.lychee.rerank.operators.scoring.ScoringClock;
import dev.lychee.rerank.operators.scoring.ScoringService;
import dev.lychee.rerank.operators.scoring.ServiceLimits;
import dev.lychee.rerank.operators.scoring.TaskScores;
import dev.lychee.rerank.operators.scoring.remote.TestingEndpoint.Answer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A remote model in the service that schedules it. */
class RemoteScoringTest {

    private static final String QUERY = "red summer dress";
    private static final long NO_DEADLINE = Long.MAX_VALUE;

    @TempDir Path folder;

    private final List<Throwable> broken = new CopyOnWriteArrayList<>();
    private TestingEndpoint endpoint;
    private ScoringService service;

    @BeforeEach
    void start() throws Exception {
        endpoint = TestingEndpoint.reranker();
    }

    @AfterEach
    void stop() {
        endpoint.close();
        if (service != null) {
            service.close();
        }
    }

    private void serve(String... remote) throws Exception {
        Path pack = endpoint.pack(folder, "rerank", remote);
        service =
                new ScoringService(
                        RemoteScorer.load(
                                new ScorerSpec(pack.toString(), "auto", "cpu", 0),
                                PackageDescription.read(pack),
                                Map.of()),
                        // Three failures in a row would end the process on a device.
                        new ServiceLimits(new BatchLimits(BatchLimits.MEASURED, 1_000), 3, 1 << 20),
                        ScoringClock.system(),
                        (thread, failure) -> broken.add(failure));
    }

    private CompletableFuture<TaskScores> submit(List<String> documents) {
        return service.submit(null, QUERY, documents, NO_DEADLINE);
    }

    private static TaskScores get(CompletableFuture<TaskScores> scores) throws Exception {
        return scores.get(30, TimeUnit.SECONDS);
    }

    private static List<String> documents(int count) {
        return IntStream.range(0, count).mapToObj(i -> "red dress " + i).toList();
    }

    @Test
    void scoresASetInRequestsOfItsOwnQuery() throws Exception {
        serve("pairs_per_request: 16");

        CompletableFuture<TaskScores> first = submit(documents(40));
        CompletableFuture<TaskScores> second =
                service.submit(null, "blue jacket", List.of("blue jacket", "dress"), NO_DEADLINE);

        assertThat(get(first).pairs()).hasSize(40).allMatch(pair -> pair.error() == null);
        assertThat(get(second).pairs().get(0).logit())
                .isGreaterThan(get(second).pairs().get(1).logit());
        assertThat(endpoint.requests().subList(1, endpoint.requests().size()))
                .extracting(request -> request.path("documents").size())
                .containsExactlyInAnyOrder(16, 16, 8, 2);
        assertThat(service.maxBatchTokens()).isEqualTo(16);
    }

    @Test
    void hasNoMoreRequestsUnderWayThanConnections() throws Exception {
        serve("connections: 3", "pairs_per_request: 1");
        endpoint.block();

        List<CompletableFuture<TaskScores>> sets = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            sets.add(submit(List.of("dress " + i, "jacket " + i)));
        }
        await(() -> endpoint.underWay() == 3);
        endpoint.release();

        for (CompletableFuture<TaskScores> set : sets) {
            assertThat(get(set).pairs()).allMatch(pair -> pair.error() == null);
        }
        assertThat(endpoint.mostUnderWay()).isEqualTo(3);
    }

    @Test
    void answersAnotherSetWhileARequestIsSlow() throws Exception {
        serve("connections: 2");
        endpoint.answer(
                request -> {
                    if (request.toString().contains("slow")) {
                        await(() -> endpoint.requests().toString().contains("quick"));
                    }
                    return TestingEndpoint.rerank(request);
                });

        CompletableFuture<TaskScores> slow = submit(List.of("slow"));
        CompletableFuture<TaskScores> quick = submit(List.of("quick"));

        assertThat(get(quick).pairs().get(0).error()).isNull();
        assertThat(get(slow).pairs().get(0).error()).isNull();
    }

    @Test
    void findsTheDocumentThatTheEndpointRefuses() throws Exception {
        serve("pairs_per_request: 16", "connections: 1");
        endpoint.answer(
                request ->
                        request.toString().contains("poison")
                                ? Answer.status(400)
                                : TestingEndpoint.rerank(request));
        List<String> documents = new ArrayList<>(documents(16));
        documents.set(11, "poison");

        List<PairScore> pairs = get(submit(documents)).pairs();

        for (int i = 0; i < pairs.size(); i++) {
            if (i == 11) {
                assertThat(pairs.get(i).error()).contains("status 400");
            } else {
                assertThat(pairs.get(i).error()).isNull();
            }
        }
        // 1 of 16, then 2 each of 8, 4, 2 and 1; and the one at start-up.
        assertThat(endpoint.requests()).hasSize(1 + 1 + 8);
        assertThat(endpoint.mostUnderWay()).isEqualTo(1);
    }

    @Test
    void doesNotHalveForAnEndpointThatIsDown() throws Exception {
        serve("retry: {attempts: 2, wait_ms: 1}");
        endpoint.answer(request -> Answer.status(503));

        TaskScores scores = get(submit(documents(20)));

        assertThat(scores.pairs())
                .hasSize(20)
                .allSatisfy(
                        pair ->
                                assertThat(pair.error())
                                        .startsWith("not scored: ")
                                        .contains("status 503"));
        assertThat(endpoint.requests()).as("one request and one retry").hasSize(1 + 2);
    }

    @Test
    void failsAtOnceWhileTheCircuitIsOpenAndEndsNoTaskManager() throws Exception {
        serve("retry: {attempts: 1}", "circuit: {requests: 2, open_ms: 600000}");
        endpoint.answer(request -> Answer.status(500));
        for (int i = 0; i < 2; i++) {
            get(submit(List.of("dress " + i)));
        }

        for (int i = 0; i < 8; i++) {
            assertThat(get(submit(List.of("jacket " + i))).pairs().get(0).error())
                    .contains("is left alone for a while");
        }

        assertThat(endpoint.requests()).hasSize(1 + 2);
        assertThat(broken).isEmpty();
        assertThat(service.gauges().get("circuitState").get()).isEqualTo("OPEN");
    }

    @Test
    void keepsWhatIsKnownAndAsksOnceForWhatTwoSetsWant() throws Exception {
        serve();
        get(submit(List.of("red dress")));

        TaskScores again = get(submit(List.of("red dress")));

        assertThat(again.pairs().get(0).error()).isNull();
        assertThat(endpoint.requests()).hasSize(2);
    }

    @Test
    void answersAtTheDeadlineWhateverTheEndpointDoes() throws Exception {
        serve();
        endpoint.block();

        TaskScores late =
                get(
                        service.submit(
                                null,
                                QUERY,
                                List.of("red dress"),
                                ScoringClock.system().epochMillis() + 200));

        assertThat(late.pairs().get(0).error()).isEqualTo("deadline passed before scoring");
    }

    @Test
    void answersEverythingWhenItIsClosedWhileRequestsAreUnderWay() throws Exception {
        serve("connections: 2", "pairs_per_request: 1");
        endpoint.block();
        CompletableFuture<TaskScores> scores = submit(documents(6));
        await(() -> endpoint.underWay() == 2);

        service.close();

        assertThat(get(scores).pairs())
                .hasSize(6)
                .allSatisfy(pair -> assertThat(pair.error()).contains("closed"));
    }

    @Test
    void toldOneByOneWhichPairsHaveNoScore() throws Exception {
        serve();
        endpoint.answer(
                request -> {
                    JsonNode documents = request.path("documents");
                    return Answer.ok(
                            "{\"results\":[{\"index\":0,\"relevance_score\":0.5}"
                                    + (documents.size() > 1
                                            ? ",{\"index\":1,\"relevance_score\":null}]}"
                                            : "]}"));
                });

        List<PairScore> pairs = get(submit(List.of("a", "b"))).pairs();

        assertThat(pairs.get(0).error()).isNull();
        assertThat(pairs.get(1).error())
                .isEqualTo("the answer's relevance_score is no number: null");
    }

    private static void await(BooleanSupplier condition) {
        long end = System.nanoTime() + 30_000_000_000L;
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > end) {
                throw new AssertionError("not within 30 s");
            }
            LockSupport.parkNanos(1_000_000);
        }
    }
}
