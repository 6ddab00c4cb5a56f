package dev.lychee.rerank.schemas;

/**
 * The picture that a model read.
 *
 * @param index place among the candidate's pictures, 0-based; 0 is the main one
 * @param width pixels in a row
 * @param height rows
 * @param quality how well it can be looked at (sharpness, exposure, contrast, resolution), 0..1
 */
public record ImageUse(int index, int width, int height, double quality) {}
