package dev.lychee.rerank.operators.image;

/**
 * What a picture is like, measured once when it is decoded.
 *
 * @param width pixels in a row, as it is to be looked at, before it was made smaller
 * @param height rows
 * @param sha256 of the encoded picture, 64 hexadecimal digits: equal for equal files
 * @param quality how well it can be looked at
 */
public record ImageInspection(int width, int height, String sha256, ImageQuality quality) {}
