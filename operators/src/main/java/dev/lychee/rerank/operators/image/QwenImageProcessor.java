package dev.lychee.rerank.operators.image;

import java.util.List;

/**
 * Still pictures for Qwen2-VL, Qwen2.5-VL and Qwen3-VL: the size of {@link SmartResize}, Pillow's
 * bicubic filter, and patches in the order in which the vision tower merges them.
 *
 * <p>One row of the tensor is one patch. Patches that become one token (two by two) follow each
 * other: top left, top right, bottom left, bottom right; these groups go from left to right and
 * from top to bottom. In a row come channel, frame, line and column; a still picture is two equal
 * frames.
 *
 * <p>A picture costs 27 bytes per pixel at the size it is read at, 27 MB for the million pixels
 * that Qwen2.5-VL usually allows. Most of it is the tensor.
 */
public final class QwenImageProcessor implements ImageProcessor {

    private static final int FRAMES = 2;
    private static final int MERGED = 2;

    private final int patch;
    private final SmartResize size;
    private final float[][] values;

    /**
     * @param patch pixels of a patch's side
     * @param minPixels a smaller picture is enlarged
     * @param maxPixels a larger picture is reduced
     * @param normalization how the model wants its values
     */
    public QwenImageProcessor(
            int patch, long minPixels, long maxPixels, Normalization normalization) {
        this.patch = patch;
        this.size = new SmartResize(patch * MERGED, minPixels, maxPixels);
        this.values = normalization.table();
    }

    /** As Qwen2-VL and Qwen2.5-VL read pictures: patches of 14 pixels. */
    public static QwenImageProcessor qwen25(long minPixels, long maxPixels) {
        return new QwenImageProcessor(14, minPixels, maxPixels, Normalization.CLIP);
    }

    /** As Qwen3-VL reads pictures: patches of 16 pixels. */
    public static QwenImageProcessor qwen3(long minPixels, long maxPixels) {
        return new QwenImageProcessor(16, minPixels, maxPixels, Normalization.SYMMETRIC);
    }

    @Override
    public ModelImage process(RgbImage image) throws UnreadableImageException {
        SmartResize.Size read = size.of(image.width(), image.height());
        RgbImage resized = PillowResize.bicubic(image, read.width(), read.height());
        int gridHeight = read.height() / patch;
        int gridWidth = read.width() / patch;
        int patches = gridHeight * gridWidth;
        float[] tensor = new float[Math.multiplyExact(patches, rowSize())];
        int at = 0;
        for (int top = 0; top < gridHeight; top += MERGED) {
            for (int left = 0; left < gridWidth; left += MERGED) {
                for (int y = top; y < top + MERGED; y++) {
                    for (int x = left; x < left + MERGED; x++) {
                        writePatch(resized, x * patch, y * patch, tensor, at);
                        at += rowSize();
                    }
                }
            }
        }
        return new ModelImage(patches / (MERGED * MERGED), patches, tensor, gridHeight, gridWidth);
    }

    @Override
    public List<Integer> rowShape() {
        return List.of(rowSize());
    }

    private int rowSize() {
        return 3 * FRAMES * patch * patch;
    }

    private void writePatch(RgbImage image, int left, int top, float[] tensor, int start) {
        int frame = patch * patch;
        int at = start;
        for (int channel = 0; channel < 3; channel++) {
            float[] table = values[channel];
            for (int y = top; y < top + patch; y++) {
                int from = 3 * (y * image.width() + left) + channel;
                for (int x = 0; x < patch; x++) {
                    tensor[at++] = table[image.rgb()[from + 3 * x] & 255];
                }
            }
            System.arraycopy(tensor, at - frame, tensor, at, frame);
            at += frame;
        }
    }
}
