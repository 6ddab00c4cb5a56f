package dev.lychee.rerank.operators.scoring;

import dev.lychee.rerank.schemas.Sha256;
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
 * @param threads threads of one forward pass on the CPU; 0 on another device
 * @param maxTokens most tokens of one pair
 * @param temperature the package's own temperature, by which a logit is divided before the sigmoid
 * @param images whether and how pictures are read
 */
public record ScorerDescription(
        String name,
        String version,
        String fingerprint,
        @Nullable String defaultInstruction,
        String precision,
        String device,
        int threads,
        int maxTokens,
        double temperature,
        ScorerImages images) {

    /** A scorer of texts. */
    public ScorerDescription(
            String name,
            String version,
            String fingerprint,
            @Nullable String defaultInstruction,
            String precision,
            String device,
            int threads,
            int maxTokens,
            double temperature) {
        this(
                name,
                version,
                fingerprint,
                defaultInstruction,
                precision,
                device,
                threads,
                maxTokens,
                temperature,
                ScorerImages.NONE);
    }

    /** Whether it reads pictures, in one form or another. */
    public boolean readsPictures() {
        return images.kind() != ScorerImages.Kind.NONE;
    }

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
        return Sha256.hex(text, 16);
    }
}
