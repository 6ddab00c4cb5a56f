package dev.lychee.rerank.deploy.bench.peers;

import ai.djl.Device;
import ai.djl.MalformedModelException;
import ai.djl.Model;
import ai.djl.inference.Predictor;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.translate.NoopTranslator;
import ai.djl.translate.TranslateException;
import dev.lychee.rerank.deploy.UserMistakeException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;

/**
 * How fast this machine's engine multiplies matrices of a model's own shapes, with nothing between
 * the products: what the linear layers of a forward pass could reach at most.
 *
 * <p>The products are a graph of their own, {@code products-<precision>.pt}, with the model's
 * weights and so with its use of caches. DJL has no bf16 arrays of its own that could be multiplied
 * instead. Belongs to one thread.
 */
public final class MatrixProductRate implements AutoCloseable {

    private final Model model;
    private final NDManager manager;
    private final Predictor<NDList, NDList> predictor;
    private final NDList input;
    private final double flops;

    private MatrixProductRate(Model model, LinearLayers layers, int tokens) {
        this.model = model;
        this.manager = model.getNDManager().newSubManager();
        this.predictor = model.newPredictor(new NoopTranslator());
        this.input = new NDList(manager.randomNormal(new Shape(tokens, layers.width())));
        this.flops = layers.flops(tokens);
    }

    /**
     * Loads a folder's products.
     *
     * @param layers whose products they are
     * @param tokens rows of each product
     * @param precision {@code fp32} or {@code bf16}
     * @throws UserMistakeException if the file is wrong
     */
    public static MatrixProductRate load(
            Path folder, LinearLayers layers, int tokens, String precision) {
        String file = "products-" + precision + ".pt";
        Model model = Model.newInstance(file, Device.cpu(), "PyTorch");
        try {
            model.load(folder, file, Map.of("mapLocation", "true"));
            return new MatrixProductRate(model, layers, tokens);
        } catch (IOException | MalformedModelException wrong) {
            model.close();
            throw new UserMistakeException(
                    "%s cannot be loaded: %s".formatted(folder.resolve(file), wrong.getMessage()));
        }
    }

    /**
     * Multiplies all products, several times.
     *
     * @return how long it took, in nanoseconds
     */
    public long measure(int repeats) {
        long start = System.nanoTime();
        try {
            for (int repeat = 0; repeat < repeats; repeat++) {
                try (NDList sum = predictor.predict(input)) {
                    if (!Float.isFinite(sum.singletonOrThrow().getFloat())) {
                        throw new IllegalStateException("The products are not finite");
                    }
                }
            }
        } catch (TranslateException failed) {
            throw new IllegalStateException("The matrices could not be multiplied", failed);
        }
        return System.nanoTime() - start;
    }

    /** Floating point operations of all products once: two per multiplied pair of numbers. */
    public double flops() {
        return flops;
    }

    @Override
    public void close() {
        predictor.close();
        manager.close();
        model.close();
    }
}
