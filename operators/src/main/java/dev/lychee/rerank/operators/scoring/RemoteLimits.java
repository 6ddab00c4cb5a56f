package dev.lychee.rerank.operators.scoring;

/**
 * How much may be asked of a model that is served elsewhere.
 *
 * @param requests most requests under way at once, at least 1
 * @param pairsPerRequest most pairs in one request, at least 1
 */
public record RemoteLimits(int requests, int pairsPerRequest) {

    public RemoteLimits {
        if (requests < 1 || pairsPerRequest < 1) {
            throw new IllegalArgumentException(
                    "A remote model needs at least 1 request of at least 1 pair, got "
                            + requests
                            + " of "
                            + pairsPerRequest);
        }
    }
}
