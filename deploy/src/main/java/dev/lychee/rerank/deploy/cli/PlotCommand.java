package dev.lychee.rerank.deploy.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import dev.lychee.rerank.deploy.UserMistakeException;
import dev.lychee.rerank.deploy.bench.Plot;
import dev.lychee.rerank.deploy.terminal.Terminal;
import dev.lychee.rerank.schemas.Json;
import java.nio.file.Files;
import java.nio.file.Path;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code lychee bench plot}. */
@Command(
        name = "plot",
        description =
                "Draws what scorer, pipeline, scale or overload wrote with --json, as a picture.",
        mixinStandardHelpOptions = true,
        versionProvider = LycheeCommand.Version.class)
final class PlotCommand extends TerminalCommand {

    @Option(
            names = "--json",
            paramLabel = "FILE",
            required = true,
            description = "What a measurement wrote.")
    @SuppressWarnings("NullAway.Init") // required
    private Path report;

    @Option(
            names = "--png",
            paramLabel = "FILE",
            required = true,
            description = "The picture to be written.")
    @SuppressWarnings("NullAway.Init") // required
    private Path picture;

    PlotCommand(Terminal terminal) {
        super(terminal);
    }

    @Override
    public Integer call() throws Exception {
        ReportFile.require(picture, "--png");
        if (!Files.isRegularFile(report)) {
            throw new UserMistakeException("There is no file %s: check --json.".formatted(report));
        }
        // No window is opened, so none has to be possible.
        System.setProperty("java.awt.headless", "true");
        JsonNode measured;
        try {
            measured = Json.mapper().readTree(report.toFile());
        } catch (JsonProcessingException wrong) {
            throw new UserMistakeException(
                    "%s is not JSON: %s".formatted(report, Json.problem(wrong)));
        }
        byte[] png = Plot.png(measured);
        if (png == null) {
            throw new UserMistakeException(
                    "%s is no report of bench scorer, pipeline, scale or overload."
                            .formatted(report));
        }
        Files.write(picture, png);
        terminal().println("%s, %d KiB".formatted(picture, png.length >> 10));
        return ExitCodes.OK;
    }
}
