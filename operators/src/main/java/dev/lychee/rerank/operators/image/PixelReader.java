package dev.lychee.rerank.operators.image;

import java.awt.color.ColorSpace;
import java.awt.image.BufferedImage;
import java.awt.image.ColorModel;
import java.awt.image.ComponentColorModel;
import java.awt.image.Raster;

/**
 * Takes pixels as they are stored, without the conversions between colour spaces that make greys
 * lighter than other libraries read them; on white where they are transparent.
 */
final class PixelReader {

    private PixelReader() {}

    static RgbImage rgb(BufferedImage image) {
        int width = image.getWidth();
        int height = image.getHeight();
        byte[] rgb = new byte[Math.multiplyExact(3, Math.multiplyExact(width, height))];
        ColorModel model = image.getColorModel();
        int space = model.getColorSpace().getType();
        boolean stored =
                model instanceof ComponentColorModel
                        && (space == ColorSpace.TYPE_GRAY || space == ColorSpace.TYPE_RGB);
        if (stored) {
            readStored(image.getRaster(), model, rgb);
        } else {
            readConverted(image, rgb);
        }
        return new RgbImage(width, height, rgb);
    }

    /** The picture with its longest side at most so long. */
    static RgbImage withinSide(RgbImage image, int side) {
        int longest = Math.max(image.width(), image.height());
        if (longest <= side) {
            return image;
        }
        double reduction = (double) side / longest;
        return PillowResize.bicubic(
                image,
                Math.max(1, (int) Math.round(image.width() * reduction)),
                Math.max(1, (int) Math.round(image.height() * reduction)));
    }

    private static void readStored(Raster raster, ColorModel model, byte[] rgb) {
        int bands = raster.getNumBands();
        boolean alpha = model.hasAlpha();
        int colours = alpha ? bands - 1 : bands;
        int shift = Math.max(0, raster.getSampleModel().getSampleSize(0) - 8);
        int[] row = new int[raster.getWidth() * bands];
        int at = 0;
        for (int y = 0; y < raster.getHeight(); y++) {
            raster.getPixels(raster.getMinX(), raster.getMinY() + y, raster.getWidth(), 1, row);
            for (int x = 0; x < row.length; x += bands) {
                int opacity = alpha ? row[x + bands - 1] >> shift : 255;
                for (int channel = 0; channel < 3; channel++) {
                    int value = row[x + (colours < 3 ? 0 : channel)] >> shift;
                    rgb[at++] = (byte) onWhite(value, opacity);
                }
            }
        }
    }

    private static void readConverted(BufferedImage image, byte[] rgb) {
        int[] row = new int[image.getWidth()];
        int at = 0;
        for (int y = 0; y < image.getHeight(); y++) {
            image.getRGB(0, y, row.length, 1, row, 0, row.length);
            for (int argb : row) {
                int opacity = argb >>> 24;
                rgb[at++] = (byte) onWhite((argb >> 16) & 255, opacity);
                rgb[at++] = (byte) onWhite((argb >> 8) & 255, opacity);
                rgb[at++] = (byte) onWhite(argb & 255, opacity);
            }
        }
    }

    private static int onWhite(int value, int opacity) {
        return opacity == 255 ? value : (value * opacity + 255 * (255 - opacity) + 127) / 255;
    }
}
