package dev.lychee.rerank.operators;

import dev.lychee.rerank.schemas.DeadLetter;
import dev.lychee.rerank.schemas.InvalidMessageException;
import dev.lychee.rerank.schemas.Sha256;
import dev.lychee.rerank.schemas.flow.SourcePosition;
import dev.lychee.rerank.schemas.flow.SourceRecord;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import org.apache.flink.util.OutputTag;
import org.jspecify.annotations.Nullable;

/** What cannot be used leaves every step through one side output. */
public final class DeadLetters {

    /** The side output of every step that can refuse something. */
    public static final OutputTag<DeadLetter> TAG = new OutputTag<>("dead-letters") {};

    /** Most bytes of the payload that a dead letter repeats. */
    private static final int MAX_HEAD_BYTES = 1024;

    private static final byte[] NO_BYTES = {};

    private DeadLetters() {}

    /**
     * The dead letter of a record that cannot be read.
     *
     * @param stage name of the step that refused it
     * @param why the reason and the sentence
     */
    public static DeadLetter of(String stage, InvalidMessageException why, SourceRecord record) {
        return of(
                stage,
                why,
                null,
                record.position(),
                record.timestampMillis(),
                record.value(),
                null);
    }

    /**
     * A dead letter.
     *
     * @param stage name of the step that refused the message
     * @param why the reason and the sentence
     * @param contentHash hash of the payload, when it is known already
     */
    public static DeadLetter of(
            String stage,
            InvalidMessageException why,
            @Nullable String requestId,
            SourcePosition position,
            long timestampMillis,
            byte @Nullable [] payload,
            @Nullable String contentHash) {
        byte[] bytes = payload == null ? NO_BYTES : payload;
        byte[] head = Arrays.copyOf(bytes, Math.min(bytes.length, MAX_HEAD_BYTES));
        return new DeadLetter(
                DeadLetter.SCHEMA,
                stage,
                why.reason(),
                String.valueOf(why.getMessage()),
                requestId,
                position.topic(),
                position.partition(),
                position.offset(),
                Instant.ofEpochMilli(timestampMillis),
                bytes.length,
                contentHash == null ? Sha256.hex(bytes) : contentHash,
                new String(head, StandardCharsets.UTF_8),
                Base64.getEncoder().encodeToString(head));
    }
}
