package dev.lychee.rerank.operators.scoring.remote;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.lychee.rerank.operators.scoring.PassScores;
import dev.lychee.rerank.operators.scoring.remote.EndpointException.Fault;
import dev.lychee.rerank.operators.scoring.remote.RemotePackage.Answer;
import dev.lychee.rerank.operators.scoring.remote.RemotePackage.Chat;
import dev.lychee.rerank.operators.scoring.remote.RemotePackage.Prompt;
import dev.lychee.rerank.operators.scoring.remote.RemotePackage.ScoreKind;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Chat completions in the shape of OpenAI, one pair each. The logit is either that of answering yes
 * rather than no, {@code log p(yes) - log p(no)} of the first token, or is made of the score that
 * the model writes.
 */
final class ChatProtocol implements RemoteProtocol {

    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    /** Servers write a probability of zero as -9999 or so. */
    private static final double LEAST_LOGPROB = -50;

    private final RemotePackage pack;
    private final Chat chat;

    ChatProtocol(RemotePackage pack) {
        this.pack = pack;
        this.chat = pack.chat();
    }

    @Override
    public ObjectNode request(RemoteQuery query, List<RemoteContent> documents) {
        if (documents.size() != 1) {
            throw new IllegalArgumentException("A chat judges one document at a time");
        }
        Prompt prompt = pack.prompt();
        RemoteContent document = documents.get(0);
        ArrayNode messages = JSON.arrayNode();
        if (!prompt.system().isEmpty()) {
            messages.add(JSON.objectNode().put("role", "system").put("content", prompt.system()));
        }
        ObjectNode user = JSON.objectNode().put("role", "user");
        String queryText = prompt.queryText(query);
        String documentText = prompt.documentText(document);
        if (query.content().image() == null && document.image() == null) {
            user.put("content", queryText + documentText);
        } else {
            ArrayNode parts = JSON.arrayNode();
            addParts(parts, prompt.beforeQuery(query), query.content().image(), queryText);
            addParts(parts, prompt.beforeDocument(), document.image(), documentText);
            user.set("content", parts);
        }
        messages.add(user);
        ObjectNode request = JSON.objectNode();
        request.put("model", pack.model());
        request.set("messages", messages);
        if (chat.answer() == Answer.LOGPROBS) {
            request.put("max_tokens", 1);
            request.put("logprobs", true);
            request.put("top_logprobs", chat.topLogprobs());
        } else {
            request.put("max_tokens", chat.maxAnswerTokens());
            request.put("temperature", 0);
        }
        request.setAll(pack.requestFields());
        return request;
    }

    /** The picture stands where the text it belongs to begins. */
    private static void addParts(
            ArrayNode parts, String before, @Nullable String image, String whole) {
        if (image == null) {
            parts.add(textPart(whole));
            return;
        }
        if (!before.isEmpty()) {
            parts.add(textPart(before));
        }
        parts.add(imagePart(image));
        if (whole.length() > before.length()) {
            parts.add(textPart(whole.substring(before.length())));
        }
    }

    static ObjectNode textPart(String text) {
        return JSON.objectNode().put("type", "text").put("text", text);
    }

    static ObjectNode imagePart(String uri) {
        ObjectNode part = JSON.objectNode().put("type", "image_url");
        part.set("image_url", JSON.objectNode().put("url", uri));
        return part;
    }

    @Override
    public PassScores read(JsonNode answer, int pairs) {
        JsonNode choice = answer.path("choices").path(0);
        if (!choice.isObject()) {
            throw new EndpointException(
                    Fault.LASTING,
                    "the answer holds no choices; do 'remote.api' and 'remote.url' fit together?");
        }
        try {
            float logit =
                    chat.answer() == Answer.LOGPROBS
                            ? (float) yesRatherThanNo(choice)
                            : ScoreKind.PROBABILITY.logit(
                                    GeneratedScore.read(
                                            choice.path("message").path("content").asText("")));
            return PassScores.of(new float[] {logit});
        } catch (UnparsedException e) {
            if (pack.failOnUnparsed()) {
                throw new EndpointException(Fault.FAILED, String.valueOf(e.getMessage()));
            }
            return new PassScores(
                    new float[] {Float.NaN}, Map.of(0, String.valueOf(e.getMessage())));
        }
    }

    /**
     * {@code log p(yes) - log p(no)} of the first token. Each answer is the sum over its spellings;
     * one that is not listed is at most as probable as the least of those that are.
     */
    private double yesRatherThanNo(JsonNode choice) throws UnparsedException {
        JsonNode listed = choice.path("logprobs").path("content").path(0).path("top_logprobs");
        double yes = Double.NEGATIVE_INFINITY;
        double no = Double.NEGATIVE_INFINITY;
        double least = 0;
        for (JsonNode entry : listed) {
            double logprob =
                    Math.max(LEAST_LOGPROB, Answers.number(entry.path("logprob"), "logprob"));
            least = Math.min(least, logprob);
            String token = spelled(entry.path("token").asText(""));
            if (token.equals(spelled(chat.yes()))) {
                yes = logOfSum(yes, logprob);
            } else if (token.equals(spelled(chat.no()))) {
                no = logOfSum(no, logprob);
            }
        }
        if (yes == Double.NEGATIVE_INFINITY && no == Double.NEGATIVE_INFINITY) {
            throw new UnparsedException(
                    "neither '"
                            + chat.yes()
                            + "' nor '"
                            + chat.no()
                            + "' is among the likely answers: "
                            + Answers.bounded(
                                    choice.path("message").path("content").asText("")
                                            + " "
                                            + listed));
        }
        return (yes == Double.NEGATIVE_INFINITY ? least : yes)
                - (no == Double.NEGATIVE_INFINITY ? least : no);
    }

    /** Without blanks, and the marks that stand for them in some vocabularies. */
    private static String spelled(String token) {
        return token.replaceAll("[\\s\u0120\u2581]", "").toLowerCase(Locale.ROOT);
    }

    private static double logOfSum(double a, double b) {
        double greater = Math.max(a, b);
        return greater + Math.log1p(Math.exp(Math.min(a, b) - greater));
    }
}
