package dev.lychee.rerank.operators.scoring.remote;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.lychee.rerank.operators.scoring.PassScores;
import java.util.List;

/** The JSON that one kind of endpoint speaks. Thread-safe. */
interface RemoteProtocol {

    /** The request for documents of one query, at least one. */
    ObjectNode request(RemoteQuery query, List<RemoteContent> documents);

    /**
     * Reads an answer.
     *
     * @param pairs how many documents the request had
     * @throws EndpointException if the answer as a whole cannot be used; a pair that alone lacks a
     *     score has NaN and a reason instead
     */
    PassScores read(JsonNode answer, int pairs);
}
