package dev.lychee.rerank.job;

/**
 * A mistake in the job's options; the message is a sentence that names the option and the remedy.
 */
public final class InvalidOptionException extends RuntimeException {

    public InvalidOptionException(String message) {
        super(message, null, false, false);
    }
}
