package dev.lychee.rerank.schemas;

/**
 * A message that cannot be used, with a sentence that names the field and the remedy. Made once per
 * bad message, so it carries no stack trace.
 */
public final class InvalidMessageException extends Exception {

    private final Reason reason;

    public InvalidMessageException(Reason reason, String message) {
        super(message, null, false, false);
        this.reason = reason;
    }

    public Reason reason() {
        return reason;
    }
}
