package dev.lychee.rerank.deploy.bench.peers;

/** A query with one document. */
public record TextPair(String query, String document) {}
