package dev.lychee.rerank.deploy.cli;

import dev.lychee.rerank.deploy.UserMistakeException;
import dev.lychee.rerank.deploy.bench.PrecisionBench;
import dev.lychee.rerank.deploy.bench.PrecisionBenchReport;
import dev.lychee.rerank.deploy.cli.BenchCommand.JsonArgument;
import dev.lychee.rerank.deploy.terminal.Terminal;
import dev.lychee.rerank.job.RerankOptions;
import dev.lychee.rerank.operators.scoring.BatchLimits;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code lychee bench precision}. */
@Command(
        name = "precision",
        description = {
            "Compares what a model answers in fp32 and in bf16, on the candidate sets of a sample: the"
                    + " ten best in common, the change of probabilities, the order of whole sets."
        },
        mixinStandardHelpOptions = true,
        versionProvider = LycheeCommand.Version.class)
final class PrecisionCommand extends TerminalCommand {

    @Mixin private JsonArgument json = new JsonArgument();

    @Option(
            names = "--model",
            paramLabel = "DIR",
            description =
                    "Folder of a model package with fp32 and bf16 weights. Default: the bundled "
                            + DeployFolder.MODEL
                            + ".")
    private @Nullable Path model;

    @Option(
            names = "--sample",
            paramLabel = "DIR",
            description = "Folder of the sample. Default: the bundled one.")
    private @Nullable Path sample;

    PrecisionCommand(Terminal terminal) {
        super(terminal);
    }

    @Override
    public Integer call() throws Exception {
        json.requireFolder();
        Path folder = model == null ? DeployFolder.current().model() : model;
        if (!Files.isDirectory(folder)) {
            throw new UserMistakeException(
                    "There is no model package %s: name its folder with --model."
                            .formatted(folder));
        }
        PrecisionBench.Options options =
                new PrecisionBench.Options(
                        folder,
                        sample == null ? DeployFolder.current().sample() : sample,
                        new BatchLimits(
                                RerankOptions.SCORING_BATCH_TOKENS.defaultValue(),
                                RerankOptions.SCORING_BATCH_DELAY.defaultValue().toMillis()));
        PrecisionBenchReport report = new PrecisionBench(options, terminal()::progress).run();
        report.print(terminal());
        json.write(report);
        return ExitCodes.OK;
    }
}
