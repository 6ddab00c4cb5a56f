package dev.lychee.rerank.operators.scoring.remote;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;

/** A real server on this machine that answers as its test says. */
final class TestingEndpoint implements AutoCloseable {

    private static final ObjectMapper JSON = new ObjectMapper();

    private final HttpServer server;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final List<JsonNode> requests = new CopyOnWriteArrayList<>();
    private final List<Headers> headers = new CopyOnWriteArrayList<>();
    private final AtomicInteger underWay = new AtomicInteger();
    private final AtomicInteger mostUnderWay = new AtomicInteger();
    private volatile CountDownLatch gate = new CountDownLatch(0);
    private volatile Function<JsonNode, Answer> answers;

    /** What is sent back. */
    record Answer(int status, String body, Map<String, String> headers) {

        static Answer ok(String body) {
            return new Answer(200, body, Map.of());
        }

        static Answer status(int status) {
            return new Answer(status, "{\"error\":\"as told\"}", Map.of());
        }

        Answer with(String header, String value) {
            return new Answer(status, body, Map.of(header, value));
        }
    }

    TestingEndpoint(Function<JsonNode, Answer> answers) throws IOException {
        this.answers = answers;
        this.server =
                HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(threads);
        server.createContext("/", this::serve);
        server.start();
    }

    /** Speaks vLLM's rerank: the probability is the share of the query's words in the document. */
    static TestingEndpoint reranker() throws IOException {
        return new TestingEndpoint(TestingEndpoint::rerank);
    }

    static Answer rerank(JsonNode request) {
        String query = request.path("query").asText();
        List<double[]> scored = new ArrayList<>();
        for (JsonNode document : request.path("documents")) {
            scored.add(new double[] {scored.size(), overlap(query, document.asText())});
        }
        // The best first, as servers do.
        scored.sort((a, b) -> Double.compare(b[1], a[1]));
        ArrayNode results = JSON.createArrayNode();
        for (double[] each : scored) {
            results.addObject().put("index", (int) each[0]).put("relevance_score", each[1]);
        }
        return Answer.ok(JSON.createObjectNode().set("results", results).toString());
    }

    static double overlap(String query, String document) {
        List<String> words = List.of(query.split(" "));
        long shared = words.stream().filter(List.of(document.split(" "))::contains).count();
        return 0.1 + 0.8 * shared / words.size();
    }

    /** Answers differently from now on. */
    void answer(Function<JsonNode, Answer> now) {
        answers = now;
    }

    /** Lets requests wait until {@link #release}. */
    void block() {
        gate = new CountDownLatch(1);
    }

    void release() {
        gate.countDown();
    }

    /** Requests so far, in order of arrival; the one of start-up is the first. */
    List<JsonNode> requests() {
        return Collections.unmodifiableList(requests);
    }

    List<Headers> headers() {
        return Collections.unmodifiableList(headers);
    }

    int mostUnderWay() {
        return mostUnderWay.get();
    }

    int underWay() {
        return underWay.get();
    }

    int port() {
        return server.getAddress().getPort();
    }

    /** Writes a package for this endpoint; more lines go below {@code remote}. */
    Path pack(Path folder, String api, String... remote) {
        return pack(folder, port(), api, remote);
    }

    static Path pack(Path folder, int port, String api, String... remote) {
        StringBuilder yaml = new StringBuilder();
        yaml.append("schema: 1\nname: served\nversion: \"1\"\nkind: remote\n");
        yaml.append("limits: {max_tokens: 512, max_query_tokens: 64}\n");
        yaml.append("remote:\n");
        yaml.append("  api: ").append(api).append('\n');
        yaml.append("  url: http://localhost:").append(port).append("/v1/any\n");
        yaml.append("  model: some/model\n");
        String rest = "";
        for (String line : remote) {
            if (line.startsWith("^")) {
                rest += line.substring(1) + "\n";
            } else {
                yaml.append("  ").append(line).append('\n');
            }
        }
        try {
            Files.createDirectories(folder);
            Files.writeString(folder.resolve("model.yaml"), yaml + rest);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return folder;
    }

    private void serve(HttpExchange exchange) throws IOException {
        mostUnderWay.accumulateAndGet(underWay.incrementAndGet(), Math::max);
        try (exchange) {
            JsonNode request = JSON.readTree(exchange.getRequestBody().readAllBytes());
            headers.add(exchange.getRequestHeaders());
            requests.add(request);
            if (!gate.await(60, TimeUnit.SECONDS)) {
                throw new IllegalStateException("Nobody released the endpoint");
            }
            Answer answer = answers.apply(request);
            if (answer.status() == 0) {
                // Breaks the connection off.
                return;
            }
            answer.headers().forEach(exchange.getResponseHeaders()::add);
            byte[] body = answer.body().getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(answer.status(), body.length == 0 ? -1 : body.length);
            exchange.getResponseBody().write(body);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            underWay.decrementAndGet();
        }
    }

    @Override
    public void close() {
        gate.countDown();
        server.stop(0);
        threads.shutdownNow();
    }
}
