package dev.lychee.rerank.deploy.bench;

import dev.lychee.rerank.deploy.terminal.Table;
import dev.lychee.rerank.deploy.terminal.Terminal;

/**
 * What {@link InteractionsBench} measured.
 *
 * @param machine where
 * @param parallelism of the job
 * @param results served results in a round
 * @param interactions interactions in a round
 * @param parsedPerSecond parsed interactions per second through join, cap, aggregation and fit,
 *     from submission to the end
 * @param fromKafkaPerSecond interactions per second from bytes in Kafka through all of the job,
 *     from its first committed offset to its last
 */
public record InteractionsBenchReport(
        Machine machine,
        int parallelism,
        long results,
        long interactions,
        Spread parsedPerSecond,
        Spread fromKafkaPerSecond) {

    /** Prints it for people. */
    public void print(Terminal terminal) {
        terminal.println(
                "%,d interactions on %,d results of %d documents, parallelism %d"
                        .formatted(interactions, results, ClickFeed.SHOWN, parallelism));
        Table table = new Table("what", "interactions/s (min-max)");
        table.row("parsed: join, cap, aggregate, fit", parsedPerSecond.text("%,.0f"));
        table.row("from bytes in Kafka: the whole job", fromKafkaPerSecond.text("%,.0f"));
        table.print(terminal);
        terminal.println("Heap state. Broker and cluster share this machine's cores.");
    }
}
