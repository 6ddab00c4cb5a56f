package dev.lychee.rerank.deploy.cli;

import dev.lychee.rerank.deploy.UserMistakeException;
import dev.lychee.rerank.deploy.bench.MinilmShape;
import dev.lychee.rerank.deploy.bench.PeersBench;
import dev.lychee.rerank.deploy.bench.PeersBenchReport;
import dev.lychee.rerank.deploy.bench.peers.PeerFiles;
import dev.lychee.rerank.deploy.cli.BenchCommand.JsonArgument;
import dev.lychee.rerank.deploy.terminal.Terminal;
import dev.lychee.rerank.job.RerankOptions;
import dev.lychee.rerank.operators.scoring.BatchLimits;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code lychee bench peers}. */
@Command(
        name = "peers",
        description = {
            "Measures the scheduler against what one would run without it: ONNX Runtime in fixed"
                    + " batches, DJL with one pair per call, and a Flink map with one pair per record.",
            "All get the same weights and pairs. Takes some minutes a round. The model has the shape"
                    + " of MiniLM-L6 and random weights; a Python script writes it the first time."
        },
        mixinStandardHelpOptions = true,
        versionProvider = LycheeCommand.Version.class)
final class PeersCommand extends TerminalCommand {

    @Mixin private JsonArgument json = new JsonArgument();

    @Option(
            names = "--model",
            paramLabel = "DIR",
            description =
                    "Folder of a model package with model.pt (fp32), tokenizer.json and model.onnx."
                            + " Default: target/bench/minilm-shape, which is written when it is absent.")
    private @Nullable Path folder;

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
            names = "--batches",
            paramLabel = "COUNT",
            split = ",",
            defaultValue = "1,8,16,32,64",
            description = "Pairs in a batch of ONNX Runtime. Default: ${DEFAULT-VALUE}.")
    private List<Integer> batches = List.of();

    @Option(
            names = "--seed",
            paramLabel = "NUMBER",
            defaultValue = "1",
            description = "Seed of the workload. Default: ${DEFAULT-VALUE}.")
    private long seed;

    PeersCommand(Terminal terminal) {
        super(terminal);
    }

    @Override
    public Integer call() throws Exception {
        json.requireFolder();
        for (int size : batches) {
            BenchCommand.atLeast(1, "--batches", size);
        }
        PeersBench.Options options =
                new PeersBench.Options(
                        existing(),
                        new BatchLimits(
                                RerankOptions.SCORING_BATCH_TOKENS.defaultValue(),
                                RerankOptions.SCORING_BATCH_DELAY.defaultValue().toMillis()),
                        BenchCommand.atLeast(1, "--pairs", pairs),
                        BenchCommand.atLeast(1, "--rounds", rounds),
                        List.copyOf(batches),
                        seed);
        PeersBenchReport report = new PeersBench(options, terminal()::progress).run();
        report.print(terminal());
        json.write(report);
        return ExitCodes.OK;
    }

    private Path existing() throws IOException, InterruptedException {
        if (folder != null) {
            if (!PeerFiles.areIn(folder)) {
                throw new UserMistakeException(
                        "%s is no package to compare with peers: --model needs a folder with model.yaml, model.pt (fp32), tokenizer.json and model.onnx."
                                .formatted(folder));
            }
            return folder;
        }
        DeployFolder deploy = DeployFolder.current();
        Path written = deploy.minilmShape();
        if (!Files.isDirectory(written)) {
            MinilmShape.write(deploy.minilmShapeScript(), written, terminal()::progress);
        }
        return written;
    }
}
