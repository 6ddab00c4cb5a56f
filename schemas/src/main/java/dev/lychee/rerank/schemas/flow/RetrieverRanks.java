package dev.lychee.rerank.schemas.flow;

import java.util.Map;

/**
 * Where each retriever of a sharded request placed a candidate.
 *
 * @param byRetriever place by the retriever's name, 1-based; empty for unsharded requests
 */
public record RetrieverRanks(Map<String, Integer> byRetriever) {

    public static final RetrieverRanks NONE = new RetrieverRanks(Map.of());
}
