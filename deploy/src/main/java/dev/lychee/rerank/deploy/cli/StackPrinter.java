package dev.lychee.rerank.deploy.cli;

import dev.lychee.rerank.deploy.local.LocalStack;
import dev.lychee.rerank.deploy.terminal.Terminal;
import java.io.IOException;
import java.time.Duration;

/** Says where the local stack listens, once its job runs. */
final class StackPrinter {

    private static final long CHECK_MILLIS = 100;

    private final Terminal terminal;

    StackPrinter(Terminal terminal) {
        this.terminal = terminal;
    }

    /** Waits until the job runs; false when Ctrl-C came first. */
    boolean awaitReady(LocalStack stack, StopSignal stop, Duration atMost)
            throws IOException, InterruptedException {
        long start = System.nanoTime();
        while (!stack.job().isReady()) {
            if (stack.job().isOver()) {
                throw new IOException("The job ended", stack.job().failure());
            }
            if (System.nanoTime() - start > atMost.toNanos()) {
                throw new IOException("The job does not run after " + atMost.toMinutes() + " min");
            }
            if (stop.await(CHECK_MILLIS)) {
                return false;
            }
        }
        return true;
    }

    void print(LocalStack stack) {
        terminal.println(terminal.bold("Kafka") + "          " + stack.kafka().bootstrapServers());
        terminal.println(
                "  topics       "
                        + stack.topics().candidateSets()
                        + " → "
                        + stack.topics().rerankedResults()
                        + ", "
                        + stack.topics().deadLetters());
        terminal.println(
                "  profiles     "
                        + stack.topics().control()
                        + " → "
                        + stack.topics().controlReplies());
        terminal.println(terminal.bold("Flink") + "          " + stack.flink().webInterface());
        String log = System.getProperty("log.file");
        if (log != null) {
            terminal.println(terminal.bold("Log") + "            " + log);
        }
    }
}
