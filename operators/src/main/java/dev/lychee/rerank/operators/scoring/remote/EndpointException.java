package dev.lychee.rerank.operators.scoring.remote;

/** An exchange with an endpoint that gave no scores. The message holds no secret. */
final class EndpointException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /** What is to be done about it. */
    enum Fault {
        /** The pairs may be the reason: halves are tried, and the endpoint is not blamed. */
        PAIRS,
        /** It may pass: tried again. */
        PASSING,
        /** It failed, and asking the same again would only add to its load. */
        FAILED,
        /** Nothing changes until somebody changes the package, the key or the endpoint. */
        LASTING
    }

    private final Fault fault;
    private final long retryAfterMillis;

    EndpointException(Fault fault, String message) {
        this(fault, message, 0);
    }

    /**
     * @param retryAfterMillis how long the endpoint asks to be left alone, in milliseconds; 0 when
     *     it does not say
     */
    EndpointException(Fault fault, String message, long retryAfterMillis) {
        // The stack would show the client's own threads only.
        super(message, null, false, false);
        this.fault = fault;
        this.retryAfterMillis = retryAfterMillis;
    }

    Fault fault() {
        return fault;
    }

    long retryAfterMillis() {
        return retryAfterMillis;
    }
}
