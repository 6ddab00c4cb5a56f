package dev.lychee.rerank.operators.image;

/**
 * A picture that was read.
 *
 * @param image its pixels, the right way up, longest side at most {@link ImageDecoder#MAX_SIDE}
 * @param inspection what it is like
 */
public record DecodedImage(RgbImage image, ImageInspection inspection) {}
