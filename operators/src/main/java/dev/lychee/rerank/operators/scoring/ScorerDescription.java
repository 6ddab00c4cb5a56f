package dev.lychee.rerank.operators.scoring;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/**
 * A loaded model.
 *
 * @param name name of the model package
 * @param version version of the model package
 * @param fingerprint 16 hexadecimal digits that name everything in the package that shapes a logit:
 *     weights, tokenizer, template, limits, head and precision
 * @param defaultInstruction what the model is asked to judge when a task names nothing else; null
 *     when the model reads no instruction
 * @param precision {@code fp32}, {@code bf16} or {@code fp16}
 * @param device {@code cpu} or {@code gpu:0}
 * @param maxTokens most tokens of one pair
 * @param temperature the package's own temperature, by which a logit is divided before the sigmoid
 */
public record ScorerDescription(
        String name,
        String version,
        String fingerprint,
        @Nullable String defaultInstruction,
        String precision,
        String device,
        int maxTokens,
        double temperature) {

    /**
     * The fingerprint of logits that were asked for with an instruction; the package's own where
     * the model reads none.
     *
     * @param instruction the task's instruction; null for the package's own
     */
    public String fingerprint(@Nullable String instruction) {
        if (defaultInstruction == null) {
            return fingerprint;
        }
        String asked = instruction == null ? defaultInstruction : instruction;
        return hash(fingerprint + "\n" + asked);
    }

    /** The first 16 hexadecimal digits of the text's SHA-256. */
    public static String hash(String text) {
        try {
            byte[] digest =
                    MessageDigest.getInstance("SHA-256")
                            .digest(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest, 0, 8);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java platform has SHA-256", e);
        }
    }
}
