package dev.lychee.rerank.deploy.cli;

import dev.lychee.rerank.deploy.UserMistakeException;
import dev.lychee.rerank.deploy.demo.AnswerPrinter;
import dev.lychee.rerank.deploy.demo.DemoLedger;
import dev.lychee.rerank.deploy.demo.DemoLedger.Answer;
import dev.lychee.rerank.deploy.demo.DemoReport;
import dev.lychee.rerank.deploy.demo.RecalibrationAct;
import dev.lychee.rerank.deploy.demo.Sample;
import dev.lychee.rerank.deploy.demo.SampleFeeder;
import dev.lychee.rerank.deploy.demo.SampleRetriever;
import dev.lychee.rerank.deploy.demo.SummaryPrinter;
import dev.lychee.rerank.deploy.local.LocalStack;
import dev.lychee.rerank.deploy.terminal.Terminal;
import dev.lychee.rerank.schemas.DeadLetter;
import dev.lychee.rerank.schemas.Json;
import dev.lychee.rerank.schemas.RerankedResult;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.flink.configuration.Configuration;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/**
 * {@code lychee demo}: the local stack, the sample as a stream, the results as they arrive, and
 * what the clicks of simulated users make of their probabilities.
 */
@Command(
        name = "demo",
        description = {
            "Runs Kafka, Flink and the jobs in this process, streams the shipped sample through"
                    + " them and shows each result: where the first places come from, and where the"
                    + " set is cut. Then simulated users click, and the calibration error falls.",
            "It goes on until Ctrl-C; --once ends it when the probabilities change no more."
        },
        mixinStandardHelpOptions = true,
        versionProvider = LycheeCommand.Version.class)
final class DemoCommand extends TerminalCommand {

    /** Cuts sets and says why, which is what there is to see. */
    private static final String DEFAULT_PROFILE = "production";

    private static final Duration POLL = Duration.ofMillis(100);

    /** A result that comes a second time comes soon. */
    private static final Duration WAIT_FOR_DUPLICATES = Duration.ofSeconds(2);

    private static final Duration WAIT_FOR_ANSWER = Duration.ofMinutes(2);
    private static final Duration WAIT_FOR_MODEL = Duration.ofMinutes(5);

    @Mixin private JobArgumentGroup jobArguments = new JobArgumentGroup();
    @Mixin private PortArgumentGroup ports = new PortArgumentGroup();

    @Option(
            names = "--once",
            description =
                    "End when the sample was shown and clicks change nothing more; exit code 1 if a set has"
                            + " no result or two.")
    private boolean once;

    @Option(names = "--no-clicks", description = "Only the sample: no users, no recalibrate job.")
    private boolean withoutClicks;

    @Option(
            names = "--click-time",
            paramLabel = "SECONDS",
            defaultValue = "60",
            description = "With --once: users click at most so long. Default: ${DEFAULT-VALUE}.")
    private long clickSeconds;

    @Option(
            names = "--report",
            paramLabel = "FILE",
            description = "Write what was measured to FILE, as JSON.")
    private @Nullable Path report;

    @Option(
            names = "--sample",
            paramLabel = "DIR",
            description =
                    "Folder with catalogue.jsonl, queries.jsonl and qrels.tsv. Default: the shipped one.")
    private @Nullable Path sampleFolder;

    @Option(
            names = "--pause",
            paramLabel = "MILLIS",
            defaultValue = "300",
            description = "Pause between two sets. Default: ${DEFAULT-VALUE}.")
    private long pauseMillis;

    @Option(
            names = "--places",
            paramLabel = "COUNT",
            defaultValue = "3",
            description = "How many of the first results to show. Default: ${DEFAULT-VALUE}.")
    private int places;

    DemoCommand(Terminal terminal) {
        super(terminal);
    }

    @Override
    public Integer call() throws Exception {
        requireNotNegative("--pause", pauseMillis);
        requireNotNegative("--places", places);
        requireNotNegative("--click-time", clickSeconds);
        if (report != null) {
            ReportFile.require(report, "--report");
        }
        Sample sample =
                Sample.load(sampleFolder == null ? DeployFolder.current().sample() : sampleFolder);
        Configuration options =
                RecalibrationAct.withShortEpochs(jobArguments.toOptions(DEFAULT_PROFILE));
        int kafkaPort = ports.kafkaPort(terminal());
        int uiPort = ports.uiPort(terminal());
        terminal().progress("Starting Kafka and Flink, loading the model ...");
        try (StopSignal stop = StopSignal.install();
                SampleRetriever retriever = new SampleRetriever(sample.catalogue());
                LocalStack stack =
                        LocalStack.startUnless(stop::isRequested, kafkaPort, uiPort, options)) {
            StackPrinter printer = new StackPrinter(terminal());
            if (stack == null) {
                return stopped();
            }
            if (!withoutClicks) {
                stack.recalibrate(options);
            }
            if (!printer.awaitReady(stack, stop, WAIT_FOR_MODEL)) {
                return stopped();
            }
            printer.print(stack);
            terminal()
                    .println(
                            "Streaming %d queries over %d products, 50 candidates each by Lucene's BM25.%s"
                                    .formatted(
                                            sample.queries().size(),
                                            sample.catalogue().size(),
                                            once ? "" : " Ctrl-C ends it."));
            return stream(sample, retriever, stack, options, stop);
        }
    }

    private int stream(
            Sample sample,
            SampleRetriever retriever,
            LocalStack stack,
            Configuration options,
            StopSignal stop)
            throws Exception {
        DemoLedger ledger = new DemoLedger(sample);
        SampleFeeder feeder =
                new SampleFeeder(
                        sample,
                        retriever,
                        ledger,
                        stack.kafka().bootstrapServers(),
                        stack.topics().candidateSets(),
                        Duration.ofMillis(pauseMillis),
                        once || !withoutClicks);
        Thread feeding = new Thread(feeder, "sample-feeder");
        try (KafkaConsumer<byte[], byte[]> consumer = consumer(stack)) {
            feeding.start();
            receive(consumer, stack, feeder, ledger, stop);
        } finally {
            feeding.interrupt();
            feeding.join();
        }
        DemoReport measured = ledger.report();
        boolean good = stop.isRequested() || measured.isWhole();
        new SummaryPrinter(terminal()).print(measured, stop.isRequested());
        if (!withoutClicks && !stop.isRequested() && !terminal().isClosed()) {
            measured =
                    measured.with(
                            new RecalibrationAct(
                                            terminal(),
                                            stack,
                                            options,
                                            once ? Duration.ofSeconds(clickSeconds) : null)
                                    .play(sample, retriever, stop::isRequested));
        }
        writeReport(measured);
        return good ? ExitCodes.OK : ExitCodes.FAILED;
    }

    private void receive(
            KafkaConsumer<byte[], byte[]> consumer,
            LocalStack stack,
            SampleFeeder feeder,
            DemoLedger ledger,
            StopSignal stop)
            throws Exception {
        AnswerPrinter printer = new AnswerPrinter(terminal(), places);
        long lastRecord = System.nanoTime();
        while (!stop.isRequested() && !terminal().isClosed()) {
            for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
                lastRecord = System.nanoTime();
                if (record.topic().equals(stack.topics().deadLetters())) {
                    ledger.refused();
                    printer.print(Json.mapper().readValue(record.value(), DeadLetter.class));
                    continue;
                }
                Answer answer =
                        ledger.received(
                                Json.mapper().readValue(record.value(), RerankedResult.class),
                                lastRecord);
                if (answer != null) {
                    printer.print(answer);
                }
            }
            Duration quiet = Duration.ofNanos(System.nanoTime() - lastRecord);
            if (feeder.failure() != null) {
                throw new IOException("The sample could not be produced", feeder.failure());
            }
            if (stack.job().isOver()) {
                throw new IOException("The job ended", stack.job().failure());
            }
            boolean allAnswered = feeder.isFinished() && ledger.open() == 0;
            if (quiet.compareTo(allAnswered ? WAIT_FOR_DUPLICATES : WAIT_FOR_ANSWER) > 0) {
                return;
            }
        }
    }

    private static KafkaConsumer<byte[], byte[]> consumer(LocalStack stack) {
        KafkaConsumer<byte[], byte[]> consumer =
                new KafkaConsumer<>(
                        Map.of(
                                ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG,
                                stack.kafka().bootstrapServers(),
                                ConsumerConfig.ISOLATION_LEVEL_CONFIG,
                                "read_committed"),
                        new ByteArrayDeserializer(),
                        new ByteArrayDeserializer());
        List<TopicPartition> partitions = new ArrayList<>();
        for (String topic :
                List.of(stack.topics().rerankedResults(), stack.topics().deadLetters())) {
            for (PartitionInfo partition : consumer.partitionsFor(topic)) {
                partitions.add(new TopicPartition(topic, partition.partition()));
            }
        }
        consumer.assign(partitions);
        consumer.seekToBeginning(partitions);
        return consumer;
    }

    private static void requireNotNegative(String option, long value) {
        if (value < 0) {
            throw new UserMistakeException(
                    "%s must be 0 or more, not %d.".formatted(option, value));
        }
    }

    private void writeReport(DemoReport measured) throws IOException {
        if (report != null) {
            ReportFile.write(report, measured);
            terminal().println("  Report in " + report.toAbsolutePath().normalize() + ".");
        }
    }
}
