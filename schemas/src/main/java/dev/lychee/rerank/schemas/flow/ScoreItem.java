package dev.lychee.rerank.schemas.flow;

import dev.lychee.rerank.schemas.ImageReference;
import java.util.List;

/**
 * One document to be scored.
 *
 * @param position index of the candidate in its envelope, 0-based
 * @param document the text the model reads; empty when the candidate has only pictures
 * @param images pictures of the candidate, the main one first
 */
public record ScoreItem(int position, String document, List<ImageReference> images) {}
