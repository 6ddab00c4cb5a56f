package dev.lychee.rerank.schemas;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A message that could not be used: where it came from, why, and enough of it to find it again.
 *
 * @param schema version of this shape
 * @param stage operator that refused it
 * @param reason why, as a constant to count by
 * @param message why, as a sentence that names the field and the remedy
 * @param requestId the request, when it could be read
 * @param topic source topic, or the file's path
 * @param partition source partition; 0 for files
 * @param offset source offset; the line number for files
 * @param timestamp the source record's timestamp
 * @param payloadBytes size of the message
 * @param payloadSha256 hash of the message in hexadecimal
 * @param payloadHead the message's first bytes as text, malformed bytes replaced
 * @param payloadHeadBase64 the same bytes as they were
 */
public record DeadLetter(
        int schema,
        String stage,
        Reason reason,
        String message,
        @Nullable String requestId,
        String topic,
        int partition,
        long offset,
        Instant timestamp,
        int payloadBytes,
        String payloadSha256,
        String payloadHead,
        String payloadHeadBase64) {

    public static final int SCHEMA = 1;
}
