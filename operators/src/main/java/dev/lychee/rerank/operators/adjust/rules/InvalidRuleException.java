package dev.lychee.rerank.operators.adjust.rules;

/** A rule that cannot be used, with a sentence that says where and why. */
public final class InvalidRuleException extends Exception {

    public InvalidRuleException(String message) {
        super(message, null, false, false);
    }
}
