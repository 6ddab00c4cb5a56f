package dev.lychee.rerank.operators.image;

/**
 * A decoded picture.
 *
 * @param width pixels in a row, at least 1
 * @param height rows, at least 1
 * @param rgb red, green and blue of each pixel, 0..255 as unsigned bytes, row by row from the top
 *     left; {@code 3 * width * height} bytes that nobody changes any more
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
public record RgbImage(int width, int height, byte[] rgb) {

    public RgbImage {
        if (width < 1 || height < 1 || rgb.length != 3L * width * height) {
            throw new IllegalArgumentException(
                    "A picture of "
                            + width
                            + " x "
                            + height
                            + " pixels does not have "
                            + rgb.length
                            + " bytes");
        }
    }
}
