package dev.lychee.rerank.deploy.cli;

import dev.lychee.rerank.deploy.terminal.Terminal;
import java.util.concurrent.Callable;

/** A subcommand that prints; it is made with the terminal and returns an exit code. */
abstract class TerminalCommand implements Callable<Integer> {

    private final Terminal terminal;

    TerminalCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    final Terminal terminal() {
        return terminal;
    }

    /** Says that Ctrl-C came before there was anything to show. */
    final int stopped() {
        terminal.println("Stopped.");
        return ExitCodes.FAILED;
    }
}
