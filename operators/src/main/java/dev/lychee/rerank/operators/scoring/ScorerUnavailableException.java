package dev.lychee.rerank.operators.scoring;

/**
 * A pass failed for a reason that has nothing to do with its pairs: the endpoint is down, too busy,
 * or not to be called for now. Halves of the batch would fail the same way, so none are tried.
 */
public final class ScorerUnavailableException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public ScorerUnavailableException(String message) {
        super(message);
    }
}
