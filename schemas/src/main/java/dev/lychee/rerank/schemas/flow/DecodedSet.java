package dev.lychee.rerank.schemas.flow;

import dev.lychee.rerank.schemas.CandidateSet;

/**
 * A candidate set that was read and checked.
 *
 * @param set the set
 * @param source the record it came in, for dead letters of later stages; its value is kept until
 *     the set is bound
 * @param contentHash SHA-256 of the record's value, in hexadecimal
 */
public record DecodedSet(CandidateSet set, SourceRecord source, String contentHash) {}
