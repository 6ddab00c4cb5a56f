package dev.lychee.rerank.schemas.flow;

/**
 * How the map in force and its rival did on the same looks, as it is kept.
 *
 * @param inForce version of the map in force; 0 when what was served is in force
 * @param looks how many looks
 * @param presentSquares of the map in force: sum of squared distances of probability and relevance
 * @param presentDistances of the map in force: by bin, sum of probability minus relevance
 * @param rivalSquares the same of the rival
 * @param rivalDistances the same of the rival
 */
@SuppressWarnings("ArrayRecordComponent") // handed over once, never compared
public record KeptRivals(
        long inForce,
        double looks,
        double presentSquares,
        double[] presentDistances,
        double rivalSquares,
        double[] rivalDistances) {}
