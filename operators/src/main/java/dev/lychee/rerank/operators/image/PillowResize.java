package dev.lychee.rerank.operators.image;

import java.util.Arrays;

/**
 * Resizes as Pillow's {@code Image.resize(size, BICUBIC)} does, to the bit. Models are trained on
 * what Pillow makes of a picture, and other bicubic filters (Java's own has no antialiasing) change
 * their scores.
 *
 * <p>The filter is Keys' cubic convolution with a = -0.5 (IEEE Transactions on Acoustics, Speech,
 * and Signal Processing 29, 1981), widened by the factor of reduction. Weights are fixed point with
 * 22 bits. Rows are resized first and rounded to 8 bits, then columns; a direction that keeps its
 * size is left alone.
 *
 * <p>Besides the result, memory is taken for the weights (about 16 bytes per pixel of a side) and
 * for as many finished rows as one row of the result is made of.
 */
public final class PillowResize {

    private static final int BITS = 22;
    private static final int HALF = 1 << (BITS - 1);
    private static final double SUPPORT = 2.0;
    private static final double A = -0.5;

    private PillowResize() {}

    /**
     * Resizes a picture; the whole of it, without keeping its proportions.
     *
     * @param width pixels in a row of the result, at least 1
     * @param height rows of the result, at least 1
     * @return the picture itself when it has that size
     */
    public static RgbImage bicubic(RgbImage image, int width, int height) {
        if (width < 1 || height < 1) {
            throw new IllegalArgumentException(
                    "A picture cannot have " + width + " x " + height + " pixels");
        }
        if (width == image.width() && height == image.height()) {
            return image;
        }
        byte[] result = new byte[Math.multiplyExact(3, Math.multiplyExact(width, height))];
        if (height == image.height()) {
            Weights across = Weights.of(image.width(), width);
            for (int y = 0; y < height; y++) {
                resizeRow(image, y, across, result, 3 * width * y);
            }
        } else {
            resizeColumns(image, width, Weights.of(image.height(), height), result);
        }
        return new RgbImage(width, height, result);
    }

    /** Each row of the result from rows that are resized when they are first needed. */
    private static void resizeColumns(RgbImage image, int width, Weights down, byte[] result) {
        int rowBytes = 3 * width;
        Weights across = width == image.width() ? null : Weights.of(image.width(), width);
        int keptRows = across == null ? image.height() : Math.min(down.stride(), image.height());
        byte[] kept = across == null ? image.rgb() : new byte[keptRows * rowBytes];
        int[] sums = new int[rowBytes];
        int resized = 0;
        for (int y = 0; y < down.first().length; y++) {
            int first = down.first()[y];
            int end = first + down.count()[y];
            for (; across != null && resized < end; resized++) {
                resizeRow(image, resized, across, kept, resized % keptRows * rowBytes);
            }
            Arrays.fill(sums, HALF);
            for (int row = first; row < end; row++) {
                int weight = down.values()[y * down.stride() + row - first];
                int from = row % keptRows * rowBytes;
                for (int i = 0; i < rowBytes; i++) {
                    sums[i] += (kept[from + i] & 255) * weight;
                }
            }
            for (int i = 0; i < rowBytes; i++) {
                result[y * rowBytes + i] = toByte(sums[i]);
            }
        }
    }

    private static void resizeRow(
            RgbImage image, int row, Weights across, byte[] target, int targetStart) {
        byte[] rgb = image.rgb();
        int rowStart = 3 * image.width() * row;
        int at = targetStart;
        for (int x = 0; x < across.first().length; x++) {
            int red = HALF;
            int green = HALF;
            int blue = HALF;
            int from = rowStart + 3 * across.first()[x];
            int tap = x * across.stride();
            for (int end = tap + across.count()[x]; tap < end; tap++, from += 3) {
                int weight = across.values()[tap];
                red += (rgb[from] & 255) * weight;
                green += (rgb[from + 1] & 255) * weight;
                blue += (rgb[from + 2] & 255) * weight;
            }
            target[at++] = toByte(red);
            target[at++] = toByte(green);
            target[at++] = toByte(blue);
        }
    }

    private static byte toByte(int sum) {
        return (byte) Math.max(0, Math.min(255, sum >> BITS));
    }

    /**
     * What each pixel of the result takes of the source, in one direction.
     *
     * @param stride places for the weights of one pixel
     * @param first first pixel of the source, by pixel of the result
     * @param count how many pixels of the source, at most {@code stride}
     * @param values weights as fixed point, which sum to about one for each pixel
     */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Weights(int stride, int[] first, int[] count, int[] values) {

        static Weights of(int source, int target) {
            double scale = (double) source / target;
            double widening = Math.max(scale, 1.0);
            double support = SUPPORT * widening;
            int stride = (int) Math.ceil(support) * 2 + 1;
            int[] first = new int[target];
            int[] count = new int[target];
            int[] values = new int[Math.multiplyExact(target, stride)];
            double[] exact = new double[stride];
            // Pillow multiplies by the reciprocal, which rounds differently from a division.
            double narrowing = 1.0 / widening;
            for (int i = 0; i < target; i++) {
                double center = (i + 0.5) * scale;
                first[i] = Math.max((int) (center - support + 0.5), 0);
                count[i] = Math.min((int) (center + support + 0.5), source) - first[i];
                double sum = 0;
                for (int k = 0; k < count[i]; k++) {
                    exact[k] = cubic((k + first[i] - center + 0.5) * narrowing);
                    sum += exact[k];
                }
                for (int k = 0; k < count[i]; k++) {
                    double weight = (sum == 0 ? exact[k] : exact[k] / sum) * (1 << BITS);
                    values[i * stride + k] = (int) (weight < 0 ? weight - 0.5 : weight + 0.5);
                }
            }
            return new Weights(stride, first, count, values);
        }

        private static double cubic(double distance) {
            double x = Math.abs(distance);
            if (x < 1) {
                return ((A + 2) * x - (A + 3)) * x * x + 1;
            }
            return x < 2 ? (((x - 5) * x + 8) * x - 4) * A : 0;
        }
    }
}
