package dev.lychee.rerank.deploy.bench.peers;

import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import dev.lychee.rerank.deploy.UserMistakeException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** What peers load of a folder: the same fp32 weights for two engines, and one tokenizer. */
public final class PeerFiles {

    static final String TORCH_SCRIPT = "model.pt";
    static final String ONNX = "model.onnx";
    static final String TOKENIZER = "tokenizer.json";

    private PeerFiles() {}

    /** Whether the folder has all files that peers load. */
    public static boolean areIn(Path folder) {
        return Files.isRegularFile(folder.resolve(TORCH_SCRIPT))
                && Files.isRegularFile(folder.resolve(ONNX))
                && Files.isRegularFile(folder.resolve(TOKENIZER));
    }

    /**
     * The folder's tokenizer, shortening pairs to {@code maxTokens} and never padding them.
     *
     * @throws UserMistakeException if it cannot be read
     */
    static HuggingFaceTokenizer tokenizer(Path folder, int maxTokens) {
        Path file = folder.resolve(TOKENIZER);
        try {
            return HuggingFaceTokenizer.builder()
                    .optTokenizerPath(file)
                    .optAddSpecialTokens(true)
                    .optTruncation(true)
                    .optPadding(false)
                    .optMaxLength(maxTokens)
                    .build();
        } catch (IOException | RuntimeException unreadable) {
            throw new UserMistakeException(
                    "%s cannot be read as a tokenizer: %s"
                            .formatted(file, unreadable.getMessage()));
        }
    }
}
