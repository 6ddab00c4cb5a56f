package dev.lychee.rerank.operators.scoring;

/**
 * A model package that cannot be used. The message is one sentence or two for the person who made
 * or chose the package: which field or pair is wrong, and what to do. Trying again does not help.
 */
public final class InvalidModelPackageException extends Exception {

    public InvalidModelPackageException(String message) {
        super(message);
    }

    public InvalidModelPackageException(String message, Throwable cause) {
        super(message, cause);
    }
}
