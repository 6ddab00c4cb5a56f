package dev.lychee.rerank.operators.profile;

/** Profiles that cannot be used; the message is a sentence that names the place and the remedy. */
public final class InvalidProfileException extends Exception {

    public InvalidProfileException(String message) {
        super(message);
    }
}
