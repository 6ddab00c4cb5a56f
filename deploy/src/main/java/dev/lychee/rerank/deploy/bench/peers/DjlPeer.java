package dev.lychee.rerank.deploy.bench.peers;

import ai.djl.Device;
import ai.djl.MalformedModelException;
import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import ai.djl.huggingface.translator.CrossEncoderTranslator;
import ai.djl.inference.Predictor;
import ai.djl.repository.zoo.Criteria;
import ai.djl.repository.zoo.ModelNotFoundException;
import ai.djl.repository.zoo.ZooModel;
import ai.djl.translate.TranslateException;
import ai.djl.util.StringPair;
import dev.lychee.rerank.deploy.UserMistakeException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * DJL as its own documentation has it: {@code model.pt} in fp32 with DJL's translator for
 * cross-encoders, one pair per call. OpenSearch's ML plugin scored pairs this way, too, before it
 * got a setting for batches.
 */
public final class DjlPeer implements AutoCloseable {

    private final ZooModel<StringPair, float[]> model;
    private final HuggingFaceTokenizer tokenizer;
    private final int maxTokens;

    private DjlPeer(
            ZooModel<StringPair, float[]> model, HuggingFaceTokenizer tokenizer, int maxTokens) {
        this.model = model;
        this.tokenizer = tokenizer;
        this.maxTokens = maxTokens;
    }

    /**
     * Loads a folder's TorchScript into the engine as it runs in this JVM.
     *
     * @param maxTokens most tokens of a pair
     * @throws UserMistakeException if a file is wrong
     */
    public static DjlPeer load(Path folder, int maxTokens) {
        HuggingFaceTokenizer tokenizer = PeerFiles.tokenizer(folder, maxTokens);
        try {
            ZooModel<StringPair, float[]> model =
                    Criteria.builder()
                            .setTypes(StringPair.class, float[].class)
                            .optEngine("PyTorch")
                            .optDevice(Device.cpu())
                            .optModelPath(folder)
                            .optModelName(PeerFiles.TORCH_SCRIPT)
                            .optTranslator(
                                    CrossEncoderTranslator.builder(tokenizer)
                                            .optIncludeTokenTypes(true)
                                            .optSigmoid(false)
                                            .build())
                            .build()
                            .loadModel();
            return new DjlPeer(model, tokenizer, maxTokens);
        } catch (IOException | ModelNotFoundException | MalformedModelException wrong) {
            tokenizer.close();
            throw new UserMistakeException(
                    "%s cannot be loaded by DJL: %s"
                            .formatted(folder.resolve(PeerFiles.TORCH_SCRIPT), wrong.getMessage()));
        }
    }

    /** A predictor for one thread, which the caller closes. */
    Predictor<StringPair, float[]> newPredictor() {
        return model.newPredictor();
    }

    /** Scores all pairs, one per call, on the calling thread. */
    public PeerPass score(List<TextPair> pairs) {
        float[] logits = new float[pairs.size()];
        long start = System.nanoTime();
        try (Predictor<StringPair, float[]> predictor = newPredictor()) {
            for (int i = 0; i < logits.length; i++) {
                TextPair pair = pairs.get(i);
                logits[i] = predictor.predict(new StringPair(pair.query(), pair.document()))[0];
            }
        } catch (TranslateException failed) {
            throw new IllegalStateException("DJL did not score a pair", failed);
        }
        long nanos = System.nanoTime() - start;
        long tokens = tokens(pairs);
        return new PeerPass(logits, nanos, 0, logits.length, tokens, tokens);
    }

    /** Tokens of all pairs together. */
    long tokens(List<TextPair> pairs) {
        long tokens = 0;
        for (TextPair pair : pairs) {
            tokens +=
                    Math.min(
                            maxTokens,
                            tokenizer.encode(pair.query(), pair.document()).getIds().length);
        }
        return tokens;
    }

    @Override
    public void close() {
        model.close();
        tokenizer.close();
    }
}
