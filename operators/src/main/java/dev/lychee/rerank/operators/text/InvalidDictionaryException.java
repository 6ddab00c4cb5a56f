package dev.lychee.rerank.operators.text;

/** A dictionary that cannot be used; the message is a sentence that names file, line and remedy. */
public final class InvalidDictionaryException extends Exception {

    public InvalidDictionaryException(String message) {
        super(message);
    }
}
