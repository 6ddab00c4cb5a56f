package dev.lychee.rerank.operators.scoring.remote;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import dev.lychee.rerank.operators.scoring.Content;
import dev.lychee.rerank.operators.scoring.EncodedPair;
import dev.lychee.rerank.operators.scoring.EncodedQuery;
import dev.lychee.rerank.operators.scoring.InvalidModelPackageException;
import dev.lychee.rerank.operators.scoring.PackageDescription;
import dev.lychee.rerank.operators.scoring.PairImage;
import dev.lychee.rerank.operators.scoring.PassScores;
import dev.lychee.rerank.operators.scoring.ScorerImages;
import dev.lychee.rerank.operators.scoring.ScorerSpec;
import dev.lychee.rerank.operators.scoring.ScorerUnavailableException;
import dev.lychee.rerank.operators.scoring.remote.TestingEndpoint.Answer;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import org.apache.logging.log4j.Level;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.core.LogEvent;
import org.apache.logging.log4j.core.LoggerContext;
import org.apache.logging.log4j.core.appender.AbstractAppender;
import org.apache.logging.log4j.core.config.Configurator;
import org.apache.logging.log4j.core.config.LoggerConfig;
import org.apache.logging.log4j.core.config.Property;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RemoteScorerTest {

    private static final String QUERY = "red summer dress";

    @TempDir Path folder;

    private final List<AutoCloseable> opened = new ArrayList<>();

    @AfterEach
    void close() throws Exception {
        for (AutoCloseable each : opened) {
            each.close();
        }
    }

    private TestingEndpoint endpoint(Function<JsonNode, Answer> answers) throws IOException {
        TestingEndpoint endpoint = new TestingEndpoint(answers);
        opened.add(0, endpoint);
        return endpoint;
    }

    private RemoteScorer load(Path pack, Map<String, String> environment) throws Exception {
        RemoteScorer scorer =
                RemoteScorer.load(
                        new ScorerSpec(pack.toString(), "auto", "cpu", 0),
                        PackageDescription.read(pack),
                        environment);
        opened.add(0, scorer);
        return scorer;
    }

    private RemoteScorer load(Path pack) throws Exception {
        return load(pack, Map.of());
    }

    private static List<EncodedPair> pairs(RemoteScorer scorer, String... documents) {
        EncodedQuery query = scorer.encodeQuery(null, QUERY);
        return Arrays.stream(documents)
                .map(document -> scorer.encodePair(query, document))
                .toList();
    }

    private static PassScores ask(RemoteScorer scorer, String... documents) {
        return scorer.begin(pairs(scorer, documents), () -> true).join();
    }

    private static float logOdds(double probability) {
        return (float) Math.log(probability / (1 - probability));
    }

    // ------------------------------------------------------------ what each API says

    @Test
    void speaksRerankWhoseAnswersComeBestFirst() throws Exception {
        TestingEndpoint endpoint = endpoint(TestingEndpoint::rerank);
        RemoteScorer scorer = load(endpoint.pack(folder, "vllm-rerank"));

        PassScores scores = ask(scorer, "blue jacket", "red summer dress", "summer");

        assertThat(endpoint.requests().get(1).toString())
                .isEqualTo(
                        "{\"model\":\"some/model\",\"query\":\"red summer dress\",\"documents\":"
                                + "[\"blue jacket\",\"red summer dress\",\"summer\"],\"top_n\":3}");
        assertThat(scores.logits())
                .containsExactly(
                        new float[] {logOdds(0.1), logOdds(0.9), logOdds(0.1 + 0.8 / 3)},
                        within(1e-5f));
        assertThat(scores.reasons()).isEmpty();
    }

    @Test
    void asksVllmForLogitsWhenThePackageWantsThem() throws Exception {
        TestingEndpoint endpoint =
                endpoint(
                        request ->
                                Answer.ok(
                                        "{\"id\":\"x\",\"model\":\"m\",\"usage\":{\"total_tokens\":9},"
                                                + "\"results\":[{\"index\":0,\"document\":{\"text\":\"a\"},"
                                                + "\"relevance_score\":-7.25}]}"));
        RemoteScorer scorer = load(endpoint.pack(folder, "vllm-rerank", "score: logit"));

        assertThat(ask(scorer, "a").logits()).containsExactly(-7.25f);
        assertThat(endpoint.requests().get(1).path("use_activation")).isEqualTo(BooleanNode.FALSE);
    }

    @Test
    void speaksVllmsScore() throws Exception {
        TestingEndpoint endpoint =
                endpoint(
                        request ->
                                Answer.ok(
                                        request.path("text_2").size() == 1
                                                ? "{\"data\":[{\"index\":0,\"score\":0.5}]}"
                                                : "{\"object\":\"list\",\"data\":["
                                                        + "{\"index\":1,\"object\":\"score\",\"score\":0.75},"
                                                        + "{\"index\":0,\"object\":\"score\",\"score\":0.25}]}"));
        RemoteScorer scorer = load(endpoint.pack(folder, "vllm-score"));

        PassScores scores = ask(scorer, "jacket", "dress");

        assertThat(endpoint.requests().get(1).toString())
                .isEqualTo(
                        "{\"model\":\"some/model\",\"text_1\":\"red summer dress\","
                                + "\"text_2\":[\"jacket\",\"dress\"]}");
        assertThat(scores.logits())
                .containsExactly(new float[] {logOdds(0.25), logOdds(0.75)}, within(1e-5f));
    }

    @Test
    void speaksTextEmbeddingsInference() throws Exception {
        TestingEndpoint endpoint =
                endpoint(
                        request ->
                                Answer.ok(
                                        request.path("texts").size() == 1
                                                ? "[{\"index\":0,\"score\":0}]"
                                                : "[{\"index\":1,\"score\":5.26},{\"index\":0,\"score\":-8.19}]"));
        RemoteScorer scorer = load(endpoint.pack(folder, "tei-rerank"));

        PassScores scores = ask(scorer, "jacket", "dress");

        assertThat(endpoint.requests().get(1).toString())
                .isEqualTo(
                        "{\"query\":\"red summer dress\",\"texts\":[\"jacket\",\"dress\"],"
                                + "\"raw_scores\":true,\"truncate\":true}");
        assertThat(scores.logits()).containsExactly(-8.19f, 5.26f);
    }

    private static Answer logprobs(String... tokensAndLogprobs) {
        StringBuilder top = new StringBuilder();
        for (int i = 0; i < tokensAndLogprobs.length; i += 2) {
            top.append(i == 0 ? "" : ",")
                    .append("{\"token\":\"")
                    .append(tokensAndLogprobs[i])
                    .append("\",\"logprob\":")
                    .append(tokensAndLogprobs[i + 1])
                    .append("}");
        }
        return Answer.ok(
                "{\"choices\":[{\"message\":{\"role\":\"assistant\",\"content\":\"Maybe\"},"
                        + "\"logprobs\":{\"content\":[{\"token\":\"Maybe\",\"logprob\":-1,"
                        + "\"top_logprobs\":["
                        + top
                        + "]}]}}]}");
    }

    private static final String[] CHAT_PROMPT = {
        "^prompt: {system: 'Answer yes or no.', query: \"Query: {query}\\n\","
                + " document: 'Document: {document}'}"
    };

    @Test
    void takesTheLogOddsOfYesFromAChat() throws Exception {
        TestingEndpoint endpoint =
                endpoint(request -> logprobs("yes", "-0.5", "no", "-2.0", "the", "-6.0"));
        RemoteScorer scorer = load(endpoint.pack(folder, "chat", CHAT_PROMPT));

        assertThat(ask(scorer, "a dress").logits()).containsExactly(1.5f);
        assertThat(endpoint.requests().get(1).toString())
                .isEqualTo(
                        "{\"model\":\"some/model\",\"messages\":[{\"role\":\"system\",\"content\":"
                                + "\"Answer yes or no.\"},{\"role\":\"user\",\"content\":"
                                + "\"Query: red summer dress\\nDocument: a dress\"}],"
                                + "\"max_tokens\":1,\"logprobs\":true,\"top_logprobs\":20}");
    }

    @Test
    void sumsTheSpellingsOfAnAnswer() throws Exception {
        TestingEndpoint endpoint =
                endpoint(
                        request ->
                                logprobs(
                                        "Yes",
                                        "-1.0",
                                        " yes",
                                        "-1.0",
                                        "\u0120YES",
                                        "-1.0",
                                        "No",
                                        "-2.0",
                                        "yesterday",
                                        "-0.1"));
        RemoteScorer scorer = load(endpoint.pack(folder, "chat", CHAT_PROMPT));

        assertThat(ask(scorer, "a dress").logits()[0])
                .isCloseTo((float) (Math.log(3) - 1 + 2), within(1e-5f));
    }

    @Test
    void takesAnAnswerThatIsNotListedForTheLeastOfThoseThatAre() throws Exception {
        TestingEndpoint endpoint =
                endpoint(request -> logprobs("yes", "-0.1", "maybe", "-4.0", "well", "-9.0"));
        RemoteScorer scorer = load(endpoint.pack(folder, "chat", CHAT_PROMPT));

        assertThat(ask(scorer, "a dress").logits()[0]).isCloseTo(8.9f, within(1e-5f));
    }

    @Test
    void readsAProbabilityOfZeroAsVerySmall() throws Exception {
        TestingEndpoint endpoint = endpoint(request -> logprobs("yes", "-0.0", "no", "-9999.0"));
        RemoteScorer scorer = load(endpoint.pack(folder, "chat", CHAT_PROMPT));

        assertThat(ask(scorer, "a dress").logits()).containsExactly(50f);
    }

    @Test
    void marksAPairThatTheChatAnswersNeitherYesNorNo() throws Exception {
        TestingEndpoint endpoint = endpoint(request -> logprobs("Maybe", "-0.1", "so", "-3.0"));
        RemoteScorer scorer = load(endpoint.pack(folder, "chat", CHAT_PROMPT));

        PassScores scores = ask(scorer, "a dress");

        assertThat(scores.logits()).containsExactly(Float.NaN);
        assertThat(scores.reasons().get(0)).contains("neither 'yes' nor 'no'").contains("Maybe");
        // The one at start-up is the first.
        assertThat(scorer.gauges().get("numUnparsed").get()).isEqualTo(2L);
    }

    private static Answer says(String text) {
        return Answer.ok("{\"choices\":[{\"message\":{\"content\":\"" + text + "\"}}]}");
    }

    @Test
    void readsTheScoreThatAChatWrites() throws Exception {
        TestingEndpoint endpoint = endpoint(request -> says("It fits.\\nScore: 8.2"));
        RemoteScorer scorer =
                load(endpoint.pack(folder, "chat", "answer: generated", CHAT_PROMPT[0]));

        assertThat(ask(scorer, "a dress").logits()[0]).isCloseTo(logOdds(0.82), within(1e-5f));
        assertThat(endpoint.requests().get(1).path("temperature").asInt(-1)).isZero();
    }

    @Test
    void keepsWhatAChatWroteWhenItHoldsNoScore() throws Exception {
        TestingEndpoint endpoint = endpoint(request -> says("I cannot judge that."));
        RemoteScorer scorer =
                load(endpoint.pack(folder, "chat", "answer: generated", CHAT_PROMPT[0]));

        assertThat(ask(scorer, "a dress").reasons())
                .containsEntry(0, "the answer holds no score: I cannot judge that.");
        assertThat(scorer.gauges().get("numRequestsFailed").get()).isEqualTo(0L);
    }

    @Test
    void blamesTheEndpointForAnAnswerWithoutAScoreWhenToldTo() throws Exception {
        TestingEndpoint endpoint = endpoint(request -> says("Score: 5"));
        RemoteScorer scorer =
                load(
                        endpoint.pack(
                                folder,
                                "chat",
                                "answer: generated",
                                "on_error: fail",
                                "circuit: {requests: 2}",
                                CHAT_PROMPT[0]));
        endpoint.answer(request -> says("I cannot judge that."));

        for (int i = 0; i < 2; i++) {
            assertThatThrownBy(() -> ask(scorer, "a dress"))
                    .hasRootCauseMessage("the answer holds no score: I cannot judge that.");
        }

        assertThat(scorer.gauges().get("circuitState").get()).isEqualTo("OPEN");
    }

    @Test
    void sendsFurtherFieldsAndReplacesItsOwn() throws Exception {
        TestingEndpoint endpoint = endpoint(TestingEndpoint::rerank);
        RemoteScorer scorer =
                load(
                        endpoint.pack(
                                folder,
                                "rerank",
                                "request: {truncate_prompt_tokens: -1, top_n: 7}"));

        ask(scorer, "a dress");

        JsonNode request = endpoint.requests().get(1);
        assertThat(request.path("truncate_prompt_tokens").asInt()).isEqualTo(-1);
        assertThat(request.path("top_n").asInt()).isEqualTo(7);
    }

    @Test
    void writesPicturesWhereTheirTextsBegin() throws Exception {
        Path pack =
                TestingEndpoint.pack(
                        folder,
                        8000,
                        "chat",
                        "^prompt: {query: '<Query>:{query} ', document: '<Document>:{document}!'}");
        RemoteProtocol chat = RemotePackage.of(PackageDescription.read(pack)).protocol();
        RemoteQuery query =
                new RemoteQuery("", new RemoteContent("dress", "https://a/q.png"), 9, false);

        JsonNode request =
                chat.request(query, List.of(new RemoteContent("", "data:image/png;base64,AA")));

        assertThat(request.path("messages").path(0).path("content").toString())
                .isEqualTo(
                        "[{\"type\":\"text\",\"text\":\"<Query>:\"},"
                                + "{\"type\":\"image_url\",\"image_url\":{\"url\":\"https://a/q.png\"}},{\"type\":\"text\",\"text\":\"dress"
                                + " \"},{\"type\":\"text\",\"text\":\"<Document>:\"},"
                                + "{\"type\":\"image_url\",\"image_url\":{\"url\":\"data:image/png;base64,AA\"}},"
                                + "{\"type\":\"text\",\"text\":\"!\"}]");
    }

    @Test
    void passesPicturesOnWhereThePackageSaysSo() throws Exception {
        TestingEndpoint endpoint = endpoint(TestingEndpoint::rerank);
        RemoteScorer scorer = load(endpoint.pack(folder, "vllm-rerank", "images: true"));
        EncodedQuery query = scorer.encodeQuery(null, "dress");
        EncodedPair pair =
                scorer.encodePair(
                        query, new Content("red", new PairImage.Forwarded("https://a/d.png")));

        scorer.begin(List.of(pair), () -> true).join();

        assertThat(scorer.description().images().kind()).isEqualTo(ScorerImages.Kind.FORWARDED);
        assertThat(endpoint.requests().get(1).path("documents").toString())
                .contains("https://a/d.png");
    }

    @Test
    void refusesPicturesForAnApiOfTexts() throws Exception {
        Path pack = TestingEndpoint.pack(folder, 8000, "tei-rerank", "images: true");

        assertThatThrownBy(() -> RemotePackage.of(PackageDescription.read(pack)))
                .isInstanceOf(InvalidModelPackageException.class)
                .hasMessageContaining("'remote.images'")
                .hasMessageContaining("texts only");
    }

    @Test
    void givesVllmPictureAndTextOfADocument() throws Exception {
        Path pack = TestingEndpoint.pack(folder, 8000, "vllm-rerank");
        RemoteProtocol rerank = RemotePackage.of(PackageDescription.read(pack)).protocol();
        RemoteQuery query = new RemoteQuery("", new RemoteContent("dress", null), 9, false);

        JsonNode request =
                rerank.request(
                        query,
                        List.of(
                                new RemoteContent("plain", null),
                                new RemoteContent("red", "https://a/d.png")));

        assertThat(request.path("documents").toString())
                .isEqualTo(
                        "[\"plain\",{\"content\":[{\"type\":\"image_url\",\"image_url\":"
                                + "{\"url\":\"https://a/d.png\"}},{\"type\":\"text\",\"text\":\"red\"}]}]");
    }

    // ------------------------------------------------------------ answers that are wrong

    @Test
    void marksOnlyThePairsWhoseScoreIsWrong() throws Exception {
        TestingEndpoint endpoint = endpoint(TestingEndpoint::rerank);
        RemoteScorer scorer = load(endpoint.pack(folder, "rerank"));
        endpoint.answer(
                request ->
                        Answer.ok(
                                "{\"results\":[{\"index\":0,\"relevance_score\":0.5},"
                                        + "{\"index\":1,\"relevance_score\":NaN},"
                                        + "{\"index\":2,\"relevance_score\":\"0.9\"},"
                                        + "{\"index\":3,\"relevance_score\":null},"
                                        + "{\"index\":4,\"relevance_score\":1.5}]}"));

        PassScores scores = ask(scorer, "a", "b", "c", "d", "e", "f");

        assertThat(scores.logits())
                .containsExactly(0f, Float.NaN, Float.NaN, Float.NaN, Float.NaN, Float.NaN);
        assertThat(scores.reasons()).containsOnlyKeys(1, 2, 3, 4, 5);
        assertThat(scores.reasons().get(2))
                .isEqualTo("the answer's relevance_score is no number: \"0.9\"");
        assertThat(scores.reasons().get(4)).contains("set remote.score to logit");
        assertThat(scores.reasons().get(5)).isEqualTo("the answer has no score for this document");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "<html><body>Welcome to nginx</body></html>",
                "{\"results\":[{\"index\":0,\"relevance_score\":0.5},{\"index\":1,",
                "",
                "{}",
                "[]",
                "{\"results\":[{\"index\":0,\"relevance_score\":0.5},{\"index\":0,\"relevance_score\":0.6}]}",
                "{\"results\":[{\"index\":2,\"relevance_score\":0.5}]}",
                "{\"results\":[{\"index\":-1,\"relevance_score\":0.5}]}",
                "{\"results\":[{\"relevance_score\":0.5}]}",
            })
    void takesNothingFromAnAnswerThatCannotBeTrusted(String body) throws Exception {
        TestingEndpoint endpoint = endpoint(TestingEndpoint::rerank);
        RemoteScorer scorer = load(endpoint.pack(folder, "rerank"));
        endpoint.answer(request -> Answer.ok(body));

        assertThatThrownBy(() -> ask(scorer, "a", "b"))
                .hasCauseInstanceOf(ScorerUnavailableException.class);
        assertThat(endpoint.requests()).as("not asked again").hasSize(2);
    }

    @Test
    void clipsProbabilitiesOfZeroAndOne() throws Exception {
        TestingEndpoint endpoint =
                endpoint(
                        request ->
                                Answer.ok(
                                        "{\"results\":[{\"index\":0,\"relevance_score\":"
                                                + (request.path("documents")
                                                                .path(0)
                                                                .asText()
                                                                .equals("no")
                                                        ? "0"
                                                        : "1")
                                                + "}]}"));
        RemoteScorer scorer = load(endpoint.pack(folder, "rerank"));

        assertThat(ask(scorer, "yes").logits()[0]).isCloseTo(16.118f, within(0.001f));
        assertThat(ask(scorer, "no").logits()[0]).isCloseTo(-16.118f, within(0.001f));
    }

    // ------------------------------------------------------------ trying again

    @ParameterizedTest
    @ValueSource(ints = {429, 502, 503, 504, 0})
    void asksAgainWhenTheEndpointIsBusyOrBreaksOff(int status) throws Exception {
        TestingEndpoint endpoint = endpoint(TestingEndpoint::rerank);
        RemoteScorer scorer =
                load(endpoint.pack(folder, "rerank", "retry: {attempts: 3, wait_ms: 1}"));
        AtomicInteger left = new AtomicInteger(2);
        endpoint.answer(
                request ->
                        left.getAndDecrement() > 0
                                ? Answer.status(status)
                                : TestingEndpoint.rerank(request));

        assertThat(ask(scorer, QUERY).logits()[0]).isCloseTo(logOdds(0.9), within(1e-5f));
        assertThat(scorer.gauges().get("numRequestRetries").get()).isEqualTo(2L);

        // The next request has all its attempts again.
        left.set(2);
        assertThat(ask(scorer, QUERY).logits()[0]).isCloseTo(logOdds(0.9), within(1e-5f));
    }

    @ParameterizedTest
    @ValueSource(ints = {500, 424, 501})
    void doesNotAskAgainWhenTheEndpointFailed(int status) throws Exception {
        TestingEndpoint endpoint = endpoint(TestingEndpoint::rerank);
        RemoteScorer scorer = load(endpoint.pack(folder, "rerank", "retry: {wait_ms: 1}"));
        endpoint.answer(request -> Answer.status(status));

        assertThatThrownBy(() -> ask(scorer, "a"))
                .hasCauseInstanceOf(ScorerUnavailableException.class)
                .hasMessageContaining("status " + status);
        assertThat(endpoint.requests()).hasSize(2);
    }

    @Test
    void waitsAsLongAsTheEndpointAsks() throws Exception {
        TestingEndpoint endpoint = endpoint(TestingEndpoint::rerank);
        RemoteScorer scorer =
                load(endpoint.pack(folder, "rerank", "retry: {attempts: 2, wait_ms: 1}"));
        AtomicInteger left = new AtomicInteger(1);
        endpoint.answer(
                request ->
                        left.getAndDecrement() > 0
                                ? Answer.status(429).with("Retry-After", "1")
                                : TestingEndpoint.rerank(request));

        long start = System.nanoTime();
        ask(scorer, "a");

        assertThat(System.nanoTime() - start).isGreaterThan(990_000_000L);
    }

    @Test
    void givesUpWhenTheEndpointAsksForMoreTimeThanThereIs() throws Exception {
        TestingEndpoint endpoint = endpoint(TestingEndpoint::rerank);
        RemoteScorer scorer =
                load(endpoint.pack(folder, "rerank", "retry: {wait_ms: 1, max_wait_ms: 500}"));
        endpoint.answer(request -> Answer.status(503).with("Retry-After", "3600"));

        assertThatThrownBy(() -> ask(scorer, "a")).hasMessageContaining("status 503");
        assertThat(endpoint.requests()).hasSize(2);
    }

    @Test
    void doesNotAskAgainWhenNobodyWaits() throws Exception {
        TestingEndpoint endpoint = endpoint(TestingEndpoint::rerank);
        RemoteScorer scorer = load(endpoint.pack(folder, "rerank", "retry: {wait_ms: 1}"));
        endpoint.answer(request -> Answer.status(503));

        assertThatThrownBy(() -> scorer.begin(pairs(scorer, "a"), () -> false).join())
                .hasMessageContaining("nobody waits");
        assertThat(endpoint.requests()).hasSize(2);
    }

    @Test
    void endsARequestThatTakesTooLong() throws Exception {
        TestingEndpoint endpoint = endpoint(TestingEndpoint::rerank);
        RemoteScorer scorer = load(endpoint.pack(folder, "rerank", "timeout_ms: 1000"));
        int before = endpoint.requests().size();
        endpoint.block();

        assertThatThrownBy(() -> ask(scorer, "a"))
                .hasCauseInstanceOf(ScorerUnavailableException.class)
                .hasMessageContaining("no answer within 1000 ms (remote.timeout_ms)");
        assertThat(endpoint.requests())
                .as("a slow endpoint is not asked again")
                .hasSize(before + 1);
    }

    @Test
    void leavesAnEndpointAloneThatFailsAndComesBackToIt() throws Exception {
        TestingEndpoint endpoint = endpoint(TestingEndpoint::rerank);
        RemoteScorer scorer =
                load(
                        endpoint.pack(
                                folder,
                                "rerank",
                                "retry: {attempts: 1}",
                                "circuit: {requests: 4, failures_percent: 50, open_ms: 3000}"));
        endpoint.answer(request -> Answer.status(503));
        for (int i = 0; i < 4; i++) {
            assertThatThrownBy(() -> ask(scorer, "a")).hasMessageContaining("status 503");
        }

        assertThat(scorer.gauges().get("circuitState").get()).isEqualTo("OPEN");
        assertThatThrownBy(() -> ask(scorer, "a"))
                .hasCauseInstanceOf(ScorerUnavailableException.class)
                .hasMessageContaining("is left alone for a while");
        assertThat(endpoint.requests()).hasSize(5);

        endpoint.answer(TestingEndpoint::rerank);
        await(
                () -> {
                    try {
                        ask(scorer, "a");
                        return true;
                    } catch (RuntimeException e) {
                        return false;
                    }
                });
        ask(scorer, "a");
        assertThat(scorer.gauges().get("circuitState").get()).isEqualTo("CLOSED");
    }

    @Test
    void doesNotBlameTheEndpointForDocumentsItRefuses() throws Exception {
        TestingEndpoint endpoint = endpoint(TestingEndpoint::rerank);
        RemoteScorer scorer = load(endpoint.pack(folder, "rerank", "circuit: {requests: 2}"));
        endpoint.answer(request -> Answer.status(413));

        for (int i = 0; i < 5; i++) {
            assertThatThrownBy(() -> ask(scorer, "a"))
                    .hasCauseInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("status 413");
        }

        assertThat(scorer.gauges().get("circuitState").get()).isEqualTo("CLOSED");
        assertThat(endpoint.requests()).hasSize(6);
    }

    // ------------------------------------------------------------ keys

    @Test
    void sendsKeysFromTheEnvironmentAndNeverRepeatsThem() throws Exception {
        String key = "sk-0a1b2c3d4e5f";
        TestingEndpoint endpoint = endpoint(TestingEndpoint::rerank);
        Path pack =
                endpoint.pack(
                        folder, "rerank", "api_key_env: SERVED_KEY", "header_env: {x-team: TEAM}");
        RemoteScorer scorer = load(pack, Map.of("SERVED_KEY", key + "\n", "TEAM", "shoes"));
        endpoint.answer(
                request ->
                        new Answer(
                                401,
                                "{\"error\":\"Incorrect API key provided: " + key + "\"}",
                                Map.of()));

        assertThatThrownBy(() -> ask(scorer, "a"))
                .hasMessageContaining("Incorrect API key provided: ***")
                .satisfies(e -> assertThat(stackOf(e)).doesNotContain(key));
        assertThat(endpoint.headers().get(0).getFirst("Authorization")).isEqualTo("Bearer " + key);
        assertThat(endpoint.headers().get(0).getFirst("X-team")).isEqualTo("shoes");
        assertThat(scorer.description().toString() + scorer.gauges()).doesNotContain(key);
    }

    @Test
    void keepsKeysOutOfTheLogWhateverItsLevel() throws Exception {
        String key = "sk-0a1b2c3d4e5f";
        TestingEndpoint endpoint = endpoint(TestingEndpoint::rerank);
        List<String> lines = new CopyOnWriteArrayList<>();
        LoggerContext context = (LoggerContext) LogManager.getContext(false);
        LoggerConfig root = context.getConfiguration().getRootLogger();
        Level before = root.getLevel();
        AbstractAppender appender =
                new AbstractAppender("lines", null, null, false, Property.EMPTY_ARRAY) {
                    @Override
                    public void append(LogEvent event) {
                        lines.add(event.getMessage().getFormattedMessage());
                    }
                };
        appender.start();
        root.addAppender(appender, Level.ALL, null);
        root.setLevel(Level.ALL);
        context.updateLoggers();
        try {
            Path pack = endpoint.pack(folder, "rerank", "api_key_env: SERVED_KEY");
            assertThatThrownBy(() -> load(pack, Map.of("SERVED_KEY", key)))
                    .isInstanceOf(InvalidModelPackageException.class)
                    .hasMessageContaining("Logger org.apache.hc.client5.http.headers is at DEBUG");

            Configurator.setLevel("org.apache.hc.client5.http.headers", Level.INFO);
            Configurator.setLevel("org.apache.hc.client5.http.wire", Level.INFO);
            ask(load(pack, Map.of("SERVED_KEY", key)), "a dress");
        } finally {
            root.removeAppender("lines");
            root.setLevel(before);
            context.reconfigure();
        }

        assertThat(lines).anyMatch(line -> line.contains("/v1/any"));
        assertThat(lines).noneMatch(line -> line.contains(key));
    }

    private static String stackOf(Throwable failure) {
        StringWriter text = new StringWriter();
        failure.printStackTrace(new PrintWriter(text));
        return text.toString();
    }

    @Test
    void saysWhichVariableIsMissing() throws Exception {
        Path pack = TestingEndpoint.pack(folder, 1, "rerank", "api_key_env: SERVED_KEY");

        assertThatThrownBy(() -> load(pack, Map.of("OTHER", "x")))
                .isInstanceOf(InvalidModelPackageException.class)
                .hasMessageContaining("environment variable SERVED_KEY, which is not set here");
    }

    // ------------------------------------------------------------ start-up

    @Test
    void waitsForAnEndpointThatIsStarting() throws Exception {
        AtomicInteger left = new AtomicInteger(1);
        TestingEndpoint endpoint =
                endpoint(
                        request ->
                                left.getAndDecrement() > 0
                                        ? Answer.status(503)
                                        : TestingEndpoint.rerank(request));

        RemoteScorer scorer = load(endpoint.pack(folder, "rerank"));

        assertThat(endpoint.requests()).hasSize(2);
        assertThat(scorer.description().device()).isEqualTo("remote");
    }

    @Test
    void saysWhenNothingListens() throws Exception {
        int unused;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            unused = socket.getLocalPort();
        }
        Path pack = TestingEndpoint.pack(folder, unused, "rerank", "startup_timeout_ms: 0");

        assertThatThrownBy(() -> load(pack))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("was not ready within 0 ms (remote.startup_timeout_ms)")
                .hasMessageContaining("http://localhost:" + unused + "/v1/any")
                .hasMessageContaining("Is it running");
    }

    @ParameterizedTest
    @ValueSource(ints = {400, 401, 403, 404, 405, 301})
    void doesNotWaitForWhatWillNotChange(int status) throws Exception {
        TestingEndpoint endpoint = endpoint(request -> Answer.status(status));

        assertThatThrownBy(() -> load(endpoint.pack(folder, "rerank")))
                .isInstanceOf(InvalidModelPackageException.class)
                .hasMessageContaining("status " + status);
        assertThat(endpoint.requests()).hasSize(1);
    }

    @Test
    void refusesAPrecisionThatIsNotItsToChoose() throws Exception {
        Path pack = TestingEndpoint.pack(folder, 1, "rerank");

        assertThatThrownBy(
                        () ->
                                RemoteScorer.load(
                                        new ScorerSpec(pack.toString(), "bf16", "cpu", 0),
                                        PackageDescription.read(pack),
                                        Map.of()))
                .isInstanceOf(InvalidModelPackageException.class)
                .hasMessageContaining("leave scoring.precision at auto");
    }

    @Test
    void refusesAnEndpointThatScoresGoldenPairsOtherwise() throws Exception {
        TestingEndpoint endpoint = endpoint(TestingEndpoint::rerank);
        Path pack = endpoint.pack(folder, "rerank", "^golden: {tolerance: 0.01}");
        String good =
                "{\"query\":\"red dress\",\"document\":\"red\",\"logit\":" + logOdds(0.5) + "}\n";
        Files.writeString(folder.resolve("golden.jsonl"), good);
        load(pack);

        Files.writeString(
                folder.resolve("golden.jsonl"),
                good + "{\"query\":\"blue\",\"document\":\"blue\",\"logit\":-2.2}\n");

        assertThatThrownBy(() -> load(pack))
                .isInstanceOf(InvalidModelPackageException.class)
                .hasMessageContaining("on line 2 of")
                .hasMessageContaining("should score -2.2000 and scored 2.1972");
    }

    @Test
    void scoresPairsOfSeveralQueriesOneRequestAfterTheOther() throws Exception {
        TestingEndpoint endpoint = endpoint(TestingEndpoint::rerank);
        RemoteScorer scorer = load(endpoint.pack(folder, "rerank", "pairs_per_request: 2"));
        List<EncodedPair> batch = new ArrayList<>(pairs(scorer, "red", "red dress", "x"));
        batch.add(scorer.encodePair(scorer.encodeQuery(null, "x"), "x"));

        float[] logits = scorer.score(batch);

        assertThat(logits)
                .containsExactly(
                        new float[] {
                            logOdds(0.1 + 0.8 / 3),
                            logOdds(0.1 + 1.6 / 3),
                            logOdds(0.1),
                            logOdds(0.9)
                        },
                        within(1e-5f));
        assertThat(endpoint.requests()).hasSize(4);
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
