package dev.lychee.rerank.operators.scoring.remote;

import dev.lychee.rerank.operators.scoring.EncodedPair;

/**
 * A pair that is ready to be sent.
 *
 * @param query what the document is judged by
 * @param document the document
 * @param tokens tokens of the whole input, estimated; at least 1
 * @param truncated whether query or document was shortened
 */
record RemotePair(RemoteQuery query, RemoteContent document, int tokens, boolean truncated)
        implements EncodedPair {}
