package dev.lychee.rerank.operators.scoring.remote;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.lychee.rerank.operators.postprocess.Probability;
import dev.lychee.rerank.operators.scoring.InvalidModelPackageException;
import dev.lychee.rerank.operators.scoring.PackageDescription;
import dev.lychee.rerank.operators.scoring.PackageDescription.Limits;
import dev.lychee.rerank.operators.scoring.ScorerDescription;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A folder with a {@code model.yaml} that names an endpoint instead of weights. It holds no secret:
 * keys are named by the environment variables that hold them.
 *
 * @param name name of the package
 * @param version version of the package
 * @param api what the endpoint speaks
 * @param url where requests go
 * @param model what the endpoint calls the model; empty where it serves only one
 * @param score what the endpoint's numbers are
 * @param requestFields further fields of each request, which replace those of the same name
 * @param prompt how query and document are written
 * @param limits how long pair and query may be
 * @param temperature by which a logit is divided before the sigmoid
 * @param chat how a chat answers; of no meaning for another api
 * @param images whether pictures are passed on
 * @param failOnUnparsed whether an answer without a score counts as a failure of the endpoint
 * @param headers header by name, each with the environment variable that holds its value
 * @param apiKeyVariable environment variable of the key that is sent as a bearer token; null
 *     without
 * @param calls how much is asked at once, and how long it may take
 * @param golden pairs with the logits of the original implementation; null without
 */
record RemotePackage(
        String name,
        String version,
        Api api,
        URI url,
        String model,
        ScoreKind score,
        ObjectNode requestFields,
        Prompt prompt,
        Limits limits,
        double temperature,
        Chat chat,
        boolean images,
        boolean failOnUnparsed,
        Map<String, String> headers,
        @Nullable String apiKeyVariable,
        Calls calls,
        @Nullable Golden golden) {

    /** How packages of this kind are named in {@code kind}. */
    static final String KIND = "remote";

    private static final int DEFAULT_TOP_LOGPROBS = 20;

    /** What an endpoint speaks. */
    enum Api {
        /** vLLM's {@code /rerank}. */
        VLLM_RERANK,
        /** vLLM's {@code /score}. */
        VLLM_SCORE,
        /** {@code /rerank} of Text Embeddings Inference. */
        TEI_RERANK,
        /** {@code /rerank} in the shape of Jina and Cohere. */
        RERANK,
        /** {@code /chat/completions} in the shape of OpenAI. */
        CHAT
    }

    /** What the numbers of an endpoint are. */
    enum ScoreKind {
        /** Log-odds, taken as they are. */
        LOGIT,
        /** 0..1, of which the log-odds are taken, clipped at {@value #CLIP} and 1 minus that. */
        PROBABILITY;

        /**
         * Servers count in 32 bits, where a probability this close to 1 has no digits left:
         * log-odds beyond 16 would be made of rounding.
         */
        private static final double CLIP = 1e-7;

        /** The log-odds that a number stands for. */
        float logit(double number) throws UnparsedException {
            if (this == LOGIT) {
                if (!Float.isFinite((float) number)) {
                    throw new UnparsedException("the answer's score is too large: " + number);
                }
                return (float) number;
            }
            if (number < 0 || number > 1) {
                throw new UnparsedException(
                        "the answer's score "
                                + number
                                + " is no probability; if the endpoint gives logits, set"
                                + " remote.score to logit");
            }
            return (float) Probability.logit(Math.min(Math.max(number, CLIP), 1 - CLIP));
        }
    }

    /** What a chat is asked for. */
    enum Answer {
        /** One token, with the probabilities of those that were likely. */
        LOGPROBS,
        /** A text that holds a score from 0 to 10. */
        GENERATED
    }

    /**
     * How query and document are written.
     *
     * @param system the system message of a chat; empty without
     * @param query template with {@code {query}}, and {@code {instruction}} where the model reads
     *     one
     * @param document template with {@code {document}}
     * @param defaultInstruction what is asked when a task names nothing else
     */
    record Prompt(String system, String query, String document, String defaultInstruction) {

        private static final String INSTRUCTION_PLACE = "{instruction}";
        private static final String QUERY_PLACE = "{query}";
        private static final String DOCUMENT_PLACE = "{document}";

        boolean readsInstruction() {
            return query.contains(INSTRUCTION_PLACE);
        }

        /** The query's part, from its first word to its last. */
        String queryText(RemoteQuery asked) {
            int place = query.indexOf(QUERY_PLACE);
            // One after the other, so that a text that holds a place stays as it is.
            return withInstruction(query.substring(0, place), asked)
                    + asked.content().text()
                    + withInstruction(query.substring(place + QUERY_PLACE.length()), asked);
        }

        /** What stands before the query itself. */
        String beforeQuery(RemoteQuery asked) {
            return withInstruction(query.substring(0, query.indexOf(QUERY_PLACE)), asked);
        }

        private static String withInstruction(String part, RemoteQuery asked) {
            return part.replace(INSTRUCTION_PLACE, asked.instruction());
        }

        String documentText(RemoteContent content) {
            return document.replace(DOCUMENT_PLACE, content.text());
        }

        /** What stands before the document itself. */
        String beforeDocument() {
            return document.substring(0, document.indexOf(DOCUMENT_PLACE));
        }
    }

    /**
     * How a chat answers.
     *
     * @param answer what is asked for
     * @param yes the word that means relevant
     * @param no the other word
     * @param topLogprobs how many likely tokens are asked for
     * @param maxAnswerTokens most tokens of a generated answer
     */
    record Chat(Answer answer, String yes, String no, int topLogprobs, int maxAnswerTokens) {}

    /**
     * How much is asked at once, and how long it may take.
     *
     * @param pairsPerRequest most documents in one request
     * @param connections most requests at once
     * @param connectMillis how long a connection may take to open
     * @param timeoutMillis how long a request may take as a whole
     * @param startupMillis how long an endpoint that does not answer is waited for at start-up
     * @param attempts how often a request is made at most
     * @param waitMillis about how long to wait before the second attempt, twice that before the
     *     third
     * @param maxWaitMillis longest wait before another attempt
     * @param circuitCalls over how many of the last requests failures are counted
     * @param circuitFailures percentage of those that must fail for the circuit to open
     * @param circuitMillis how long an open circuit lets nothing through
     */
    record Calls(
            int pairsPerRequest,
            int connections,
            int connectMillis,
            int timeoutMillis,
            int startupMillis,
            int attempts,
            int waitMillis,
            int maxWaitMillis,
            int circuitCalls,
            int circuitFailures,
            int circuitMillis) {}

    /**
     * Where the golden pairs are and how close they must come.
     *
     * @param file the golden pairs, one JSON object per line
     * @param tolerance greatest accepted difference of a logit
     */
    record Golden(Path file, double tolerance) {}

    /**
     * Checks a package whose description is read.
     *
     * @throws InvalidModelPackageException with a sentence that names the field and the remedy
     */
    static RemotePackage of(PackageDescription description) throws InvalidModelPackageException {
        return new Reader(description).read();
    }

    RemoteProtocol protocol() {
        return api == Api.CHAT ? new ChatProtocol(this) : new RerankProtocol(this);
    }

    /** Everything that shapes a logit, as 16 hexadecimal digits; not where it is served. */
    String fingerprint() {
        StringBuilder text = new StringBuilder();
        for (Object part :
                new Object[] {
                    "lychee-remote-1",
                    name,
                    version,
                    api,
                    model,
                    score,
                    requestFields,
                    prompt,
                    limits,
                    api == Api.CHAT ? chat : ""
                }) {
            text.append(part).append('\n');
        }
        if (images) {
            text.append("images\n");
        }
        return ScorerDescription.hash(text.toString());
    }

    /** The URL without what may hold a secret. */
    String place() {
        return url.getScheme() + "://" + url.getAuthority() + url.getPath();
    }

    /** Turns the tree of one {@code model.yaml} into a package. */
    private static final class Reader {

        private static final Set<String> FIELDS =
                Set.of(
                        "schema",
                        "name",
                        "version",
                        "kind",
                        "description",
                        "source",
                        "languages",
                        "license",
                        "metadata",
                        "remote",
                        "prompt",
                        "limits",
                        "temperature",
                        "golden");

        private static final Set<String> REMOTE_FIELDS =
                Set.of(
                        "api",
                        "url",
                        "model",
                        "score",
                        "api_key_env",
                        "header_env",
                        "request",
                        "answer",
                        "yes",
                        "no",
                        "top_logprobs",
                        "max_answer_tokens",
                        "images",
                        "on_error",
                        "pairs_per_request",
                        "connections",
                        "connect_timeout_ms",
                        "timeout_ms",
                        "startup_timeout_ms",
                        "retry",
                        "circuit");

        private final PackageDescription description;

        Reader(PackageDescription description) {
            this.description = description;
        }

        RemotePackage read() throws InvalidModelPackageException {
            JsonNode tree = description.tree();
            description.onlyKnown(tree, "", FIELDS);
            JsonNode remote = description.section(tree, "remote");
            description.onlyKnown(remote, "remote.", REMOTE_FIELDS);
            Api api = oneOf(remote, "api", null, Api.values());
            ScoreKind score =
                    oneOf(
                            remote,
                            "score",
                            api == Api.TEI_RERANK ? "logit" : "probability",
                            ScoreKind.values());
            String model =
                    description.text(remote, "model", "remote.", api == Api.TEI_RERANK ? "" : null);
            return new RemotePackage(
                    description.name(),
                    description.version(),
                    api,
                    url(description.text(remote, "url", "remote.", null)),
                    model,
                    score,
                    requestFields(remote),
                    prompt(tree, api),
                    description.limits(),
                    description.temperature(),
                    chat(remote, api),
                    images(remote, api),
                    onError(remote, api),
                    headers(remote),
                    variable(remote, "api_key_env"),
                    calls(remote, api),
                    golden(tree));
        }

        private URI url(String text) throws InvalidModelPackageException {
            URI url;
            try {
                url = new URI(text);
            } catch (URISyntaxException e) {
                throw description.wrong("remote.url", "is no URL: " + e.getReason());
            }
            boolean http = "http".equals(url.getScheme()) || "https".equals(url.getScheme());
            if (!http || url.getHost() == null) {
                throw description.wrong(
                        "remote.url", "must be like http://host:8000/rerank or begin with https");
            }
            if (url.getUserInfo() != null) {
                throw description.wrong(
                        "remote.url",
                        "holds a user or password; put it into an environment variable that"
                                + " remote.header_env names");
            }
            return url;
        }

        private <E extends Enum<E>> E oneOf(
                JsonNode parent, String field, @Nullable String otherwise, E[] values)
                throws InvalidModelPackageException {
            String text = description.text(parent, field, "remote.", otherwise);
            StringBuilder known = new StringBuilder();
            for (E value : values) {
                String written = value.name().toLowerCase(Locale.ROOT).replace('_', '-');
                if (written.equals(text)) {
                    return value;
                }
                known.append(known.isEmpty() ? "" : ", ").append(written);
            }
            throw description.wrong("remote." + field, "is '" + text + "'; write one of " + known);
        }

        private ObjectNode requestFields(JsonNode remote) throws InvalidModelPackageException {
            if (!remote.has("request")) {
                return JsonNodeFactory.instance.objectNode();
            }
            if (remote.get("request") instanceof ObjectNode fields) {
                return fields;
            }
            throw description.wrong(
                    "remote.request", "must hold fields of the request, such as {priority: 1}");
        }

        private Prompt prompt(JsonNode tree, Api api) throws InvalidModelPackageException {
            if (!tree.has("prompt")) {
                if (api == Api.CHAT) {
                    throw description.wrong(
                            "prompt", "is missing; a chat must be told what to judge, and how");
                }
                return new Prompt("", Prompt.QUERY_PLACE, Prompt.DOCUMENT_PLACE, "");
            }
            JsonNode section = description.section(tree, "prompt");
            description.onlyKnown(
                    section,
                    "prompt.",
                    Set.of("system", "query", "document", "default_instruction"));
            Prompt prompt =
                    new Prompt(
                            description.text(section, "system", "prompt.", ""),
                            description.text(section, "query", "prompt.", Prompt.QUERY_PLACE),
                            description.text(section, "document", "prompt.", Prompt.DOCUMENT_PLACE),
                            description.text(section, "default_instruction", "prompt.", ""));
            if (api != Api.CHAT && !prompt.system().isEmpty()) {
                throw description.wrong(
                        "prompt.system", "belongs to api chat only; write it into prompt.query");
            }
            description.onePlace("prompt.query", prompt.query(), Prompt.QUERY_PLACE);
            description.onePlace("prompt.document", prompt.document(), Prompt.DOCUMENT_PLACE);
            if (prompt.readsInstruction() == prompt.defaultInstruction().isEmpty()) {
                throw description.wrong(
                        "prompt.default_instruction",
                        "and {instruction} in prompt.query belong together; give both, or neither"
                                + " when the model reads no instruction");
            }
            return prompt;
        }

        private Chat chat(JsonNode remote, Api api) throws InvalidModelPackageException {
            if (api != Api.CHAT) {
                for (String field :
                        Set.of("answer", "yes", "no", "top_logprobs", "max_answer_tokens")) {
                    if (remote.has(field)) {
                        throw description.wrong("remote." + field, "belongs to api chat only");
                    }
                }
            }
            int top = atLeast(2, remote, "top_logprobs", "remote.", DEFAULT_TOP_LOGPROBS);
            return new Chat(
                    oneOf(remote, "answer", "logprobs", Answer.values()),
                    description.text(remote, "yes", "remote.", "yes"),
                    description.text(remote, "no", "remote.", "no"),
                    top,
                    atLeast(1, remote, "max_answer_tokens", "remote.", 256));
        }

        private boolean images(JsonNode remote, Api api) throws InvalidModelPackageException {
            JsonNode images = remote.path("images");
            if (!images.isMissingNode() && !images.isBoolean()) {
                throw description.wrong("remote.images", "must be true or false");
            }
            if (images.asBoolean() && (api == Api.TEI_RERANK || api == Api.RERANK)) {
                throw description.wrong(
                        "remote.images",
                        "is true, and this api takes texts only; use chat, vllm-rerank or"
                                + " vllm-score");
            }
            return images.asBoolean();
        }

        private boolean onError(JsonNode remote, Api api) throws InvalidModelPackageException {
            String text = description.text(remote, "on_error", "remote.", "mark");
            if (remote.has("on_error") && api != Api.CHAT) {
                throw description.wrong("remote.on_error", "belongs to api chat only");
            }
            if (!text.equals("mark") && !text.equals("fail")) {
                throw description.wrong("remote.on_error", "is '" + text + "'; write mark or fail");
            }
            return text.equals("fail");
        }

        private Map<String, String> headers(JsonNode remote) throws InvalidModelPackageException {
            Map<String, String> headers = new TreeMap<>();
            if (remote.has("header_env")) {
                JsonNode section = remote.get("header_env");
                if (!section.isObject()) {
                    throw description.wrong(
                            "remote.header_env",
                            "must name environment variables by header, such as {x-api-key:"
                                    + " RERANK_KEY}");
                }
                for (Map.Entry<String, JsonNode> entry : section.properties()) {
                    if (!entry.getKey().matches("[A-Za-z0-9-]+")) {
                        throw description.wrong(
                                "remote.header_env." + entry.getKey(), "is no name of a header");
                    }
                    String variable = variable(section, entry.getKey());
                    if (variable != null) {
                        headers.put(entry.getKey(), variable);
                    }
                }
            }
            return Map.copyOf(headers);
        }

        private @Nullable String variable(JsonNode parent, String field)
                throws InvalidModelPackageException {
            String variable = description.text(parent, field, "remote.", "");
            if (variable.isEmpty()) {
                return null;
            }
            // A key in the file must not be repeated in a message.
            if (!variable.matches("[A-Z_][A-Z0-9_]*")) {
                throw description.wrong(
                        "remote." + field,
                        "must name an environment variable, in capitals, digits and underscores;"
                                + " the key itself does not belong into the file");
            }
            return variable;
        }

        private Calls calls(JsonNode remote, Api api) throws InvalidModelPackageException {
            JsonNode none = JsonNodeFactory.instance.objectNode();
            JsonNode retry = remote.has("retry") ? description.section(remote, "retry") : none;
            description.onlyKnown(
                    retry, "remote.retry.", Set.of("attempts", "wait_ms", "max_wait_ms"));
            JsonNode circuit =
                    remote.has("circuit") ? description.section(remote, "circuit") : none;
            description.onlyKnown(
                    circuit, "remote.circuit.", Set.of("requests", "failures_percent", "open_ms"));
            int pairs =
                    atLeast(1, remote, "pairs_per_request", "remote.", api == Api.CHAT ? 1 : 32);
            if (api == Api.CHAT && pairs != 1) {
                throw description.wrong(
                        "remote.pairs_per_request", "must be 1 with api chat; raise connections");
            }
            int percent = atLeast(1, circuit, "failures_percent", "remote.circuit.", 50);
            if (percent > 100) {
                throw description.wrong(
                        "remote.circuit.failures_percent", "is " + percent + "; at most 100");
            }
            return new Calls(
                    pairs,
                    atLeast(1, remote, "connections", "remote.", 8),
                    atLeast(1, remote, "connect_timeout_ms", "remote.", 2_000),
                    atLeast(1, remote, "timeout_ms", "remote.", 10_000),
                    atLeast(0, remote, "startup_timeout_ms", "remote.", 60_000),
                    atLeast(1, retry, "attempts", "remote.retry.", 3),
                    atLeast(1, retry, "wait_ms", "remote.retry.", 200),
                    atLeast(1, retry, "max_wait_ms", "remote.retry.", 5_000),
                    atLeast(1, circuit, "requests", "remote.circuit.", 20),
                    percent,
                    atLeast(1, circuit, "open_ms", "remote.circuit.", 10_000));
        }

        private @Nullable Golden golden(JsonNode tree) throws InvalidModelPackageException {
            if (!tree.has("golden")) {
                return null;
            }
            JsonNode section = description.section(tree, "golden");
            description.onlyKnown(section, "golden.", Set.of("file", "tolerance"));
            double tolerance = description.number(section, "tolerance", 0.1);
            if (!(tolerance > 0)) {
                throw description.wrong("golden.tolerance", "must be a number above 0");
            }
            return new Golden(
                    description.existing(
                            "golden.file",
                            description.text(section, "file", "golden.", "golden.jsonl")),
                    tolerance);
        }

        private int atLeast(
                int least, JsonNode parent, String field, String path, @Nullable Integer otherwise)
                throws InvalidModelPackageException {
            int value = description.wholeNumber(parent, field, path, otherwise);
            if (value < least) {
                throw description.wrong(
                        path + field, "is " + value + "; it must be at least " + least);
            }
            return value;
        }
    }
}
