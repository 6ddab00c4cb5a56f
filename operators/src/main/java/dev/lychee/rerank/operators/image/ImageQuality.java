package dev.lychee.rerank.operators.image;

/**
 * How well a picture can be looked at: four parts of 0..1, measured on luma (ITU-R BT.601, 0..255)
 * that is averaged over blocks so that the longest side is at most {@value #MEASURED_SIDE}, which
 * makes pictures of different sizes comparable.
 *
 * <ul>
 *   <li>{@code sharpness}: {@code v / (v + 100)} where v is the variance of the Laplacian
 *       (Pech-Pacheco et al., Diatom autofocusing in brightfield microscopy, ICPR 2000), four
 *       neighbours, inner pixels; 100 is the customary border between blurred and sharp
 *   <li>{@code exposure}: 1 for a mean of 20 % to 85 % of full brightness, which includes goods on
 *       a white ground, and down to 0 for black and white
 *   <li>{@code contrast}: standard deviation over full brightness (root mean square contrast, Peli,
 *       Contrast in complex images, JOSA A 1990), 1 from {@value #FULL_CONTRAST}
 *   <li>{@code resolution}: the shorter side in pixels over {@value #FULL_SIDE}, at most 1
 * </ul>
 */
public record ImageQuality(double sharpness, double exposure, double contrast, double resolution) {

    static final int MEASURED_SIDE = 512;
    static final int FULL_SIDE = 600;
    static final double FULL_CONTRAST = 0.2;

    private static final double SHARP_VARIANCE = 100;
    private static final double DARK = 0.2;
    private static final double BRIGHT = 0.85;

    /** The geometric mean of the parts, 0..1: none makes up for another that is missing. */
    public double value() {
        return Math.pow(sharpness * exposure * contrast * resolution, 0.25);
    }

    /**
     * Measures a picture.
     *
     * @param image the picture, perhaps made smaller
     * @param shorterSide pixels of the shorter side before it was made smaller
     */
    static ImageQuality of(RgbImage image, int shorterSide) {
        int longest = Math.max(image.width(), image.height());
        double[][] luma = luma(image, (longest + MEASURED_SIDE - 1) / MEASURED_SIDE);
        double sum = 0;
        double squares = 0;
        for (double[] row : luma) {
            for (double value : row) {
                sum += value;
                squares += value * value;
            }
        }
        int count = luma.length * luma[0].length;
        double mean = sum / count;
        double deviation = Math.sqrt(Math.max(0, squares / count - mean * mean));
        double variance = laplacianVariance(luma);
        return new ImageQuality(
                variance / (variance + SHARP_VARIANCE),
                exposure(mean / 255),
                Math.min(1, deviation / 255 / FULL_CONTRAST),
                Math.min(1, (double) shorterSide / FULL_SIDE));
    }

    private static double exposure(double mean) {
        if (mean < DARK) {
            return mean / DARK;
        }
        return mean > BRIGHT ? (1 - mean) / (1 - BRIGHT) : 1;
    }

    /** Means of the luma of blocks of so many pixels; blocks at the edges may be smaller. */
    private static double[][] luma(RgbImage image, int block) {
        int rows = (image.height() + block - 1) / block;
        int columns = (image.width() + block - 1) / block;
        double[][] luma = new double[rows][columns];
        for (int y = 0; y < image.height(); y++) {
            double[] row = luma[y / block];
            for (int x = 0; x < image.width(); x++) {
                int at = 3 * (y * image.width() + x);
                row[x / block] +=
                        0.299 * (image.rgb()[at] & 255)
                                + 0.587 * (image.rgb()[at + 1] & 255)
                                + 0.114 * (image.rgb()[at + 2] & 255);
            }
        }
        for (int y = 0; y < rows; y++) {
            int high = Math.min(block, image.height() - y * block);
            for (int x = 0; x < columns; x++) {
                luma[y][x] /= (double) high * Math.min(block, image.width() - x * block);
            }
        }
        return luma;
    }

    /** 0 for a picture of less than three rows or columns. */
    static double laplacianVariance(double[][] luma) {
        double sum = 0;
        double squares = 0;
        int count = 0;
        for (int y = 1; y < luma.length - 1; y++) {
            for (int x = 1; x < luma[y].length - 1; x++) {
                double value =
                        luma[y - 1][x]
                                + luma[y + 1][x]
                                + luma[y][x - 1]
                                + luma[y][x + 1]
                                - 4 * luma[y][x];
                sum += value;
                squares += value * value;
                count++;
            }
        }
        if (count == 0) {
            return 0;
        }
        double mean = sum / count;
        return Math.max(0, squares / count - mean * mean);
    }
}
