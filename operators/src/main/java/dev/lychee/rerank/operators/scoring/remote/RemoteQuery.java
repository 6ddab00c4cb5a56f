package dev.lychee.rerank.operators.scoring.remote;

import dev.lychee.rerank.operators.scoring.EncodedQuery;

/**
 * A query that is ready to be sent.
 *
 * @param instruction what the model is asked to judge; empty when it reads none
 * @param content the query
 * @param tokens tokens of instruction and query, estimated
 * @param truncated whether the query was shortened
 */
record RemoteQuery(String instruction, RemoteContent content, int tokens, boolean truncated)
        implements EncodedQuery {}
