package dev.lychee.rerank.operators.clicks;

import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32;

/** A hash of request ids that is the same on every machine and in every release. */
public final class RequestHash {

    private RequestHash() {}

    /** 0..2^32 - 1. */
    public static long of(String requestId) {
        CRC32 hash = new CRC32();
        hash.update(requestId.getBytes(StandardCharsets.UTF_8));
        return hash.getValue();
    }
}
