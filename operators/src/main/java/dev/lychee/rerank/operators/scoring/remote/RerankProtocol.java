package dev.lychee.rerank.operators.scoring.remote;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.lychee.rerank.operators.scoring.PassScores;
import dev.lychee.rerank.operators.scoring.remote.EndpointException.Fault;
import dev.lychee.rerank.operators.scoring.remote.RemotePackage.Api;
import dev.lychee.rerank.operators.scoring.remote.RemotePackage.ScoreKind;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * One query, many documents, and an answer that names each document by its place: the rerank shape
 * of Jina and Cohere, which vLLM and others speak ({@code results[].relevance_score}), vLLM's score
 * shape ({@code data[].score}) and that of Text Embeddings Inference ({@code [].score}). Answers
 * come in any order, mostly the best first.
 */
final class RerankProtocol implements RemoteProtocol {

    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    private final RemotePackage pack;

    RerankProtocol(RemotePackage pack) {
        this.pack = pack;
    }

    @Override
    public ObjectNode request(RemoteQuery query, List<RemoteContent> documents) {
        JsonNode asked = content(pack.prompt().queryText(query), query.content());
        ArrayNode judged = JSON.arrayNode(documents.size());
        for (RemoteContent document : documents) {
            judged.add(content(pack.prompt().documentText(document), document));
        }
        ObjectNode request = JSON.objectNode();
        boolean logits = pack.score() == ScoreKind.LOGIT;
        switch (pack.api()) {
            case TEI_RERANK -> {
                request.set("query", asked);
                request.set("texts", judged);
                request.put("raw_scores", logits);
                request.put("truncate", true);
            }
            case VLLM_SCORE -> {
                request.put("model", pack.model());
                request.set("text_1", asked);
                request.set("text_2", judged);
            }
            case VLLM_RERANK, RERANK -> {
                request.put("model", pack.model());
                request.set("query", asked);
                request.set("documents", judged);
                request.put("top_n", documents.size());
            }
            case CHAT -> throw new IllegalStateException("chat has a protocol of its own");
        }
        if (logits && (pack.api() == Api.VLLM_RERANK || pack.api() == Api.VLLM_SCORE)) {
            request.put("use_activation", false);
        }
        request.setAll(pack.requestFields());
        return request;
    }

    /** A text alone, or picture and text as vLLM takes them. */
    private static JsonNode content(String text, RemoteContent content) {
        if (content.image() == null) {
            return JSON.textNode(text);
        }
        ArrayNode parts = JSON.arrayNode();
        parts.add(ChatProtocol.imagePart(content.image()));
        if (!text.isEmpty()) {
            parts.add(ChatProtocol.textPart(text));
        }
        return JSON.objectNode().set("content", parts);
    }

    @Override
    public PassScores read(JsonNode answer, int pairs) {
        return switch (pack.api()) {
            case TEI_RERANK -> read(answer, "score", pairs);
            case VLLM_SCORE -> read(answer.path("data"), "score", pairs);
            case VLLM_RERANK, RERANK -> read(answer.path("results"), "relevance_score", pairs);
            case CHAT -> throw new IllegalStateException("chat has a protocol of its own");
        };
    }

    private PassScores read(JsonNode list, String field, int pairs) {
        if (!list.isArray()) {
            throw new EndpointException(
                    Fault.LASTING,
                    "the answer holds no list of scores; do 'remote.api' and 'remote.url' fit"
                            + " together?");
        }
        float[] logits = new float[pairs];
        Arrays.fill(logits, Float.NaN);
        boolean[] seen = new boolean[pairs];
        Map<Integer, String> reasons = new HashMap<>();
        for (JsonNode element : list) {
            JsonNode index = element.path("index");
            if (!index.canConvertToInt() || index.asInt() < 0 || index.asInt() >= pairs) {
                throw new EndpointException(
                        Fault.FAILED,
                        "the answer speaks of document "
                                + Answers.bounded(index.toString())
                                + " of "
                                + pairs);
            }
            int place = index.asInt();
            if (seen[place]) {
                // Which of the two is meant, and which document the other one is, cannot be known.
                throw new EndpointException(
                        Fault.FAILED, "the answer has two scores for document " + place);
            }
            seen[place] = true;
            JsonNode score = element.path(field);
            try {
                logits[place] = pack.score().logit(Answers.number(score, field));
            } catch (UnparsedException e) {
                reasons.put(place, String.valueOf(e.getMessage()));
            }
        }
        for (int i = 0; i < pairs; i++) {
            if (!seen[i]) {
                reasons.put(i, "the answer has no score for this document");
            }
        }
        return new PassScores(logits, reasons);
    }
}
