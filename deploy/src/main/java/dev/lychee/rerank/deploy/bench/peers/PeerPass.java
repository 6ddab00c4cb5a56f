package dev.lychee.rerank.deploy.bench.peers;

/**
 * What one pass of a peer over all pairs came to.
 *
 * @param logits one per pair, in the order given
 * @param nanos how long it took, tokenizing included
 * @param forwardNanos how much of that was inside the engine's forward passes; 0 where a peer does
 *     not tell
 * @param batches forward passes
 * @param realTokens tokens of the pairs
 * @param paddedTokens tokens that were computed
 */
public record PeerPass(
        float[] logits,
        long nanos,
        long forwardNanos,
        long batches,
        long realTokens,
        long paddedTokens) {}
