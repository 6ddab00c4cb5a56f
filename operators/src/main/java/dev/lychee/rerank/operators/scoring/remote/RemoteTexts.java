package dev.lychee.rerank.operators.scoring.remote;

import dev.lychee.rerank.operators.assembly.TokenEstimate;
import dev.lychee.rerank.operators.scoring.Content;
import dev.lychee.rerank.operators.scoring.PackageDescription.Limits;
import dev.lychee.rerank.operators.scoring.PairImage;
import dev.lychee.rerank.operators.scoring.remote.RemotePackage.Prompt;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Makes texts fit to be sent: within the limits by an estimate, since only the server has the
 * tokenizer, and without literals that a server would read as control tokens. Thread-safe.
 */
final class RemoteTexts {

    /**
     * Control tokens of the chat templates and tokenizers in use, such as {@code <|im_end|>},
     * {@code </s>}, {@code <end_of_turn>} and {@code [SEP]}.
     */
    private static final Pattern CONTROL =
            Pattern.compile(
                    "<(?=\\|[^|<>\\s]{1,64}\\|>|/?(?:s|mask|pad|unk|bos|eos|think|start_of_turn"
                            + "|end_of_turn)>)|\\[(?=/?(?:CLS|SEP|MASK|PAD|UNK|INST)\\])");

    private final Prompt prompt;
    private final Limits limits;
    private final int promptTokens;

    RemoteTexts(Prompt prompt, Limits limits) {
        this.prompt = prompt;
        this.limits = limits;
        this.promptTokens = TokenEstimate.of(prompt.system() + prompt.query() + prompt.document());
    }

    /** What the model is asked when a task names nothing else; null when it reads none. */
    @Nullable String defaultInstruction() {
        return prompt.readsInstruction() ? prompt.defaultInstruction() : null;
    }

    RemoteQuery query(@Nullable String instruction, Content query) {
        String asked = "";
        if (prompt.readsInstruction()) {
            asked = instruction == null ? prompt.defaultInstruction() : neutralized(instruction);
        }
        String kept = shortened(neutralized(query.text()), limits.maxQueryTokens());
        int tokens = promptTokens + TokenEstimate.of(asked) + TokenEstimate.of(kept);
        if (tokens >= limits.maxTokens()) {
            throw new IllegalArgumentException(
                    "prompt, instruction and query take about "
                            + tokens
                            + " of "
                            + limits.maxTokens()
                            + " tokens, which leaves none for a document");
        }
        return new RemoteQuery(
                asked,
                new RemoteContent(kept, address(query)),
                tokens,
                TokenEstimate.of(query.text()) > limits.maxQueryTokens());
    }

    RemotePair pair(RemoteQuery query, Content document) {
        int room = limits.maxTokens() - query.tokens();
        String kept = shortened(neutralized(document.text()), room);
        return new RemotePair(
                query,
                new RemoteContent(kept, address(document)),
                query.tokens() + TokenEstimate.of(kept),
                query.truncated() || TokenEstimate.of(document.text()) > room);
    }

    private static @Nullable String address(Content content) {
        return content.image() instanceof PairImage.Forwarded image ? image.address() : null;
    }

    /** Breaks up literals of control tokens by a space, so that no text can end its own part. */
    static String neutralized(String text) {
        return CONTROL.matcher(text).replaceAll("$0 ");
    }

    /** The beginning of a text that takes at most so many tokens by {@link TokenEstimate}. */
    static String shortened(String text, int maxTokens) {
        if (TokenEstimate.of(text) <= maxTokens) {
            return text;
        }
        // The estimate grows with the length.
        int fits = 0;
        int tooLong = text.length();
        while (tooLong - fits > 1) {
            int middle = (fits + tooLong) >>> 1;
            if (TokenEstimate.of(text.substring(0, middle)) <= maxTokens) {
                fits = middle;
            } else {
                tooLong = middle;
            }
        }
        boolean splitsPair = fits > 0 && Character.isHighSurrogate(text.charAt(fits - 1));
        return text.substring(0, splitsPair ? fits - 1 : fits);
    }
}
