package dev.lychee.rerank.operators.clicks;

import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32;

/** A hash of request ids that is the same on every machine and in every release. */
public final class RequestHash {

    /** One request in so many is held out. */
    private static final int HELD_OUT = 5;

    private RequestHash() {}

    /** 0..2^32 - 1. */
    public static long of(String requestId) {
        CRC32 hash = new CRC32();
        hash.update(requestId.getBytes(StandardCharsets.UTF_8));
        return hash.getValue();
    }

    /** Whether a request judges maps instead of shaping them. */
    public static boolean isHeldOut(String requestId) {
        return of(requestId) % HELD_OUT == 0;
    }
}
