package dev.lychee.rerank.deploy.cli;

import dev.lychee.rerank.deploy.UserMistakeException;
import dev.lychee.rerank.deploy.terminal.Terminal;
import dev.lychee.rerank.job.InvalidOptionException;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/**
 * The {@code lychee} command.
 *
 * <p>A user's mistake ends in one sentence and exit code 2. Other failures end in one sentence, the
 * path of the log that has the stack trace, and exit code 1.
 */
@Command(
        name = "lychee",
        description = "Re-ranks candidate sets with a cross-encoder in a Flink job.",
        subcommands = {
            DemoCommand.class,
            UpCommand.class,
            RerankCommand.class,
            ExplainCommand.class,
            EvalCommand.class,
            CalibrateCommand.class,
            CalibrationCommand.class,
            SubmitCommand.class,
            ProfilesCommand.class,
            AbCommand.class,
            SimulateClicksCommand.class,
            BenchCommand.class,
            CommandLine.HelpCommand.class
        },
        versionProvider = LycheeCommand.Version.class,
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND",
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:done",
            "1:started, but did not succeed",
            "2:a mistake to put right: an option, a file, a port",
            "3:done, but some of the input could not be used (rerank, eval, calibration list)",
            "130:stopped with Ctrl-C"
        })
public final class LycheeCommand implements Runnable {

    private static final Logger LOG = LoggerFactory.getLogger(LycheeCommand.class);

    @Spec private CommandSpec spec;

    @SuppressWarnings("NullAway.Init") // picocli sets the fields of a command
    LycheeCommand() {}

    public static void main(String[] arguments) {
        int exitCode = run(Terminal.standardOutput(), standardError(), arguments);
        System.exit(exitCode);
    }

    static int run(Terminal terminal, PrintWriter errors, String... arguments) {
        CommandLine command =
                new CommandLine(new LycheeCommand(), new CommandFactory(terminal))
                        .setErr(errors)
                        .setCaseInsensitiveEnumValuesAllowed(true)
                        .setUsageHelpAutoWidth(false)
                        .setUsageHelpWidth(Math.max(80, Math.min(120, terminal.width())))
                        .setHelpFactory(SpacedHelp::new)
                        .setColorScheme(CommandLine.Help.defaultColorScheme(Ansi.OFF))
                        .setParameterExceptionHandler(LycheeCommand::wrongArguments)
                        .setExecutionExceptionHandler(
                                (failure, failed, parsed) -> failed(failure, errors));
        command.setOut(terminal.writer());
        return command.execute(arguments);
    }

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "A command is missing.");
    }

    private static int wrongArguments(ParameterException mistake, String[] arguments) {
        CommandLine command = mistake.getCommandLine();
        PrintWriter errors = command.getErr();
        errors.println("lychee: " + sentence(String.valueOf(mistake.getMessage())));
        CommandLine.UnmatchedArgumentException.printSuggestions(mistake, errors);
        errors.println(
                "Try '" + command.getCommandSpec().qualifiedName() + " --help' for what there is.");
        return ExitCodes.USER_MISTAKE;
    }

    private static int failed(Exception failure, PrintWriter errors) {
        String mistake = userMistake(failure);
        if (mistake != null) {
            errors.println("lychee: " + sentence(mistake));
            return ExitCodes.USER_MISTAKE;
        }
        LOG.error("The command failed", failure);
        errors.println("lychee: " + sentence(causes(failure)));
        String log = System.getProperty("log.file");
        if (log != null) {
            errors.println("Details are in " + log + ".");
        }
        return ExitCodes.FAILED;
    }

    /** What the user has to put right; null when it is none of theirs. */
    private static @Nullable String userMistake(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof UserMistakeException || cause instanceof InvalidOptionException) {
                return String.valueOf(cause.getMessage());
            }
            // How Flink says that an option has a value of the wrong type.
            if (cause instanceof IllegalArgumentException
                    && cause.getMessage() != null
                    && cause.getMessage().startsWith("Could not parse value")) {
                return cause.getMessage();
            }
        }
        return null;
    }

    /** The message's first line, and the deepest cause's where it says more. */
    private static String causes(Throwable failure) {
        Throwable deepest = failure;
        while (deepest.getCause() != null && deepest.getCause() != deepest) {
            deepest = deepest.getCause();
        }
        String first = firstLine(failure);
        String last = firstLine(deepest);
        return first.contains(last) ? first : first + ": " + last;
    }

    private static String firstLine(Throwable failure) {
        String message = failure.getMessage() == null ? failure.toString() : failure.getMessage();
        return message.strip().lines().findFirst().orElse("").replaceAll("[:.\\s]+$", "");
    }

    private static String sentence(String text) {
        String line = text.strip().lines().findFirst().orElse("");
        return line.endsWith(".") || line.endsWith("?") ? line : line + ".";
    }

    private static PrintWriter standardError() {
        return new PrintWriter(
                new OutputStreamWriter(
                        new FileOutputStream(FileDescriptor.err), StandardCharsets.UTF_8),
                true);
    }

    /** Gives each command the terminal. */
    private static final class CommandFactory implements CommandLine.IFactory {

        private final Terminal terminal;

        CommandFactory(Terminal terminal) {
            this.terminal = terminal;
        }

        @Override
        public <K> K create(Class<K> type) throws Exception {
            if (TerminalCommand.class.isAssignableFrom(type)) {
                return type.getDeclaredConstructor(Terminal.class).newInstance(terminal);
            }
            return CommandLine.defaultFactory().create(type);
        }
    }

    /**
     * Shows {@code --model DIR} and {@code -D KEY=VALUE}, not {@code --model=DIR} and {@code
     * -D=KEY=VALUE}.
     */
    private static final class SpacedHelp extends CommandLine.Help {

        SpacedHelp(CommandSpec spec, ColorScheme colours) {
            super(spec, colours);
        }

        @Override
        public IParamLabelRenderer parameterLabelRenderer() {
            return new IParamLabelRenderer() {
                @Override
                public Ansi.Text renderParameterLabel(
                        CommandLine.Model.ArgSpec argument, Ansi ansi, List<Ansi.IStyle> styles) {
                    return argument.arity().max() == 0
                            ? ansi.new Text("")
                            : ansi.new Text(" " + argument.paramLabel());
                }

                @Override
                public String separator() {
                    return " ";
                }
            };
        }
    }

    /** The version that the build wrote into the jar. */
    static final class Version implements CommandLine.IVersionProvider {
        @Override
        public String[] getVersion() {
            String version = LycheeCommand.class.getPackage().getImplementationVersion();
            return new String[] {"lychee " + (version == null ? "(not packaged)" : version)};
        }
    }
}
