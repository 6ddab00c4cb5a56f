package dev.lychee.rerank.deploy;

/**
 * Something only the user can put right. The message is one sentence that names the remedy; it is
 * all they see.
 */
public final class UserMistakeException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public UserMistakeException(String message) {
        super(message);
    }
}
