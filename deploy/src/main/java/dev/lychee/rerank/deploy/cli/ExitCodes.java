package dev.lychee.rerank.deploy.cli;

/** What the command's exit code means; {@code --help} lists them. */
final class ExitCodes {

    static final int OK = 0;

    /** The work was started and did not succeed. */
    static final int FAILED = 1;

    /** The user has to put something right; nothing was started. */
    static final int USER_MISTAKE = 2;

    /** The work is done, but some of the input could not be used. */
    static final int BAD_INPUT = 3;

    private ExitCodes() {}
}
