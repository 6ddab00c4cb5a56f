package dev.lychee.rerank.operators.image.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.lychee.rerank.operators.image.ImageProblem;
import dev.lychee.rerank.operators.image.TestingImages;
import dev.lychee.rerank.operators.image.UnreadableImageException;
import dev.lychee.rerank.schemas.ImageReference;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class ImageSourcesTest {

    private static final byte[] PICTURE = TestingImages.read("rgb.png");
    private static final int MAX_BYTES = 4_096;
    private static final long TIMEOUT_MILLIS = 20_000;
    private static final long LITTLE_PATIENCE_MILLIS = 500;

    private final CountDownLatch done = new CountDownLatch(1);
    private final ExecutorService serverThreads = Executors.newCachedThreadPool();
    private HttpServer server;
    private int port;

    @BeforeEach
    void startServer() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(serverThreads);
        server.createContext("/a.png", exchange -> answer(exchange, PICTURE));
        server.createContext("/large.png", exchange -> answer(exchange, new byte[MAX_BYTES + 1]));
        server.createContext("/endless.png", ImageSourcesTest::answerWithoutEnd);
        server.createContext("/slow.png", this::dripSlowly);
        server.createContext("/headers.png", ImageSourcesTest::answerWithManyHeaders);
        server.createContext("/gone.png", exchange -> redirectOrFail(exchange, 410, null));
        server.createContext("/broken.png", exchange -> redirectOrFail(exchange, 500, null));
        server.createContext("/moved.png", exchange -> redirectOrFail(exchange, 302, "/a.png"));
        server.createContext("/loop.png", exchange -> redirectOrFail(exchange, 302, "/loop.png"));
        server.createContext(
                "/inside.png",
                exchange ->
                        redirectOrFail(exchange, 307, "http://inside.example.com:" + port + "/"));
        server.createContext(
                "/stranger.png",
                exchange -> redirectOrFail(exchange, 301, "http://stranger.example.org/a.png"));
        server.createContext(
                "/file.png", exchange -> redirectOrFail(exchange, 302, "file:///etc/hostname"));
        server.start();
        port = server.getAddress().getPort();
    }

    @AfterEach
    void stopServer() {
        done.countDown();
        server.stop(0);
        serverThreads.shutdownNow();
    }

    // ------------------------------------------------------------ out of the record

    @ParameterizedTest
    @ValueSource(strings = {"", "data:image/png;base64,", "DATA:;base64,"})
    void readsWhatComesWithTheRecord(String prefix) throws Exception {
        String base64 = Base64.getMimeEncoder().encodeToString(PICTURE);
        ImageReference reference =
                prefix.isEmpty()
                        ? new ImageReference(null, base64)
                        : new ImageReference(prefix + base64.replaceAll("\\s", ""), null);

        try (ImageSources sources = new ImageSources(ImageSettings.DEFAULTS)) {
            assertThat(sources.fetch(reference)).isEqualTo(PICTURE);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "https://cdn.example.com/a.png, NOT_ALLOWED",
        "file:///etc/hostname, NOT_ALLOWED",
        "s3://bucket/a.png, NOT_ALLOWED",
        "a.png, MALFORMED_REFERENCE",
        "https://cdn example.com, MALFORMED_REFERENCE",
        "file:a.png, MALFORMED_REFERENCE",
        "'data:image/png,abc', MALFORMED_REFERENCE"
    })
    void readsNothingElseUnlessAllowed(String uri, ImageProblem problem) {
        try (ImageSources sources = new ImageSources(ImageSettings.DEFAULTS)) {
            assertProblem(sources, uri, problem);
        }
    }

    // ------------------------------------------------------------ files

    @Test
    void readsFilesBelowARootOnly(@TempDir Path folder) throws Exception {
        Path root = Files.createDirectories(folder.resolve("shop/pictures"));
        Path outside = Files.write(folder.resolve("secret.png"), PICTURE);
        Files.write(root.resolve("a b.png"), PICTURE);
        Files.write(root.resolve("large.png"), new byte[MAX_BYTES + 1]);
        Files.createSymbolicLink(root.resolve("link.png"), outside);
        Files.createSymbolicLink(root.resolve("up"), folder);
        try (ImageSources sources =
                sources(settings(List.of(root.toUri().toString()), List.of()))) {
            String at = root.toUri().toString();
            assertThat(sources.fetch(new ImageReference(at + "a%20b.png", null)))
                    .isEqualTo(PICTURE);
            assertProblem(sources, outside.toUri().toString(), ImageProblem.NOT_ALLOWED);
            assertProblem(sources, at + "../../secret.png", ImageProblem.NOT_ALLOWED);
            assertProblem(sources, at + "%2e%2e/%2e%2e/secret.png", ImageProblem.NOT_ALLOWED);
            assertProblem(sources, at + "link.png", ImageProblem.NOT_ALLOWED);
            assertProblem(sources, at + "up/secret.png", ImageProblem.NOT_ALLOWED);
            assertProblem(sources, at + "missing.png", ImageProblem.NOT_FOUND);
            assertProblem(sources, at + "large.png", ImageProblem.TOO_LARGE);
            assertProblem(sources, at + "up", ImageProblem.NOT_ALLOWED);
        }
    }

    @Test
    void doesNotTakeABeginningOfANameForAFolder() {
        ImageRoot root = ImageRoot.of("s3://bucket/shop");

        assertThat(root.holds(java.net.URI.create("s3://bucket/shop/a.png"))).isTrue();
        assertThat(root.holds(java.net.URI.create("s3://bucket/shopping/a.png"))).isFalse();
        assertThat(root.holds(java.net.URI.create("s3://bucket/shop/../a.png"))).isFalse();
        assertThat(root.holds(java.net.URI.create("s3://other/shop/a.png"))).isFalse();
        assertThat(root.holds(java.net.URI.create("s3://bucket/shop"))).isFalse();
    }

    // ------------------------------------------------------------ web

    @Test
    void readsFromAnAllowedHost() throws Exception {
        try (ImageSources sources = web()) {
            assertThat(sources.fetch(at("cdn.example.com", "a.png"))).isEqualTo(PICTURE);
            assertThat(sources.fetch(at("cdn.example.com", "moved.png"))).isEqualTo(PICTURE);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "large.png, TOO_LARGE",
        "endless.png, TOO_LARGE",
        "headers.png, FETCH_FAILED",
        "gone.png, NOT_FOUND",
        "broken.png, FETCH_FAILED",
        "loop.png, TOO_MANY_REDIRECTS",
        "inside.png, PRIVATE_ADDRESS",
        "stranger.png, NOT_ALLOWED",
        "file.png, NOT_ALLOWED"
    })
    void givesUpOnBadAnswers(String path, ImageProblem problem) {
        try (ImageSources sources = web()) {
            assertProblem(sources, at("cdn.example.com", path).uri(), problem);
        }
    }

    @Test
    void cutsOffWhatDripsSlowly() {
        try (ImageSources sources = web(LITTLE_PATIENCE_MILLIS)) {
            assertProblem(sources, at("cdn.example.com", "slow.png").uri(), ImageProblem.TIMEOUT);
        }
    }

    @Test
    void doesNotConnectToAddressesThatAreNotPublic() {
        try (ImageSources sources = web()) {
            assertProblem(
                    sources, at("inside.example.com", "a.png").uri(), ImageProblem.PRIVATE_ADDRESS);
            assertProblem(
                    sources, at("unknown.example.com", "a.png").uri(), ImageProblem.FETCH_FAILED);
            assertProblem(sources, "http://cdn.example.com/a.png", ImageProblem.NOT_ALLOWED);
            assertProblem(
                    sources,
                    "http://user@cdn.example.com:" + port + "/a.png",
                    ImageProblem.MALFORMED_REFERENCE);
        }
        ImageSettings strict = settings(List.of(), List.of("127.0.0.1:" + port));
        try (ImageSources sources = new ImageSources(strict)) {
            assertProblem(sources, at("127.0.0.1", "a.png").uri(), ImageProblem.PRIVATE_ADDRESS);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "127.0.0.1",
                "10.1.2.3",
                "172.31.0.1",
                "192.168.0.1",
                "169.254.169.254",
                "100.64.0.1",
                "0.0.0.0",
                "224.0.0.1",
                "240.0.0.1",
                "255.255.255.255",
                "192.0.2.1",
                "198.18.0.1",
                "::1",
                "::",
                "fe80::1",
                "fc00::1",
                "fd12:3456::1",
                "ff02::1",
                "::ffff:10.0.0.1",
                "64:ff9b::a00:1",
                "2002:a00:1::1",
                "2001:db8::1",
                "2001::1",
                "::10.0.0.1",
                "fec0::1"
            })
    void knowsAddressesThatAreNotPublic(String address) throws UnknownHostException {
        assertThat(PublicAddresses.isPublic(InetAddress.getByName(address))).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "1.1.1.1",
                "172.32.0.1",
                "100.128.0.1",
                "192.0.1.1",
                "2606:4700::1111",
                "2001:4860::8888"
            })
    void knowsPublicAddresses(String address) throws UnknownHostException {
        assertThat(PublicAddresses.isPublic(InetAddress.getByName(address))).isTrue();
    }

    @Test
    void refusesSettingsThatMeanNothing() {
        assertThatThrownBy(() -> settings(List.of("/data/pictures"), List.of()))
                .hasMessageContaining("\"/data/pictures\" is not a folder with its scheme");
        assertThatThrownBy(() -> settings(List.of(), List.of("https://cdn.example.com")))
                .hasMessageContaining("\"https://cdn.example.com\" is not a host");
    }

    // ------------------------------------------------------------ around

    private static ImageSettings settings(List<String> roots, List<String> hosts) {
        return settings(roots, hosts, TIMEOUT_MILLIS);
    }

    private static ImageSettings settings(
            List<String> roots, List<String> hosts, long timeoutMillis) {
        return new ImageSettings(
                roots, hosts, false, MAX_BYTES, 1_000_000, timeoutMillis, 2, 1 << 20, 0);
    }

    private static ImageSources sources(ImageSettings settings) {
        return new ImageSources(settings);
    }

    private ImageSources web() {
        return web(TIMEOUT_MILLIS);
    }

    /** The server under names; 127.0.0.1 counts as public, and only for these tests. */
    private ImageSources web(long timeoutMillis) {
        return new ImageSources(
                settings(List.of(), List.of("*.example.com:" + port), timeoutMillis),
                address -> address.isLoopbackAddress() || PublicAddresses.isPublic(address),
                name ->
                        switch (name) {
                            case "cdn.example.com" ->
                                    new InetAddress[] {InetAddress.getLoopbackAddress()};
                            case "inside.example.com" ->
                                    new InetAddress[] {InetAddress.getByName("10.0.0.1")};
                            default -> throw new UnknownHostException(name);
                        });
    }

    private ImageReference at(String host, String path) {
        return new ImageReference("http://" + host + ":" + port + "/" + path, null);
    }

    private static void assertProblem(ImageSources sources, String uri, ImageProblem problem) {
        assertThatThrownBy(() -> sources.fetch(new ImageReference(uri, null)))
                .isInstanceOfSatisfying(
                        UnreadableImageException.class,
                        e -> assertThat(e.problem()).as(e.getMessage()).isEqualTo(problem));
    }

    private static void answer(HttpExchange exchange, byte[] content) throws IOException {
        exchange.sendResponseHeaders(200, content.length);
        try (OutputStream out = exchange.getResponseBody()) {
            out.write(content);
        }
    }

    private static void answerWithManyHeaders(HttpExchange exchange) throws IOException {
        for (int i = 0; i < 1_000; i++) {
            exchange.getResponseHeaders().add("X-" + i, "x");
        }
        answer(exchange, PICTURE);
    }

    private static void answerWithoutEnd(HttpExchange exchange) throws IOException {
        exchange.sendResponseHeaders(200, 0);
        try (OutputStream out = exchange.getResponseBody()) {
            byte[] some = new byte[1024];
            while (true) {
                out.write(some);
            }
        }
    }

    /** A byte whenever the other side might lose patience between two of them. */
    private void dripSlowly(HttpExchange exchange) throws IOException {
        exchange.sendResponseHeaders(200, 0);
        try (OutputStream out = exchange.getResponseBody()) {
            while (!done.await(50, TimeUnit.MILLISECONDS)) {
                out.write(1);
                out.flush();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void redirectOrFail(HttpExchange exchange, int code, String location)
            throws IOException {
        if (location != null) {
            exchange.getResponseHeaders().add("Location", location);
        }
        exchange.sendResponseHeaders(code, -1);
        exchange.close();
    }
}
