package dev.lychee.rerank.operators.image;

/**
 * The size at which Qwen's vision models read a picture: sides that are multiples of a factor,
 * proportions nearly kept, and a number of pixels within limits. This is {@code smart_resize} of
 * the models' reference implementation.
 *
 * @param factor by which both sides can be divided: patch size times the patches that are merged
 *     per direction, 28 or 32
 * @param minPixels a smaller picture is enlarged, at least 1
 * @param maxPixels a larger picture is reduced, at least {@code factor * factor}
 */
public record SmartResize(int factor, long minPixels, long maxPixels) {

    /** Longer side over shorter side. */
    private static final int MAX_RATIO = 200;

    public SmartResize {
        if (factor < 1
                || minPixels < 1
                || maxPixels < Math.max(minPixels, (long) factor * factor)) {
            throw new IllegalArgumentException(
                    "min_pixels must be at least 1, and max_pixels at least min_pixels and "
                            + (long) factor * factor
                            + "; they are "
                            + minPixels
                            + " and "
                            + maxPixels);
        }
    }

    /**
     * A size in pixels.
     *
     * @param width pixels in a row
     * @param height rows
     */
    public record Size(int width, int height) {}

    /**
     * The size at which a picture is read.
     *
     * @throws UnreadableImageException if one side is more than 200 times the other
     */
    public Size of(int width, int height) throws UnreadableImageException {
        if (Math.max(width, height) > (long) MAX_RATIO * Math.min(width, height)) {
            throw new UnreadableImageException(
                    "the picture has "
                            + width
                            + " x "
                            + height
                            + " pixels; the model reads none whose longer side is more than "
                            + MAX_RATIO
                            + " times the shorter");
        }
        long nearestWidth = nearest(width);
        long nearestHeight = nearest(height);
        double pixels = (double) width * height;
        if (nearestWidth * nearestHeight > maxPixels) {
            double reduction = Math.sqrt(pixels / maxPixels);
            return new Size(reduced(width, reduction), reduced(height, reduction));
        }
        if (nearestWidth * nearestHeight < minPixels) {
            double enlargement = Math.sqrt(minPixels / pixels);
            return new Size(enlarged(width, enlargement), enlarged(height, enlargement));
        }
        return new Size((int) nearestWidth, (int) nearestHeight);
    }

    /**
     * Half goes to the even multiple, as Python rounds; 0 for a side of less than half a factor.
     */
    private long nearest(int side) {
        return (long) Math.rint((double) side / factor) * factor;
    }

    private int reduced(int side, double reduction) {
        return Math.max(factor, (int) Math.floor(side / reduction / factor) * factor);
    }

    private int enlarged(int side, double enlargement) {
        return (int) Math.ceil(side * enlargement / factor) * factor;
    }
}
