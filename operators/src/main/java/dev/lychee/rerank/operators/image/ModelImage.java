package dev.lychee.rerank.operators.image;

/**
 * A picture as a model reads it.
 *
 * @param tokens how many tokens the picture takes in the model's input, at least 1
 * @param rows first dimension of this picture's part of the pixel tensor: pictures of one batch are
 *     joined along it
 * @param values the pixel tensor, row-major, {@code rows} times the size of one row
 * @param gridHeight patches from top to bottom, before any are merged
 * @param gridWidth patches from left to right
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
public record ModelImage(int tokens, int rows, float[] values, int gridHeight, int gridWidth) {}
