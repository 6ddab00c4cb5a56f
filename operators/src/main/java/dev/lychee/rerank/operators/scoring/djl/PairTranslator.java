package dev.lychee.rerank.operators.scoring.djl;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.translate.NoBatchifyTranslator;
import ai.djl.translate.TranslatorContext;
import dev.lychee.rerank.operators.image.ModelImage;
import dev.lychee.rerank.operators.scoring.BatchShape;
import dev.lychee.rerank.operators.scoring.djl.ModelPackage.Input;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.LongBuffer;
import java.util.List;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * Writes a batch as one int64 tensor [pairs, length] per input, padded to the right and below (by
 * the last pair once more, without its pictures), and reads one logit per pair. The pictures of all
 * pairs follow in one float32 tensor, one after the other along its first dimension, and, where the
 * graph wants them, their grids as int64 [pictures, 3]. Tensors alias direct buffers that are used
 * again for the next batch, so this belongs to one predictor on one thread.
 */
final class PairTranslator implements NoBatchifyTranslator<List<PairEncoder.Pair>, float[]> {

    private static final String BATCH = "batch";
    private static final String ROWS = "rows";

    private final List<Input> inputs;
    private final int padTokenId;
    private final @Nullable BatchShapes shapes;
    private final Head head;
    private final float bias;
    private final @Nullable PixelInput pixels;
    private ByteBuffer buffer = direct(1 << 15);
    private ByteBuffer pixelBuffer = direct(0);

    PairTranslator(
            List<Input> inputs,
            int padTokenId,
            @Nullable BatchShapes shapes,
            Head head,
            float bias,
            @Nullable PixelInput pixels) {
        this.inputs = inputs;
        this.padTokenId = padTokenId;
        this.shapes = shapes;
        this.head = head;
        this.bias = bias;
        this.pixels = pixels;
    }

    /**
     * How pictures enter the graph, after the inputs of tokens.
     *
     * @param placeholder the token that stands where a picture is
     * @param rowShape dimensions of the pixel tensor after the first
     * @param grids whether the graph wants the number of patches of each picture
     */
    record PixelInput(int placeholder, List<Integer> rowShape, boolean grids) {}

    /** How a graph's output becomes one logit per pair. */
    sealed interface Head {}

    /** The output is the logit. */
    record SingleHead() implements Head {}

    /** Two columns, of which the second minus the first is the logit. */
    record DifferenceHead() implements Head {}

    /**
     * Logits of a vocabulary, read at the last real position: the difference of two answers is the
     * logit, or that of {@code yes} by itself.
     */
    record AnswerHead(int yes, OptionalInt no) implements Head {}

    @Override
    public NDList processInput(TranslatorContext context, List<PairEncoder.Pair> batch) {
        int longest = 0;
        for (PairEncoder.Pair pair : batch) {
            longest = Math.max(longest, pair.tokens());
        }
        int rows = batch.size();
        if (shapes != null) {
            BatchShape padded = shapes.of(rows, longest);
            rows = padded.pairs();
            longest = padded.length();
        }
        Shape shape = new Shape(rows, longest);
        int cells = Math.multiplyExact(rows, longest);
        // The indices of an answer head stand behind the inputs.
        reserve(Math.addExact(Math.multiplyExact(cells, inputs.size()), 2 * rows));
        NDList list = new NDList(inputs.size());
        for (int i = 0; i < inputs.size(); i++) {
            ByteBuffer slice = slice(i * cells, cells);
            LongBuffer target = slice.asLongBuffer();
            for (int row = 0; row < rows; row++) {
                PairEncoder.Pair pair = batch.get(Math.min(row, batch.size() - 1));
                fill(inputs.get(i), pair, longest, row >= batch.size(), target);
            }
            NDArray array = context.getNDManager().create(slice, shape, DataType.INT64);
            list.add(array);
        }
        if (pixels != null) {
            addPixels(context, batch, pixels, list);
        }
        context.setAttachment(BATCH, batch);
        context.setAttachment(ROWS, rows);
        return list;
    }

    @Override
    public float[] processOutput(TranslatorContext context, NDList list) {
        @SuppressWarnings("unchecked")
        List<PairEncoder.Pair> batch = (List<PairEncoder.Pair>) context.getAttachment(BATCH);
        NDArray output = list.get(0);
        int rows = (int) context.getAttachment(ROWS);
        float[] values;
        boolean inPairs;
        if (head instanceof AnswerHead answer) {
            values = floats(answers(context, batch, rows, output, answer));
            inPairs = answer.no().isPresent();
        } else {
            inPairs = head instanceof DifferenceHead;
            checkColumns(output.getShape(), rows, inPairs ? 2 : 1);
            values = floats(output);
        }
        float[] logits = new float[batch.size()];
        for (int row = 0; row < logits.length; row++) {
            logits[row] = (inPairs ? values[2 * row + 1] - values[2 * row] : values[row]) + bias;
        }
        return logits;
    }

    private static void checkColumns(Shape shape, int rows, int columns) {
        boolean plain = columns == 1 && shape.dimension() == 1 && shape.get(0) == rows;
        boolean table = shape.dimension() == 2 && shape.get(0) == rows && shape.get(1) == columns;
        if (!plain && !table) {
            throw new IllegalStateException(
                    "The graph returned shape "
                            + shape
                            + " for "
                            + rows
                            + " pairs where the package promises "
                            + columns
                            + (columns == 1 ? " logit" : " logits")
                            + " each; correct outputs or yes_no.output in model.yaml");
        }
    }

    /** The logit of yes for each pair, or those of no and yes. */
    private NDArray answers(
            TranslatorContext context,
            List<PairEncoder.Pair> batch,
            int computedRows,
            NDArray output,
            AnswerHead answer) {
        Shape shape = output.getShape();
        int rows = batch.size();
        int dimensions = shape.dimension();
        if (dimensions < 2 || dimensions > 3 || shape.get(0) != computedRows) {
            throw new IllegalStateException(
                    "The graph returned shape "
                            + shape
                            + " for "
                            + rows
                            + " pairs where yes_no.output: logits promises [pairs, length,"
                            + " vocabulary] or [pairs, vocabulary]; correct it in model.yaml");
        }
        long vocabulary = shape.get(dimensions - 1);
        long positions = dimensions == 3 ? shape.get(1) : 1;
        int indexed = answer.no().isPresent() ? 2 * rows : rows;
        ByteBuffer slice = slice((buffer.capacity() >> 3) - indexed, indexed);
        LongBuffer index = slice.asLongBuffer();
        for (int row = 0; row < rows; row++) {
            long last = dimensions == 3 ? batch.get(row).tokens() - 1 : 0;
            long start = (row * positions + last) * vocabulary;
            answer.no().ifPresent(no -> index.put(start + no));
            index.put(start + answer.yes());
        }
        NDArray indices = context.getNDManager().create(slice, new Shape(indexed), DataType.INT64);
        return output.flatten().take(indices);
    }

    private static float[] floats(NDArray array) {
        // bf16 cannot be read from Java, so it is widened on the device.
        return array.getDataType() == DataType.FLOAT32
                ? array.toFloatArray()
                : array.toType(DataType.FLOAT32, false).toFloatArray();
    }

    private void addPixels(
            TranslatorContext context,
            List<PairEncoder.Pair> batch,
            PixelInput input,
            NDList list) {
        int rows = 0;
        int floats = 0;
        int pictures = 0;
        for (PairEncoder.Pair pair : batch) {
            for (ModelImage image : pair.images()) {
                rows = Math.addExact(rows, image.rows());
                floats = Math.addExact(floats, image.values().length);
                pictures++;
            }
        }
        int gridBytes = 3 * Long.BYTES * pictures;
        int bytes = Math.addExact(gridBytes, Math.multiplyExact(floats, Float.BYTES));
        if (pixelBuffer.capacity() < bytes) {
            pixelBuffer = direct(bytes);
        }
        ByteBuffer gridPart = pixelBuffer.slice(0, gridBytes).order(ByteOrder.nativeOrder());
        ByteBuffer pixelPart =
                pixelBuffer.slice(gridBytes, bytes - gridBytes).order(ByteOrder.nativeOrder());
        LongBuffer grids = gridPart.asLongBuffer();
        FloatBuffer values = pixelPart.asFloatBuffer();
        for (PairEncoder.Pair pair : batch) {
            for (ModelImage image : pair.images()) {
                grids.put(1L).put(image.gridHeight()).put(image.gridWidth());
                values.put(image.values());
            }
        }
        long[] shape = new long[1 + input.rowShape().size()];
        shape[0] = rows;
        for (int i = 1; i < shape.length; i++) {
            shape[i] = input.rowShape().get(i - 1);
        }
        list.add(tensor(context, pixelPart, new Shape(shape), DataType.FLOAT32));
        if (input.grids()) {
            list.add(tensor(context, gridPart, new Shape(pictures, 3), DataType.INT64));
        }
    }

    private static NDArray tensor(
            TranslatorContext context, ByteBuffer values, Shape shape, DataType type) {
        // Of no memory no tensor can be made.
        return shape.size() == 0
                ? context.getNDManager().zeros(shape, type)
                : context.getNDManager().create(values, shape, type);
    }

    private void fill(
            Input input, PairEncoder.Pair pair, int longest, boolean padding, LongBuffer target) {
        int length = pair.tokens();
        int[] types = pair.types();
        for (int i = 0; i < length; i++) {
            target.put(
                    switch (input) {
                        case INPUT_IDS -> padding ? withoutPicture(pair.ids()[i]) : pair.ids()[i];
                        case ATTENTION_MASK -> 1L;
                        case TOKEN_TYPE_IDS -> types == null ? 0L : types[i];
                    });
        }
        long pad = input == Input.INPUT_IDS ? padTokenId : 0L;
        for (int i = length; i < longest; i++) {
            target.put(pad);
        }
    }

    private int withoutPicture(int id) {
        return pixels != null && id == pixels.placeholder() ? padTokenId : id;
    }

    private void reserve(int longs) {
        int bytes = Math.multiplyExact(longs, Long.BYTES);
        if (buffer.capacity() < bytes) {
            buffer = direct(Math.max(bytes, Math.min(buffer.capacity(), 1 << 29) * 2));
        }
    }

    private ByteBuffer slice(int fromLong, int longs) {
        return buffer.slice(fromLong * Long.BYTES, longs * Long.BYTES)
                .order(ByteOrder.nativeOrder());
    }

    private static ByteBuffer direct(int bytes) {
        return ByteBuffer.allocateDirect(bytes).order(ByteOrder.nativeOrder());
    }
}
