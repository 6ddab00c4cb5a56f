package dev.lychee.rerank.operators.image;

/** A picture that cannot be used; the message is a sentence for whoever sent it. */
public final class UnreadableImageException extends Exception {

    private static final long serialVersionUID = 1L;

    private final ImageProblem problem;

    /** A picture that is damaged, or that the model cannot read. */
    public UnreadableImageException(String message) {
        this(ImageProblem.UNREADABLE, message);
    }

    /** A picture that is damaged, or that the model cannot read. */
    public UnreadableImageException(String message, Throwable cause) {
        this(ImageProblem.UNREADABLE, message, cause);
    }

    public UnreadableImageException(ImageProblem problem, String message) {
        super(message);
        this.problem = problem;
    }

    public UnreadableImageException(ImageProblem problem, String message, Throwable cause) {
        super(message, cause);
        this.problem = problem;
    }

    /** The reason to count by. */
    public ImageProblem problem() {
        return problem;
    }
}
