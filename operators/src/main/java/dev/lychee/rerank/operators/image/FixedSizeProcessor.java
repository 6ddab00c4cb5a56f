package dev.lychee.rerank.operators.image;

import java.util.List;

/**
 * For models that read every picture at one square size: the whole picture, squashed, in one tensor
 * [3, size, size] by channel, row and column.
 *
 * <p>A picture costs {@code 15 * size * size} bytes.
 */
public final class FixedSizeProcessor implements ImageProcessor {

    private final int size;
    private final int tokens;
    private final float[][] values;

    /**
     * @param size pixels of a side
     * @param tokens tokens that a picture takes in the model's input
     * @param normalization how the model wants its values
     */
    public FixedSizeProcessor(int size, int tokens, Normalization normalization) {
        if (size < 1 || tokens < 1) {
            throw new IllegalArgumentException(
                    "size and tokens must be at least 1; they are " + size + " and " + tokens);
        }
        this.size = size;
        this.tokens = tokens;
        this.values = normalization.table();
    }

    /** One row; its grid is 1 by 1, because the model makes the patches itself. */
    @Override
    public ModelImage process(RgbImage image) {
        byte[] rgb = PillowResize.bicubic(image, size, size).rgb();
        int pixels = size * size;
        float[] tensor = new float[3 * pixels];
        for (int channel = 0; channel < 3; channel++) {
            float[] table = values[channel];
            for (int pixel = 0; pixel < pixels; pixel++) {
                tensor[channel * pixels + pixel] = table[rgb[3 * pixel + channel] & 255];
            }
        }
        return new ModelImage(tokens, 1, tensor, 1, 1);
    }

    @Override
    public List<Integer> rowShape() {
        return List.of(3, size, size);
    }
}
