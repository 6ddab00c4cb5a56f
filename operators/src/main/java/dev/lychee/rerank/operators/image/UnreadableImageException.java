package dev.lychee.rerank.operators.image;

/** A picture that cannot be used; the message is a sentence for whoever sent it. */
public final class UnreadableImageException extends Exception {

    private static final long serialVersionUID = 1L;

    public UnreadableImageException(String message) {
        super(message);
    }

    public UnreadableImageException(String message, Throwable cause) {
        super(message, cause);
    }
}
