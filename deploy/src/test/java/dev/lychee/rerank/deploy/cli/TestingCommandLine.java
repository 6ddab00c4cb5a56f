package dev.lychee.rerank.deploy.cli;

import dev.lychee.rerank.deploy.terminal.Terminal;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;

/**
 * What a run of the command printed.
 *
 * @param exitCode the exit code
 * @param output standard output
 * @param errors standard error
 */
public record TestingCommandLine(int exitCode, String output, String errors) {

    private static final int WIDTH = 120;

    /** Runs the command in this JVM, as on a pipe. */
    public static TestingCommandLine run(String... arguments) {
        ByteArrayOutputStream output = new ByteArrayOutputStream();
        StringWriter errors = new StringWriter();
        Terminal terminal =
                new Terminal(
                        new PrintStream(output, true, StandardCharsets.UTF_8), WIDTH, false, false);
        int exitCode = LycheeCommand.run(terminal, new PrintWriter(errors, true), arguments);
        return new TestingCommandLine(
                exitCode, output.toString(StandardCharsets.UTF_8), errors.toString());
    }
}
