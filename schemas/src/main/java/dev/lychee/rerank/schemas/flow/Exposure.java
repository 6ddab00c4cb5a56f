package dev.lychee.rerank.schemas.flow;

/**
 * A result that was served in an experiment, and what came of it.
 *
 * @param participation the arm
 * @param segment user group
 * @param servedMillis when it was served
 * @param seen whether somebody is known to have looked at it
 * @param clicked whether something was clicked on
 * @param carted whether something was put into the cart
 * @param purchased whether something was bought
 * @param ndcg NDCG of its actions, 0..1; not a number without an action
 */
public record Exposure(
        Participation participation,
        String segment,
        long servedMillis,
        boolean seen,
        boolean clicked,
        boolean carted,
        boolean purchased,
        double ndcg) {}
