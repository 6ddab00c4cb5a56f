package dev.lychee.rerank.operators.scoring.remote;

/** An answer without a usable score for one pair; the message keeps what it said, bounded. */
final class UnparsedException extends Exception {

    private static final long serialVersionUID = 1L;

    UnparsedException(String message) {
        super(message, null, false, false);
    }
}
