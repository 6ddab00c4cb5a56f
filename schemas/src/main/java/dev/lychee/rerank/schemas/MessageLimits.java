package dev.lychee.rerank.schemas;

import java.io.Serializable;

/**
 * How large a candidate set may be.
 *
 * @param maxRecordBytes largest record, in bytes
 * @param maxCandidates most candidates in one record
 * @param maxDocumentBytes most text of one document, in bytes of UTF-8
 */
public record MessageLimits(int maxRecordBytes, int maxCandidates, int maxDocumentBytes)
        implements Serializable {

    public static final MessageLimits DEFAULTS =
            new MessageLimits(16 * 1024 * 1024, 1_000, 1024 * 1024);
}
