package dev.lychee.rerank.operators.image;

import java.util.List;

/**
 * How a model wants the values of a channel: {@code (x / 255 - mean) / std}.
 *
 * @param mean of red, green and blue, on the scale 0..1
 * @param std standard deviation of red, green and blue, above 0
 */
public record Normalization(List<Double> mean, List<Double> std) {

    /** Of CLIP (Radford et al., 2021), which Qwen2-VL and Qwen2.5-VL took over. */
    public static final Normalization CLIP =
            new Normalization(
                    List.of(0.48145466, 0.4578275, 0.40821073),
                    List.of(0.26862954, 0.26130258, 0.27577711));

    /** To -1..1. */
    public static final Normalization SYMMETRIC =
            new Normalization(List.of(0.5, 0.5, 0.5), List.of(0.5, 0.5, 0.5));

    public Normalization {
        mean = List.copyOf(mean);
        std = List.copyOf(std);
        if (mean.size() != 3 || std.size() != 3) {
            throw new IllegalArgumentException(
                    "mean and std need three numbers each, for red, green and blue");
        }
        for (int channel = 0; channel < 3; channel++) {
            if (!Double.isFinite(mean.get(channel)) || !(std.get(channel) > 0)) {
                throw new IllegalArgumentException(
                        "mean must be numbers and std numbers above 0; they are "
                                + mean
                                + " and "
                                + std);
            }
        }
    }

    /**
     * All values that there can be, by channel and byte: rounded as numpy rounds them in the
     * models' reference implementations, which divide in double precision and normalize in single.
     */
    float[][] table() {
        float[][] table = new float[3][256];
        for (int channel = 0; channel < 3; channel++) {
            float middle = mean.get(channel).floatValue();
            float spread = std.get(channel).floatValue();
            for (int value = 0; value < 256; value++) {
                table[channel][value] = ((float) (value * (1 / 255.0)) - middle) / spread;
            }
        }
        return table;
    }
}
