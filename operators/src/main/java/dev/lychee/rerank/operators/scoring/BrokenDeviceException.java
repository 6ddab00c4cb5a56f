package dev.lychee.rerank.operators.scoring;

/** A device fails whatever it is given; only a new process may find it well again. */
public final class BrokenDeviceException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    BrokenDeviceException(String message, Throwable lastFailure) {
        super(message, lastFailure);
    }
}
