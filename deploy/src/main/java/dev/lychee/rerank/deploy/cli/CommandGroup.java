package dev.lychee.rerank.deploy.cli;

import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** A command that only has commands. */
abstract class CommandGroup implements Runnable {

    @Spec private CommandSpec spec;

    @SuppressWarnings("NullAway.Init") // picocli sets the fields of a command
    CommandGroup() {}

    @Override
    public final void run() {
        throw new ParameterException(spec.commandLine(), "A command is missing.");
    }
}
