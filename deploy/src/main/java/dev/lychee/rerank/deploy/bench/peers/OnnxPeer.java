package dev.lychee.rerank.deploy.bench.peers;

import ai.djl.huggingface.tokenizers.Encoding;
import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import ai.djl.util.PairList;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtLoggingLevel;
import ai.onnxruntime.OrtSession;
import dev.lychee.rerank.deploy.UserMistakeException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.LongBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/**
 * ONNX Runtime for Java on {@code model.onnx}, fp32, in batches of a fixed number of pairs.
 *
 * <p>Pairs of a batch are tokenized together, which uses all cores, and padded to the longest.
 */
public final class OnnxPeer implements AutoCloseable {

    /** How many threads a forward pass has, and how they wait for work. */
    public enum Threads {
        /** What ONNX Runtime chooses. */
        DEFAULT("its own choice"),
        /** One per core, which spin between operators. */
        CORES("one per core"),
        /** One per core, which sleep between operators; kinder to others on the same cores. */
        CORES_WITHOUT_SPINNING("one per core, without spinning");

        private final String text;

        Threads(String text) {
            this.text = text;
        }

        /** For people. */
        public String text() {
            return text;
        }
    }

    private final OrtEnvironment environment;
    private final OrtSession session;
    private final HuggingFaceTokenizer tokenizer;
    private final int maxTokens;

    private OnnxPeer(
            OrtEnvironment environment,
            OrtSession session,
            HuggingFaceTokenizer tokenizer,
            int maxTokens) {
        this.environment = environment;
        this.session = session;
        this.tokenizer = tokenizer;
        this.maxTokens = maxTokens;
    }

    /**
     * Loads a folder's graph with all of ONNX Runtime's graph optimizations.
     *
     * @param maxTokens most tokens of a pair
     * @throws UserMistakeException if a file is wrong
     */
    public static OnnxPeer load(Path folder, int maxTokens, Threads threads) {
        HuggingFaceTokenizer tokenizer = PeerFiles.tokenizer(folder, maxTokens);
        Path file = folder.resolve(PeerFiles.ONNX);
        try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
            OrtEnvironment environment =
                    OrtEnvironment.getEnvironment(OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR);
            options.setOptimizationLevel(OrtSession.SessionOptions.OptLevel.ALL_OPT);
            if (threads != Threads.DEFAULT) {
                options.setIntraOpNumThreads(Runtime.getRuntime().availableProcessors());
            }
            if (threads == Threads.CORES_WITHOUT_SPINNING) {
                options.addConfigEntry("session.intra_op.allow_spinning", "0");
            }
            OrtSession session = environment.createSession(file.toString(), options);
            return new OnnxPeer(environment, session, tokenizer, maxTokens);
        } catch (OrtException wrong) {
            tokenizer.close();
            throw new UserMistakeException(
                    "%s cannot be loaded by ONNX Runtime: %s".formatted(file, wrong.getMessage()));
        }
    }

    /**
     * Scores all pairs.
     *
     * @param batchSize pairs in a forward pass, at least 1
     * @param sorted whether all pairs are tokenized first and batched shortest first; else batches
     *     are in the order given
     */
    public PeerPass score(List<TextPair> pairs, int batchSize, boolean sorted) {
        long start = System.nanoTime();
        Pass pass = new Pass(pairs.size());
        if (sorted) {
            Encoding[] encoded = encode(pairs);
            Integer[] order = new Integer[encoded.length];
            Arrays.setAll(order, i -> i);
            Arrays.sort(order, Comparator.comparingInt(i -> encoded[i].getIds().length));
            for (int from = 0; from < order.length; from += batchSize) {
                int to = Math.min(order.length, from + batchSize);
                List<Encoding> batch = new ArrayList<>(batchSize);
                int[] places = new int[to - from];
                for (int i = from; i < to; i++) {
                    batch.add(encoded[order[i]]);
                    places[i - from] = order[i];
                }
                pass.score(batch, places);
            }
        } else {
            for (int from = 0; from < pairs.size(); from += batchSize) {
                int to = Math.min(pairs.size(), from + batchSize);
                int[] places = new int[to - from];
                int first = from;
                Arrays.setAll(places, i -> first + i);
                pass.score(List.of(encode(pairs.subList(from, to))), places);
            }
        }
        return pass.finish(System.nanoTime() - start);
    }

    @Override
    public void close() {
        try {
            session.close();
        } catch (OrtException failed) {
            throw new IllegalStateException("ONNX Runtime did not close its session", failed);
        } finally {
            tokenizer.close();
        }
    }

    private Encoding[] encode(List<TextPair> pairs) {
        PairList<String, String> texts = new PairList<>(pairs.size());
        for (TextPair pair : pairs) {
            texts.add(pair.query(), pair.document());
        }
        return tokenizer.batchEncode(texts, true, false);
    }

    /** The forward passes of one pass over all pairs. */
    private final class Pass {
        private final float[] logits;
        private long forwardNanos;
        private long batches;
        private long realTokens;
        private long paddedTokens;

        Pass(int pairs) {
            logits = new float[pairs];
        }

        /** One forward pass; logits go to {@code places}. */
        void score(List<Encoding> batch, int[] places) {
            int longest = 0;
            for (Encoding pair : batch) {
                longest = Math.max(longest, pair.getIds().length);
                realTokens += pair.getIds().length;
            }
            if (longest > maxTokens) {
                throw new IllegalStateException("A pair has " + longest + " tokens");
            }
            long[] shape = {batch.size(), longest};
            LongBuffer ids = direct(batch.size() * longest);
            LongBuffer mask = direct(batch.size() * longest);
            LongBuffer types = direct(batch.size() * longest);
            for (int row = 0; row < batch.size(); row++) {
                Encoding pair = batch.get(row);
                ids.put(row * longest, pair.getIds());
                mask.put(row * longest, pair.getAttentionMask());
                types.put(row * longest, pair.getTypeIds());
            }
            paddedTokens += (long) batch.size() * longest;
            batches++;
            long start = System.nanoTime();
            try (OnnxTensor idTensor = OnnxTensor.createTensor(environment, ids, shape);
                    OnnxTensor maskTensor = OnnxTensor.createTensor(environment, mask, shape);
                    OnnxTensor typeTensor = OnnxTensor.createTensor(environment, types, shape);
                    OrtSession.Result result =
                            session.run(
                                    Map.of(
                                            "input_ids",
                                            idTensor,
                                            "attention_mask",
                                            maskTensor,
                                            "token_type_ids",
                                            typeTensor))) {
                float[] scores = ((OnnxTensor) result.get(0)).getFloatBuffer().array();
                for (int i = 0; i < places.length; i++) {
                    logits[places[i]] = scores[i];
                }
            } catch (OrtException failed) {
                throw new IllegalStateException("ONNX Runtime did not score a batch", failed);
            }
            forwardNanos += System.nanoTime() - start;
        }

        PeerPass finish(long nanos) {
            return new PeerPass(logits, nanos, forwardNanos, batches, realTokens, paddedTokens);
        }
    }

    private static LongBuffer direct(int longs) {
        return ByteBuffer.allocateDirect(longs * Long.BYTES)
                .order(ByteOrder.nativeOrder())
                .asLongBuffer();
    }
}
