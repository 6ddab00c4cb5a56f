package dev.lychee.rerank.deploy.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.lychee.rerank.deploy.UserMistakeException;
import dev.lychee.rerank.deploy.files.LineCounter;
import dev.lychee.rerank.deploy.files.NumberedLines;
import dev.lychee.rerank.deploy.local.WorkDirectory;
import dev.lychee.rerank.deploy.terminal.Terminal;
import dev.lychee.rerank.job.RerankOptions;
import dev.lychee.rerank.schemas.Json;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Locale;
import java.util.stream.IntStream;
import org.apache.flink.configuration.Configuration;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code lychee rerank}: a file of candidate sets through the same topology, without Kafka. */
@Command(
        name = "rerank",
        description = {
            "Re-ranks a file of candidate sets, one JSON object per line, without Kafka. The output has"
                    + " one result per line, in the order of the input.",
            "Lines that cannot be used are written to a file beside it, with their numbers and the"
                    + " reason; the exit code is 3 then."
        },
        mixinStandardHelpOptions = true,
        versionProvider = LycheeCommand.Version.class)
final class RerankCommand extends TerminalCommand {

    private static final int SHOWN_BAD_LINES = 5;

    @Mixin private JobArgumentGroup jobArguments = new JobArgumentGroup();

    @Option(
            names = "--input",
            paramLabel = "FILE",
            required = true,
            description = "Candidate sets, one JSON object per line.")
    @SuppressWarnings("NullAway.Init") // required
    private Path input;

    @Option(
            names = "--output",
            paramLabel = "FILE",
            required = true,
            description = "Where to write the results.")
    @SuppressWarnings("NullAway.Init") // required
    private Path output;

    @Option(
            names = "--bad-lines",
            paramLabel = "FILE",
            description =
                    "Where to write the lines that cannot be used. Default: OUTPUT.bad-lines.jsonl.")
    private @Nullable Path badLines;

    @Option(
            names = "--images",
            paramLabel = "DIR",
            description =
                    "Folder below which pictures may be read, by addresses such as"
                            + " file:///.../a.jpg. Default: none; pictures in base64 always work.")
    private @Nullable Path images;

    RerankCommand(Terminal terminal) {
        super(terminal);
    }

    @Override
    public Integer call() throws Exception {
        requireFiles();
        Configuration options = jobArguments.toOptions(null);
        allowImages(options);
        long sets = LineCounter.countFilled(input);
        if (sets == 0) {
            throw new UserMistakeException(
                    input + " is empty: it needs one candidate set per line.");
        }
        terminal().progress("Starting Flink, loading the model ...");
        try (StopSignal stop = StopSignal.install();
                WorkDirectory work = WorkDirectory.create()) {
            Path results = work.directory("results");
            Path deadLetters = work.directory("dead-letters");
            FileRun run =
                    new FileRun(
                            "lychee rerank of " + input.getFileName(),
                            input,
                            sets,
                            results,
                            deadLetters);
            if (!run.execute(options, terminal(), stop)) {
                terminal().println("Stopped; nothing was written.");
                return ExitCodes.FAILED;
            }
            return write(results, deadLetters, sets);
        }
    }

    private void allowImages(Configuration options) {
        if (images == null) {
            return;
        }
        if (!Files.isDirectory(images)) {
            throw new UserMistakeException(
                    "There is no folder %s: check --images.".formatted(images));
        }
        String folder = images.toAbsolutePath().normalize().toUri().toString();
        String others = options.get(RerankOptions.IMAGES_ROOTS);
        options.set(RerankOptions.IMAGES_ROOTS, others.isBlank() ? folder : others + "," + folder);
    }

    private int write(Path results, Path deadLetters, long sets) throws IOException {
        try (NumberedLines good = NumberedLines.index(results);
                NumberedLines bad = NumberedLines.index(deadLetters)) {
            Path unfinished = output.resolveSibling("." + output.getFileName() + ".unfinished");
            good.writeInOrder(unfinished);
            Files.move(unfinished, output, StandardCopyOption.REPLACE_EXISTING);
            terminal()
                    .println(
                            String.format(
                                    Locale.ROOT,
                                    "%,d sets in, %,d results in %s.",
                                    sets,
                                    good.count(),
                                    output));
            long withBadPictures = bothIn(good, bad);
            long badLineCount = bad.count() - withBadPictures;
            long unanswered = sets - good.count() - badLineCount;
            if (unanswered > 0) {
                terminal()
                        .println(
                                "%,d lines have no result of their own: the shards of a request share one."
                                        .formatted(unanswered));
            }
            if (withBadPictures > 0) {
                terminal()
                        .println(
                                terminal()
                                        .yellow(
                                                "%,d sets have pictures that could not be read; 'image' of their results says which and why."
                                                        .formatted(withBadPictures)));
            }
            writeBadLines(good, bad, badLineCount);
            return bad.count() == 0 ? ExitCodes.OK : ExitCodes.BAD_INPUT;
        }
    }

    /** Lines that have a result and a dead letter: that one is about their pictures. */
    private static long bothIn(NumberedLines good, NumberedLines bad) {
        return IntStream.rangeClosed(0, bad.maxNumber())
                .filter(number -> bad.contains(number) && good.contains(number))
                .count();
    }

    private void writeBadLines(NumberedLines good, NumberedLines bad, long count)
            throws IOException {
        Path file = badLinesFile();
        // One of an earlier run would be taken for this run's.
        Files.deleteIfExists(file);
        if (count == 0) {
            return;
        }
        terminal()
                .println(
                        terminal().red("%,d lines cannot be used".formatted(count))
                                + "; they are in "
                                + file
                                + ":");
        int shown = 0;
        try (BufferedWriter writer = Files.newBufferedWriter(file)) {
            for (int number = 0; number <= bad.maxNumber(); number++) {
                if (!bad.contains(number) || good.contains(number)) {
                    continue;
                }
                ObjectNode line = Json.mapper().createObjectNode().put("line", number);
                line.setAll((ObjectNode) Json.mapper().readTree(bad.content(number)));
                writer.write(line.toString());
                writer.write('\n');
                if (shown++ < SHOWN_BAD_LINES) {
                    terminal().println("  line " + number + ": " + line.path("message").asText());
                }
            }
        }
        if (shown > SHOWN_BAD_LINES) {
            terminal().println("  and %,d more".formatted(shown - SHOWN_BAD_LINES));
        }
    }

    private Path badLinesFile() {
        return badLines != null
                ? badLines
                : output.resolveSibling(output.getFileName() + ".bad-lines.jsonl");
    }

    private void requireFiles() throws IOException {
        if (!Files.isRegularFile(input)) {
            throw new UserMistakeException("There is no file %s: check --input.".formatted(input));
        }
        if (!Files.isReadable(input)) {
            throw new UserMistakeException(input + " cannot be read: check its permissions.");
        }
        for (Path target : new Path[] {output, badLinesFile()}) {
            Path folder = target.toAbsolutePath().getParent();
            if (folder == null || !Files.isDirectory(folder)) {
                throw new UserMistakeException(
                        "The folder of %s does not exist: create it first.".formatted(target));
            }
            if (!Files.isWritable(folder)) {
                throw new UserMistakeException(
                        "Nothing can be written to %s: check its permissions.".formatted(folder));
            }
            if (Files.isDirectory(target)) {
                throw new UserMistakeException(target + " is a folder: name a file.");
            }
            if (Files.exists(target) && Files.isSameFile(target, input)) {
                throw new UserMistakeException(
                        target + " is the input itself: choose another file to write to.");
            }
        }
    }
}
