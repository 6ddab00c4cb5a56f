package dev.lychee.rerank.deploy.cli;

import dev.lychee.rerank.deploy.files.LineCounter;
import dev.lychee.rerank.deploy.local.LocalFlink;
import dev.lychee.rerank.deploy.local.LocalJob;
import dev.lychee.rerank.deploy.terminal.Terminal;
import dev.lychee.rerank.job.RerankJob;
import dev.lychee.rerank.job.RerankOptions;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.RestartStrategyOptions;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/**
 * One run of the rerank topology over a file, in this JVM.
 *
 * @param name what the job is called
 * @param input candidate sets, one per line
 * @param sets how many there are, for the progress
 * @param results folder for the part files of the results
 * @param deadLetters folder for the part files of what cannot be used
 */
record FileRun(String name, Path input, long sets, Path results, Path deadLetters) {

    private static final long CHECK_MILLIS = 200;

    /**
     * Runs to the end of the input.
     *
     * @param options the job's options; where it reads and writes is added
     * @return false if the run was stopped
     * @throws IOException if the job fails
     */
    boolean execute(Configuration options, Terminal terminal, StopSignal stop) throws Exception {
        options.set(RerankOptions.SOURCE_TYPE, RerankOptions.SourceType.FILES);
        options.set(RerankOptions.FILES_INPUT, input.toAbsolutePath().normalize().toString());
        options.set(RerankOptions.FILES_OUTPUT, results.toString());
        options.set(RerankOptions.FILES_DEAD_LETTERS, deadLetters.toString());
        try (LocalFlink flink = LocalFlink.start(0, boundedDefaults(options))) {
            StreamExecutionEnvironment environment = flink.environment();
            if (stop.isRequested()) {
                return false;
            }
            RerankJob.build(environment, options);
            LocalJob job = flink.submit(environment, name);
            LineCounter counter = new LineCounter();
            ProgressLine progress = new ProgressLine(terminal, sets);
            while (!job.isOver()) {
                if (stop.await(CHECK_MILLIS)) {
                    job.cancel();
                    return false;
                }
                progress.show(counter.countBelow(results) + counter.countBelow(deadLetters));
            }
            Throwable failure = job.failure();
            if (failure != null) {
                throw new IOException("The job failed", failure);
            }
            return true;
        }
    }

    private static Configuration boundedDefaults(Configuration options) {
        Configuration bounded = new Configuration();
        // The end of the input waits for a checkpoint, which publishes the last part files.
        bounded.set(CheckpointingOptions.CHECKPOINTING_INTERVAL, Duration.ofSeconds(2));
        // Somebody is waiting for the end, good or bad.
        bounded.set(RestartStrategyOptions.RESTART_STRATEGY, "fixed-delay");
        bounded.set(RestartStrategyOptions.RESTART_STRATEGY_FIXED_DELAY_ATTEMPTS, 3);
        bounded.set(
                RestartStrategyOptions.RESTART_STRATEGY_FIXED_DELAY_DELAY, Duration.ofSeconds(1));
        bounded.addAll(options);
        return bounded;
    }
}
