package dev.lychee.rerank.schemas.flow;

import dev.lychee.rerank.schemas.ImageReference;
import java.util.List;

/**
 * One document to be scored.
 *
 * @param position index of the candidate in its envelope, 0-based
 * @param document the text the model reads; empty when the candidate has only pictures
 * @param retrievalRank place of the candidate among those of its record by the retriever's score,
 *     1-based; 0 when not known
 * @param images pictures of the candidate, the main one first
 */
public record ScoreItem(
        int position, int retrievalRank, String document, List<ImageReference> images) {}
