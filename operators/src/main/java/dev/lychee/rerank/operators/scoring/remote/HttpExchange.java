package dev.lychee.rerank.operators.scoring.remote;

import dev.lychee.rerank.operators.scoring.InvalidModelPackageException;
import dev.lychee.rerank.operators.scoring.remote.EndpointException.Fault;
import dev.lychee.rerank.operators.scoring.remote.RemotePackage.Calls;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLPeerUnverifiedException;
import org.apache.hc.client5.http.ConnectTimeoutException;
import org.apache.hc.client5.http.config.ConnectionConfig;
import org.apache.hc.client5.http.config.RequestConfig;
import org.apache.hc.client5.http.config.TlsConfig;
import org.apache.hc.client5.http.impl.async.CloseableHttpAsyncClient;
import org.apache.hc.client5.http.impl.async.HttpAsyncClients;
import org.apache.hc.client5.http.impl.nio.PoolingAsyncClientConnectionManagerBuilder;
import org.apache.hc.client5.http.utils.DateUtils;
import org.apache.hc.core5.concurrent.FutureCallback;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpHeaders;
import org.apache.hc.core5.http.HttpStatus;
import org.apache.hc.core5.http.message.BasicHeader;
import org.apache.hc.core5.http.nio.entity.AsyncEntityProducers;
import org.apache.hc.core5.http.nio.support.AsyncRequestBuilder;
import org.apache.hc.core5.http2.HttpVersionPolicy;
import org.apache.hc.core5.io.CloseMode;
import org.apache.hc.core5.reactor.IOReactorConfig;
import org.apache.hc.core5.util.TimeValue;
import org.apache.hc.core5.util.Timeout;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

/**
 * Sends requests to one URL over a bounded number of connections, each within a time limit, and
 * says what to make of what comes back. No thread waits for an answer.
 *
 * <p>The keys are read from the environment once. They go into headers and nowhere else: a message
 * that repeats one, as some endpoints do when they refuse it, has it blotted out, and the client's
 * own log of headers must be off.
 */
final class HttpExchange implements AutoCloseable {

    private static final List<String> CLIENT_LOGS =
            List.of("org.apache.hc.client5.http.headers", "org.apache.hc.client5.http.wire");

    private static final int MAX_REPLY_BYTES = 8 << 20;

    /** Shorter ones are part of too many words. */
    private static final int SHORTEST_SECRET_CHARS = 4;

    private final RemotePackage pack;
    private final ScheduledExecutorService timer;
    private final List<Header> headers = new ArrayList<>();
    private final List<String> secrets = new ArrayList<>();
    private final CloseableHttpAsyncClient client;

    /**
     * @param environment the environment variables, some of which hold the keys
     * @param timer ends requests that take too long; not closed by this
     * @throws InvalidModelPackageException if a variable that the package names is not set, or the
     *     client's log of headers is on
     */
    HttpExchange(
            RemotePackage pack, Map<String, String> environment, ScheduledExecutorService timer)
            throws InvalidModelPackageException {
        this.pack = pack;
        this.timer = timer;
        String apiKeyVariable = pack.apiKeyVariable();
        if (apiKeyVariable != null) {
            String key = secret(environment, apiKeyVariable);
            headers.add(new BasicHeader(HttpHeaders.AUTHORIZATION, "Bearer " + key, true));
        }
        for (Map.Entry<String, String> header : pack.headers().entrySet()) {
            String value = secret(environment, header.getValue());
            headers.add(new BasicHeader(header.getKey(), value, true));
        }
        if (!headers.isEmpty()) {
            requireSilence(pack);
        }
        this.client = client(pack.calls(), threads("lychee-http-" + pack.name()));
        client.start();
    }

    /** The client writes every header to these logs when they are on. */
    private static void requireSilence(RemotePackage pack) throws InvalidModelPackageException {
        for (String log : CLIENT_LOGS) {
            if (LoggerFactory.getLogger(log).isDebugEnabled()) {
                throw new InvalidModelPackageException(
                        "Logger "
                                + log
                                + " is at DEBUG, which would write the key of model package "
                                + pack.name()
                                + " into the log; set it to INFO.");
            }
        }
    }

    private String secret(Map<String, String> environment, String variable)
            throws InvalidModelPackageException {
        String value = environment.getOrDefault(variable, "").strip();
        if (value.isEmpty()) {
            throw new InvalidModelPackageException(
                    "Model package "
                            + pack.name()
                            + " takes a key from the environment variable "
                            + variable
                            + ", which is not set here; set it for every TaskManager, and where"
                            + " jobs are submitted unless scoring.check-at-submission is off.");
        }
        secrets.add(value);
        return value;
    }

    private static CloseableHttpAsyncClient client(Calls calls, ThreadFactory threads) {
        Timeout whole = Timeout.ofMilliseconds(calls.timeoutMillis());
        return HttpAsyncClients.custom()
                .setConnectionManager(
                        PoolingAsyncClientConnectionManagerBuilder.create()
                                .setMaxConnTotal(calls.connections())
                                .setMaxConnPerRoute(calls.connections())
                                .setDefaultConnectionConfig(
                                        ConnectionConfig.custom()
                                                .setConnectTimeout(
                                                        Timeout.ofMilliseconds(
                                                                calls.connectMillis()))
                                                .setSocketTimeout(whole)
                                                .setValidateAfterInactivity(TimeValue.ofSeconds(2))
                                                .build())
                                .setDefaultTlsConfig(
                                        TlsConfig.custom()
                                                .setVersionPolicy(HttpVersionPolicy.FORCE_HTTP_1)
                                                .build())
                                .build())
                .setIOReactorConfig(IOReactorConfig.custom().setIoThreadCount(1).build())
                .setThreadFactory(threads)
                .setDefaultRequestConfig(
                        RequestConfig.custom()
                                .setConnectionRequestTimeout(whole)
                                .setResponseTimeout(whole)
                                .build())
                // Retries are the caller's; a redirect would take the keys to another host.
                .disableAutomaticRetries()
                .disableRedirectHandling()
                .disableCookieManagement()
                .disableAuthCaching()
                .disableContentCompression()
                .setUserAgent("lychee-rerank")
                .build();
    }

    /** Makes threads that end with the process and belong to no job. */
    static ThreadFactory threads(String name) {
        return work -> {
            Thread thread = new Thread(work, name);
            thread.setDaemon(true);
            // Not the submitting job's loader: these threads outlive the job.
            thread.setContextClassLoader(HttpExchange.class.getClassLoader());
            return thread;
        };
    }

    /**
     * Sends a request; returns at once.
     *
     * @param body JSON
     * @return the body of a reply with status 200; fails with {@link EndpointException} and nothing
     *     else
     */
    CompletableFuture<byte[]> post(byte[] body) {
        CompletableFuture<byte[]> answer = new CompletableFuture<>();
        AsyncRequestBuilder request =
                AsyncRequestBuilder.post(pack.url())
                        .setEntity(AsyncEntityProducers.create(body, ContentType.APPLICATION_JSON));
        headers.forEach(request::addHeader);
        Future<Reply> exchange =
                client.execute(
                        request.build(),
                        new Reply.Consumer(MAX_REPLY_BYTES),
                        new FutureCallback<>() {
                            @Override
                            public void completed(Reply reply) {
                                if (reply.status() == HttpStatus.SC_OK) {
                                    answer.complete(reply.body());
                                } else {
                                    answer.completeExceptionally(refusal(reply));
                                }
                            }

                            @Override
                            public void failed(Exception failure) {
                                answer.completeExceptionally(failure(failure));
                            }

                            @Override
                            public void cancelled() {
                                answer.completeExceptionally(
                                        new EndpointException(
                                                Fault.FAILED,
                                                "the request to "
                                                        + pack.place()
                                                        + " was given up"));
                            }
                        });
        // The client's own limits are per read and per write; this is for the whole.
        Future<?> limit =
                timer.schedule(
                        () -> {
                            if (answer.completeExceptionally(tooLate())) {
                                exchange.cancel(true);
                            }
                        },
                        pack.calls().timeoutMillis(),
                        TimeUnit.MILLISECONDS);
        var unused = answer.whenComplete((reply, failure) -> limit.cancel(false));
        return answer;
    }

    private EndpointException tooLate() {
        return new EndpointException(
                Fault.FAILED,
                pack.place()
                        + " gave no answer within "
                        + pack.calls().timeoutMillis()
                        + " ms (remote.timeout_ms)");
    }

    private EndpointException failure(Exception failure) {
        boolean connected = !(failure instanceof ConnectTimeoutException);
        if (failure instanceof SocketTimeoutException && connected) {
            return tooLate();
        }
        boolean distrusted =
                failure instanceof SSLHandshakeException
                        || failure instanceof SSLPeerUnverifiedException;
        String message = failure.getMessage();
        return new EndpointException(
                distrusted ? Fault.LASTING : Fault.PASSING,
                pack.place()
                        + " cannot be reached or broke off: "
                        + redacted(message == null ? failure.getClass().getSimpleName() : message));
    }

    private EndpointException refusal(Reply reply) {
        Fault fault =
                switch (reply.status()) {
                    case HttpStatus.SC_BAD_REQUEST,
                            HttpStatus.SC_REQUEST_TOO_LONG,
                            HttpStatus.SC_UNPROCESSABLE_CONTENT ->
                            Fault.PAIRS;
                    case HttpStatus.SC_REQUEST_TIMEOUT,
                            HttpStatus.SC_TOO_EARLY,
                            HttpStatus.SC_TOO_MANY_REQUESTS,
                            HttpStatus.SC_BAD_GATEWAY,
                            HttpStatus.SC_SERVICE_UNAVAILABLE,
                            HttpStatus.SC_GATEWAY_TIMEOUT ->
                            Fault.PASSING;
                    default ->
                            reply.status() >= HttpStatus.SC_SERVER_ERROR
                                            || reply.status() == HttpStatus.SC_FAILED_DEPENDENCY
                                    ? Fault.FAILED
                                    : Fault.LASTING;
                };
        return new EndpointException(
                fault,
                pack.place()
                        + " answered with status "
                        + reply.status()
                        + ": "
                        + redacted(
                                Answers.bounded(new String(reply.body(), StandardCharsets.UTF_8))),
                retryAfterMillis(reply.retryAfter()));
    }

    /** Seconds or a date (RFC 9110, 10.2.3); 0 when it says neither. */
    private static long retryAfterMillis(@Nullable String text) {
        if (text == null) {
            return 0;
        }
        if (text.strip().matches("\\d{1,9}")) {
            return TimeUnit.SECONDS.toMillis(Long.parseLong(text.strip()));
        }
        Instant date = DateUtils.parseStandardDate(text);
        return date == null ? 0 : Math.max(0, Duration.between(Instant.now(), date).toMillis());
    }

    private String redacted(String message) {
        String redacted = message;
        for (String secret : secrets) {
            if (secret.length() >= SHORTEST_SECRET_CHARS) {
                redacted = redacted.replace(secret, "***");
            }
        }
        return redacted;
    }

    /** Ends connections at once; requests under way fail. */
    @Override
    public void close() {
        client.close(CloseMode.IMMEDIATE);
    }
}
