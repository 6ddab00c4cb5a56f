package dev.lychee.rerank.operators.image.source;

import dev.lychee.rerank.operators.image.ImageProblem;
import dev.lychee.rerank.operators.image.UnreadableImageException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.apache.hc.client5.http.DnsResolver;
import org.apache.hc.client5.http.classic.methods.HttpGet;
import org.apache.hc.client5.http.config.ConnectionConfig;
import org.apache.hc.client5.http.config.RequestConfig;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.classic.HttpClients;
import org.apache.hc.client5.http.impl.io.ManagedHttpClientConnectionFactory;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManager;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManagerBuilder;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpEntity;
import org.apache.hc.core5.http.HttpHeaders;
import org.apache.hc.core5.http.config.Http1Config;
import org.apache.hc.core5.io.CloseMode;
import org.apache.hc.core5.util.Timeout;
import org.jspecify.annotations.Nullable;

/**
 * Pictures on the web, from hosts that are allowed, at addresses that are public.
 *
 * <p>A name is resolved once per connection and the connection goes to the very address that was
 * looked at, so a name that changes its address in between gains nothing. Redirects are followed by
 * hand, each target checked like the first. No proxy, cookie, password or compression is used;
 * content types are not looked at. A request is cut off when its time is over, wherever it stands.
 */
final class HttpImages implements AutoCloseable {

    static final int MAX_REDIRECTS = 3;

    private static final int CONNECTIONS_PER_HOST = 8;

    /** Headers have no end by default, and stand outside the limit of the content. */
    private static final Http1Config BOUNDED_HEADERS =
            Http1Config.custom().setMaxHeaderCount(200).setMaxLineLength(1 << 14).build();

    private final AllowedHosts hosts;
    private final ScheduledExecutorService watch;
    private final CloseableHttpClient client;

    /**
     * @param isAllowed which addresses may be connected to
     * @param names how names become addresses
     * @param watch runs what cuts a request off; not closed here
     */
    HttpImages(
            ImageSettings settings,
            Predicate<InetAddress> isAllowed,
            NameResolver names,
            ScheduledExecutorService watch) {
        this.hosts = new AllowedHosts(settings.hosts());
        this.watch = watch;
        Timeout patience = Timeout.ofMilliseconds(settings.timeoutMillis());
        PoolingHttpClientConnectionManager connections =
                PoolingHttpClientConnectionManagerBuilder.create()
                        .setDnsResolver(new CheckedResolver(isAllowed, names))
                        .setConnectionFactory(
                                ManagedHttpClientConnectionFactory.builder()
                                        .http1Config(BOUNDED_HEADERS)
                                        .build())
                        .setMaxConnTotal(settings.threads())
                        .setMaxConnPerRoute(CONNECTIONS_PER_HOST)
                        .setDefaultConnectionConfig(
                                ConnectionConfig.custom()
                                        .setConnectTimeout(patience)
                                        .setSocketTimeout(patience)
                                        .build())
                        .build();
        this.client =
                HttpClients.custom()
                        .setConnectionManager(connections)
                        .setDefaultRequestConfig(
                                RequestConfig.custom()
                                        .setConnectionRequestTimeout(patience)
                                        .setResponseTimeout(patience)
                                        .build())
                        .setUserAgent("lychee-rerank")
                        .disableRedirectHandling()
                        .disableAutomaticRetries()
                        .disableContentCompression()
                        .disableCookieManagement()
                        .disableAuthCaching()
                        .build();
    }

    /** How names become addresses. */
    @FunctionalInterface
    interface NameResolver {

        InetAddress[] resolve(String name) throws UnknownHostException;
    }

    byte[] fetch(URI address, BoundedRead limits) throws UnreadableImageException {
        URI next = address;
        for (int hop = 0; hop <= MAX_REDIRECTS; hop++) {
            String scheme = next.getScheme();
            if (!"http".equalsIgnoreCase(scheme) && !"https".equalsIgnoreCase(scheme)) {
                throw new UnreadableImageException(
                        ImageProblem.NOT_ALLOWED,
                        "the host sends us to scheme %s; only http and https are followed"
                                .formatted(scheme));
            }
            hosts.check(next);
            Answer answer = ask(next, limits);
            if (answer.content() != null) {
                return answer.content();
            }
            next = target(next, answer.location());
        }
        throw new UnreadableImageException(
                ImageProblem.TOO_MANY_REDIRECTS,
                "the host sends us on more than %d times".formatted(MAX_REDIRECTS));
    }

    private Answer ask(URI address, BoundedRead limits) throws UnreadableImageException {
        HttpGet request = new HttpGet(address);
        ScheduledFuture<?> cut =
                watch.schedule(
                        request::cancel,
                        Math.max(0, limits.remainingNanos()),
                        TimeUnit.NANOSECONDS);
        try {
            return client.execute(
                    request,
                    response -> {
                        try {
                            return read(response, limits);
                        } catch (UnreadableImageException e) {
                            // Else the rest would be read, to use the connection again.
                            request.cancel();
                            throw new UnusableAnswerException(e);
                        }
                    });
        } catch (UnusableAnswerException e) {
            throw e.problem;
        } catch (RefusedAddressException e) {
            throw new UnreadableImageException(
                    ImageProblem.PRIVATE_ADDRESS, String.valueOf(e.getMessage()), e);
        } catch (UnknownHostException e) {
            throw new UnreadableImageException(
                    ImageProblem.FETCH_FAILED,
                    "the host %s is not known".formatted(address.getHost()),
                    e);
        } catch (IOException | RuntimeException e) {
            if (limits.remainingNanos() <= 0 || e instanceof InterruptedIOException) {
                throw BoundedRead.tooSlow();
            }
            throw new UnreadableImageException(
                    ImageProblem.FETCH_FAILED,
                    "the host %s does not answer as it should: %s"
                            .formatted(address.getHost(), e.getMessage()),
                    e);
        } finally {
            cut.cancel(false);
        }
    }

    private static Answer read(ClassicHttpResponse response, BoundedRead limits)
            throws IOException, UnreadableImageException {
        int code = response.getCode();
        if (code == 301 || code == 302 || code == 303 || code == 307 || code == 308) {
            Header location = response.getFirstHeader(HttpHeaders.LOCATION);
            return new Answer(null, location == null ? "" : location.getValue());
        }
        HttpEntity entity = response.getEntity();
        if (code != 200 || entity == null) {
            throw new UnreadableImageException(
                    code == 404 || code == 410 ? ImageProblem.NOT_FOUND : ImageProblem.FETCH_FAILED,
                    "the host answers with status " + code);
        }
        if (entity.getContentLength() > limits.maxBytes()) {
            throw limits.tooLarge();
        }
        return new Answer(limits.read(entity.getContent()), "");
    }

    private static URI target(URI from, String location) throws UnreadableImageException {
        try {
            return from.resolve(location);
        } catch (IllegalArgumentException e) {
            throw new UnreadableImageException(
                    ImageProblem.FETCH_FAILED, "the host sends us to what is no address", e);
        }
    }

    @Override
    public void close() {
        client.close(CloseMode.IMMEDIATE);
    }

    /** Content, or where the host sends us. */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Answer(byte @Nullable [] content, String location) {}

    private static final class UnusableAnswerException extends IOException {

        private static final long serialVersionUID = 1L;

        private final UnreadableImageException problem;

        UnusableAnswerException(UnreadableImageException problem) {
            super(problem);
            this.problem = problem;
        }
    }

    /** Gives the client only addresses that it may connect to. */
    private record CheckedResolver(Predicate<InetAddress> isAllowed, NameResolver names)
            implements DnsResolver {

        @Override
        public InetAddress[] resolve(String host) throws UnknownHostException {
            InetAddress[] addresses = names.resolve(host);
            for (InetAddress address : addresses) {
                // One is enough: an honest name does not mix them.
                if (!isAllowed.test(address)) {
                    throw new RefusedAddressException(
                            "host %s has the address %s, which is not public; see images.private-addresses"
                                    .formatted(host, address.getHostAddress()));
                }
            }
            return addresses;
        }

        @Override
        public String resolveCanonicalHostname(String host) {
            return host;
        }
    }

    private static final class RefusedAddressException extends UnknownHostException {

        private static final long serialVersionUID = 1L;

        RefusedAddressException(String message) {
            super(message);
        }
    }
}
