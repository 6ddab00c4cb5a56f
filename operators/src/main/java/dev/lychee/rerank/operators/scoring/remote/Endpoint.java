package dev.lychee.rerank.operators.scoring.remote;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.lychee.rerank.operators.scoring.InvalidModelPackageException;
import dev.lychee.rerank.operators.scoring.PassScores;
import dev.lychee.rerank.operators.scoring.ScorerUnavailableException;
import dev.lychee.rerank.operators.scoring.remote.EndpointException.Fault;
import dev.lychee.rerank.operators.scoring.remote.RemotePackage.Calls;
import io.github.resilience4j.circuitbreaker.CallNotPermittedException;
import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import io.github.resilience4j.core.IntervalFunction;
import io.github.resilience4j.retry.Retry;
import io.github.resilience4j.retry.RetryConfig;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks one endpoint for scores, again where that may help, and leaves it alone while it fails.
 *
 * <p>Each attempt passes the circuit breaker, which counts it; waits begin anew with each request.
 * Nothing here waits on a thread, but for {@link #askPatiently} at start-up.
 */
final class Endpoint implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Endpoint.class);

    private static final double WAIT_FACTOR = 2;

    /** Waits are spread by this share to either side, lest all come back at once. */
    private static final double WAIT_SPREAD = 0.5;

    private static final Duration STARTUP_WAIT = Duration.ofSeconds(1);
    private static final int TRIALS_OF_A_CIRCUIT = 2;

    private final RemotePackage pack;
    private final RemoteProtocol protocol;

    /** A server that writes NaN for one document must not lose the others. */
    private final ObjectMapper json =
            JsonMapper.builder().enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS).build();

    private final EndpointStats stats = new EndpointStats();
    private final ScheduledThreadPoolExecutor timer;
    private final HttpExchange http;
    private final CircuitBreaker circuit;
    private final RetryConfig retries;

    /**
     * @param environment the environment variables, some of which hold the keys
     * @throws InvalidModelPackageException if a variable that the package names is not set
     */
    Endpoint(RemotePackage pack, Map<String, String> environment)
            throws InvalidModelPackageException {
        this.pack = pack;
        this.protocol = pack.protocol();
        this.timer =
                new ScheduledThreadPoolExecutor(
                        1, HttpExchange.threads("lychee-remote-timer-" + pack.name()));
        timer.setRemoveOnCancelPolicy(true);
        this.http = new HttpExchange(pack, environment, timer);
        this.circuit = circuit(pack);
        this.retries = retries(pack.calls());
    }

    private static CircuitBreaker circuit(RemotePackage pack) {
        Calls calls = pack.calls();
        CircuitBreaker circuit =
                CircuitBreaker.of(
                        pack.name(),
                        CircuitBreakerConfig.custom()
                                .slidingWindowSize(calls.circuitCalls())
                                .minimumNumberOfCalls(calls.circuitCalls())
                                .failureRateThreshold(calls.circuitFailures())
                                .waitDurationInOpenState(Duration.ofMillis(calls.circuitMillis()))
                                .permittedNumberOfCallsInHalfOpenState(TRIALS_OF_A_CIRCUIT)
                                .ignoreException(failure -> is(Fault.PAIRS, failure))
                                .writableStackTraceEnabled(false)
                                .build());
        circuit.getEventPublisher()
                .onStateTransition(
                        event ->
                                LOG.warn(
                                        "The circuit to {} of model {} was {} and is {} now",
                                        pack.place(),
                                        pack.name(),
                                        event.getStateTransition().getFromState(),
                                        event.getStateTransition().getToState()));
        return circuit;
    }

    private static RetryConfig retries(Calls calls) {
        IntervalFunction backoff =
                IntervalFunction.ofExponentialRandomBackoff(
                        calls.waitMillis(),
                        WAIT_FACTOR,
                        WAIT_SPREAD,
                        Math.max(calls.waitMillis(), calls.maxWaitMillis()));
        return RetryConfig.<PassScores>custom()
                .maxAttempts(calls.attempts())
                // Sooner than the endpoint asks for would only be refused again.
                .retryOnException(
                        failure ->
                                failure instanceof EndpointException known
                                        && known.fault() == Fault.PASSING
                                        && known.retryAfterMillis() <= calls.maxWaitMillis())
                .intervalBiFunction(
                        (attempt, outcome) ->
                                outcome.isLeft()
                                                && outcome.getLeft()
                                                        instanceof EndpointException known
                                        ? Math.max(known.retryAfterMillis(), backoff.apply(attempt))
                                        : backoff.apply(attempt))
                .build();
    }

    private static boolean is(Fault fault, Throwable failure) {
        return failure instanceof EndpointException known && known.fault() == fault;
    }

    /** Counts since the start. */
    EndpointStats stats() {
        return stats;
    }

    /** {@code CLOSED} when requests go through, {@code OPEN} when none does, or in between. */
    String circuitState() {
        return circuit.getState().name();
    }

    /**
     * Asks for the scores of documents of one query; returns at once.
     *
     * @param wanted whether anybody still waits for the answer; asked before another attempt
     * @return fails with {@link ScorerUnavailableException} unless the documents may be the reason
     */
    CompletableFuture<PassScores> ask(
            RemoteQuery query, List<RemoteContent> documents, BooleanSupplier wanted) {
        byte[] body = request(query, documents);
        AtomicInteger attempts = new AtomicInteger();
        Supplier<CompletionStage<PassScores>> attempt =
                () -> {
                    if (attempts.getAndIncrement() > 0) {
                        if (!wanted.getAsBoolean()) {
                            return CompletableFuture.failedFuture(
                                    new EndpointException(
                                            Fault.FAILED, "nobody waits for the answer any more"));
                        }
                        stats.retries.increment();
                    }
                    return circuit.executeCompletionStage(() -> exchange(body, documents.size()));
                };
        CompletableFuture<PassScores> answer = new CompletableFuture<>();
        // One of its own for each request: it counts the attempts.
        var unused =
                Retry.of(pack.name(), retries)
                        .executeCompletionStage(timer, attempt)
                        .whenComplete(
                                (scores, failure) -> {
                                    if (failure == null) {
                                        answer.complete(scores);
                                    } else {
                                        answer.completeExceptionally(told(unwrapped(failure)));
                                    }
                                });
        return answer;
    }

    /** What the service makes of a failure: whether halves of the batch may fare better. */
    private RuntimeException told(Throwable failure) {
        if (failure instanceof CallNotPermittedException) {
            stats.failures.increment();
            return new ScorerUnavailableException(
                    pack.place() + " failed too often of late and is left alone for a while");
        }
        String message = String.valueOf(failure.getMessage());
        return is(Fault.PAIRS, failure)
                ? new IllegalStateException(message)
                : new ScorerUnavailableException(message);
    }

    /**
     * Asks and waits, as long as the package allows while the endpoint starts. The circuit breaker
     * does not see it.
     *
     * @throws InvalidModelPackageException if waiting longer would not help
     * @throws IllegalStateException if the endpoint did not answer in time
     */
    PassScores askPatiently(RemoteQuery query, List<RemoteContent> documents)
            throws InvalidModelPackageException {
        byte[] body = request(query, documents);
        long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(pack.calls().startupMillis());
        Retry patience =
                Retry.of(
                        pack.name(),
                        RetryConfig.custom()
                                .maxAttempts(Integer.MAX_VALUE)
                                .waitDuration(STARTUP_WAIT)
                                .retryOnException(
                                        failure ->
                                                (is(Fault.PASSING, failure)
                                                                || is(Fault.FAILED, failure))
                                                        && System.nanoTime() < end)
                                .build());
        patience.getEventPublisher()
                .onRetry(
                        event ->
                                LOG.info(
                                        "Waiting for model {}: {}",
                                        pack.name(),
                                        String.valueOf(event.getLastThrowable().getMessage())));
        try {
            return patience.executeSupplier(() -> waitFor(exchange(body, documents.size())));
        } catch (EndpointException e) {
            if (e.fault() == Fault.PAIRS || e.fault() == Fault.LASTING) {
                throw new InvalidModelPackageException(
                        "Model package "
                                + pack.name()
                                + " cannot be used with its endpoint: "
                                + e.getMessage(),
                        e);
            }
            throw new IllegalStateException(
                    "The endpoint of model package "
                            + pack.name()
                            + " was not ready within "
                            + pack.calls().startupMillis()
                            + " ms (remote.startup_timeout_ms): "
                            + e.getMessage()
                            + ". Is it running, and can this machine reach it?",
                    e);
        }
    }

    private static PassScores waitFor(CompletableFuture<PassScores> answer) {
        try {
            return answer.join();
        } catch (CompletionException e) {
            throw unwrapped(e) instanceof EndpointException known ? known : e;
        }
    }

    private byte[] request(RemoteQuery query, List<RemoteContent> documents) {
        try {
            return json.writeValueAsBytes(protocol.request(query, documents));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("A tree can be written", e);
        }
    }

    /** One attempt; fails with {@link EndpointException} and nothing else. */
    private CompletableFuture<PassScores> exchange(byte[] body, int pairs) {
        stats.requests.increment();
        CompletableFuture<PassScores> scores = new CompletableFuture<>();
        var unused =
                http.post(body)
                        .whenComplete(
                                (reply, failure) -> {
                                    try {
                                        if (failure != null) {
                                            throw failure;
                                        }
                                        scores.complete(read(reply, pairs));
                                    } catch (Throwable t) {
                                        stats.failures.increment();
                                        scores.completeExceptionally(t);
                                    }
                                });
        return scores;
    }

    private PassScores read(byte[] reply, int pairs) {
        JsonNode answer;
        try {
            answer = json.readTree(reply);
        } catch (IOException e) {
            throw new EndpointException(
                    Fault.FAILED, pack.place() + " answered with something that is no JSON");
        }
        PassScores scores = protocol.read(answer, pairs);
        if (!scores.reasons().isEmpty()) {
            countUnparsed(scores.reasons());
        }
        return scores;
    }

    private void countUnparsed(Map<Integer, String> reasons) {
        long before = stats.unparsed.sum();
        stats.unparsed.add(reasons.size());
        long now = stats.unparsed.sum();
        // Each power of two: enough to notice, and no flood.
        if (Long.highestOneBit(now) != Long.highestOneBit(before)) {
            LOG.warn(
                    "{} pairs so far got no score from model {}; one of them: {}",
                    now,
                    pack.name(),
                    reasons.values().iterator().next());
        }
    }

    private static Throwable unwrapped(Throwable failure) {
        return failure instanceof CompletionException && failure.getCause() != null
                ? failure.getCause()
                : failure;
    }

    /** Ends connections and waits at once; requests under way are forgotten. */
    @Override
    public void close() {
        timer.shutdownNow();
        http.close();
    }
}
