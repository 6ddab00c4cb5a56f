package dev.lychee.rerank.deploy.cli;

import dev.lychee.rerank.deploy.UserMistakeException;
import dev.lychee.rerank.deploy.bench.PictureWorkload;
import dev.lychee.rerank.deploy.bench.PostBench;
import dev.lychee.rerank.deploy.bench.PostBenchReport;
import dev.lychee.rerank.deploy.bench.ScorerBench;
import dev.lychee.rerank.deploy.bench.ScorerBenchReport;
import dev.lychee.rerank.deploy.terminal.Terminal;
import dev.lychee.rerank.job.RerankOptions;
import dev.lychee.rerank.operators.scoring.BatchLimits;
import dev.lychee.rerank.schemas.MessageLimits;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code lychee bench}: how fast this machine scores, post-processes and streams. */
@Command(
        name = "bench",
        description = {
            "Measures on this machine, for minutes; other work on it shows in the spread.",
            "Compare ratios rather than rates: variants run in turns."
        },
        subcommands = {
            BenchCommand.ScorerCommand.class,
            BenchCommand.PostCommand.class,
            PeersCommand.class,
            PrecisionCommand.class,
            PipelineCommand.class,
            ScaleCommand.class,
            OverloadCommand.class,
            InteractionsCommand.class,
            PlotCommand.class,
            CommandLine.HelpCommand.class
        },
        synopsisSubcommandLabel = "COMMAND",
        mixinStandardHelpOptions = true,
        versionProvider = LycheeCommand.Version.class)
final class BenchCommand extends CommandGroup {

    private static final int MIN_PICTURE_PIXELS = 16;
    private static final int MAX_PICTURE_PIXELS = 4_096;
    private static final int MAX_CANDIDATES = MessageLimits.DEFAULTS.maxCandidates();

    /** Where the numbers go beside the terminal. */
    static final class JsonArgument {

        @Option(
                names = "--json",
                paramLabel = "FILE",
                description = "Write what was measured to FILE, as JSON.")
        private @Nullable Path file;

        void requireFolder() {
            if (file != null) {
                ReportFile.require(file, "--json");
            }
        }

        void write(Object report) throws IOException {
            if (file != null) {
                ReportFile.write(file, report);
            }
        }
    }

    /** Which model is measured. */
    private static final class ModelArguments {

        @Option(
                names = "--model",
                paramLabel = "DIR",
                description =
                        "Folder of the model package. Default: the bundled "
                                + DeployFolder.MODEL
                                + ".")
        private @Nullable Path model;

        @Option(
                names = "--precision",
                paramLabel = "NAME",
                defaultValue = "auto",
                description = "auto, fp32, bf16 or fp16. Default: ${DEFAULT-VALUE}.")
        @SuppressWarnings("NullAway.Init") // has a default
        private String precision;

        Path folder() {
            Path folder = model == null ? DeployFolder.current().model() : model;
            if (!Files.isDirectory(folder)) {
                throw new UserMistakeException(
                        "There is no model package %s: name its folder with --model."
                                .formatted(folder));
            }
            return folder;
        }
    }

    static int atLeast(int least, String option, int value) {
        if (value < least) {
            throw new UserMistakeException(
                    "%s must be at least %d, not %d.".formatted(option, least, value));
        }
        return value;
    }

    /** {@code lychee bench scorer}. */
    @Command(
            name = "scorer",
            description = {
                "Measures the scheduler against raw forward passes of the same model on the same"
                        + " pairs, and against a plain loop and one pair per call.",
                "The raw passes get pairs that are tokenized and sorted already, in full batches; the"
                        + " scheduler gets texts, or encoded pictures, in sets of 20 and in sets of 1,000."
            },
            mixinStandardHelpOptions = true,
            versionProvider = LycheeCommand.Version.class)
    static final class ScorerCommand extends TerminalCommand {

        @Mixin private ModelArguments model = new ModelArguments();
        @Mixin private JsonArgument json = new JsonArgument();

        @Option(
                names = "--pairs",
                paramLabel = "COUNT",
                defaultValue = "1000",
                description = "Pairs in a round. Default: ${DEFAULT-VALUE}.")
        private int pairs;

        @Option(
                names = "--rounds",
                paramLabel = "COUNT",
                defaultValue = "5",
                description = "How often each variant is measured. Default: ${DEFAULT-VALUE}.")
        private int rounds;

        @Option(
                names = "--device",
                paramLabel = "NAME",
                defaultValue = "cpu",
                description =
                        "cpu, or gpu:0 with a GPU's index, which needs libtorch for CUDA."
                                + " Default: ${DEFAULT-VALUE}.")
        @SuppressWarnings("NullAway.Init") // has a default
        private String device;

        @Option(
                names = "--threads",
                paramLabel = "COUNT",
                defaultValue = "0",
                description =
                        "Threads of one forward pass; 0 for one per core. Default: ${DEFAULT-VALUE}.")
        private int threads;

        @Option(
                names = "--batch-tokens",
                paramLabel = "COUNT",
                description =
                        "The scheduler's budget of padded tokens; 0 to measure it. Default: the job's scoring.batch.max-tokens.")
        private @Nullable Integer batchTokens;

        @Option(
                names = "--deterministic",
                description = "Batches of one set's pairs only, as with scoring.deterministic.")
        private boolean deterministic;

        @Option(
                names = "--pictures",
                paramLabel = "PIXELS",
                description =
                        "Documents are pictures of so many pixels square, 16 to 4096, made of the sample's.")
        private @Nullable Integer pictures;

        @Option(
                names = "--sample",
                paramLabel = "DIR",
                description = "With --pictures: folder of the sample. Default: the bundled one.")
        private @Nullable Path sample;

        @Option(
                names = "--picture-queries",
                description = "With --pictures: queries are pictures too.")
        private boolean pictureQueries;

        @Option(
                names = "--seed",
                paramLabel = "NUMBER",
                defaultValue = "1",
                description = "Seed of the workload. Default: ${DEFAULT-VALUE}.")
        private long seed;

        ScorerCommand(Terminal terminal) {
            super(terminal);
        }

        @Override
        public Integer call() throws Exception {
            json.requireFolder();
            int budget =
                    batchTokens == null
                            ? RerankOptions.SCORING_BATCH_TOKENS.defaultValue()
                            : batchTokens;
            ScorerBenchReport report =
                    new ScorerBench(
                                    new ScorerBench.Options(
                                            model.folder(),
                                            model.precision,
                                            device,
                                            atLeast(0, "--threads", threads),
                                            new BatchLimits(
                                                    atLeast(0, "--batch-tokens", budget),
                                                    RerankOptions.SCORING_BATCH_DELAY
                                                            .defaultValue()
                                                            .toMillis()),
                                            deterministic,
                                            pictures(),
                                            atLeast(1, "--pairs", pairs),
                                            atLeast(1, "--rounds", rounds),
                                            seed),
                                    terminal()::progress)
                            .run();
            report.print(terminal());
            json.write(report);
            return ExitCodes.OK;
        }

        private PictureWorkload.@Nullable Settings pictures() {
            if (pictures == null) {
                if (pictureQueries) {
                    throw new UserMistakeException(
                            "--picture-queries needs --pictures and a size, such as --pictures 400.");
                }
                return null;
            }
            if (pictures < MIN_PICTURE_PIXELS || pictures > MAX_PICTURE_PIXELS) {
                throw new UserMistakeException(
                        "--pictures must be %d to %d, not %d."
                                .formatted(MIN_PICTURE_PIXELS, MAX_PICTURE_PIXELS, pictures));
            }
            return new PictureWorkload.Settings(
                    sample == null ? DeployFolder.current().sample() : sample,
                    pictures,
                    pictureQueries);
        }
    }

    /** {@code lychee bench post}. */
    @Command(
            name = "post",
            description = {
                "Measures what happens to a set beside the model, with JMH: decode, assemble, normalize,"
                        + " calibrate, adjust, threshold, rank, encode.",
                "The profile is production (z-score, Otsu), with an isotonic calibration map."
            },
            mixinStandardHelpOptions = true,
            versionProvider = LycheeCommand.Version.class)
    static final class PostCommand extends TerminalCommand {

        @Mixin private JsonArgument json = new JsonArgument();

        @Option(
                names = "--candidates",
                paramLabel = "COUNT",
                split = ",",
                defaultValue = "50,1000",
                description = "Sizes of the set, 1 to 1000. Default: ${DEFAULT-VALUE}.")
        private List<Integer> sizes = List.of();

        @Option(
                names = "--forks",
                paramLabel = "COUNT",
                defaultValue = "1",
                description =
                        "Fresh Java processes per step; 0 measures in this one. Default: ${DEFAULT-VALUE}.")
        private int forks;

        @Option(
                names = "--iterations",
                paramLabel = "COUNT",
                defaultValue = "5",
                description = "Measured iterations in each. Default: ${DEFAULT-VALUE}.")
        private int iterations;

        @Option(
                names = "--iteration-millis",
                paramLabel = "MILLIS",
                defaultValue = "400",
                description = "Length of an iteration. Default: ${DEFAULT-VALUE}.")
        private int iterationMillis;

        PostCommand(Terminal terminal) {
            super(terminal);
        }

        @Override
        public Integer call() throws Exception {
            json.requireFolder();
            for (int size : sizes) {
                if (size < 1 || size > MAX_CANDIDATES) {
                    throw new UserMistakeException(
                            "--candidates must be 1 to %d, not %d."
                                    .formatted(MAX_CANDIDATES, size));
                }
            }
            PostBenchReport report =
                    new PostBench(
                                    new PostBench.Options(
                                            sizes,
                                            atLeast(0, "--forks", forks),
                                            atLeast(1, "--iterations", iterations),
                                            atLeast(1, "--iteration-millis", iterationMillis)),
                                    terminal()::progress)
                            .run();
            report.print(terminal());
            json.write(report);
            return ExitCodes.OK;
        }
    }
}
