package dev.lychee.rerank.deploy.local;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.metadata.storage.Formatter;
import org.apache.kafka.server.common.MetadataVersion;
import org.jspecify.annotations.Nullable;

/**
 * A real Kafka broker of one node in this JVM, in KRaft mode (broker and controller in one).
 *
 * <p>It listens on the loopback address only, keeps its log in a directory of its own that close
 * deletes, and creates no topic by itself. Transactions work: their log has one replica.
 */
public final class LocalKafka implements AutoCloseable {

    private static final String HOST = "localhost";
    private static final int NODE_ID = 1;

    /**
     * One candidate set with pictures may take 16 MiB; some room for headers and the batch around
     * it.
     */
    private static final int MAX_MESSAGE_BYTES = 17 * 1024 * 1024;

    private static final Duration ADMIN_TIMEOUT = Duration.ofSeconds(30);

    private final WorkDirectory directory;
    private final KafkaRaftServer server;
    private final int port;

    private LocalKafka(WorkDirectory directory, KafkaRaftServer server, int port) {
        this.directory = directory;
        this.server = server;
        this.port = port;
    }

    /** Starts a broker on any free port. */
    public static LocalKafka start() throws IOException {
        return start(FreePorts.any());
    }

    /**
     * Starts a broker on {@code port} and returns when it serves clients.
     *
     * @throws IOException if the port is in use or the log directory cannot be written
     */
    public static LocalKafka start(int port) throws IOException {
        if (!FreePorts.isFree(port)) {
            throw new IOException("Port " + port + " is in use");
        }
        WorkDirectory directory = WorkDirectory.create();
        KafkaRaftServer server = null;
        boolean started = false;
        try {
            int controllerPort = FreePorts.any();
            Path log = directory.directory("kafka");
            format(log);
            server =
                    new KafkaRaftServer(
                            KafkaConfig.fromProps(properties(log, port, controllerPort), false),
                            Time.SYSTEM);
            server.startup();
            started = true;
            return new LocalKafka(directory, server, port);
        } catch (RuntimeException failure) {
            throw new IOException("The Kafka broker did not start", failure);
        } finally {
            if (!started) {
                stop(server, directory);
            }
        }
    }

    /** {@code host:port}, as clients want it. */
    public String bootstrapServers() {
        return address(port);
    }

    /** What {@link #bootstrapServers} of a broker on {@code port} is. */
    static String address(int port) {
        return HOST + ":" + port;
    }

    /** Creates the topics that do not exist yet. */
    public void createTopics(int partitions, Collection<String> names) throws IOException {
        create(names.stream().map(name -> new NewTopic(name, partitions, (short) 1)).toList());
    }

    /**
     * Creates a topic of one partition that keeps the last record of each key, unless it exists.
     *
     * @param history for how long it keeps the records before that too
     */
    public void createCompactedTopic(String name, Duration history) throws IOException {
        Map<String, String> compacted =
                Map.of(
                        TopicConfig.CLEANUP_POLICY_CONFIG,
                        TopicConfig.CLEANUP_POLICY_COMPACT,
                        TopicConfig.MIN_COMPACTION_LAG_MS_CONFIG,
                        String.valueOf(history.toMillis()));
        create(List.of(new NewTopic(name, 1, (short) 1).configs(compacted)));
    }

    private void create(List<NewTopic> topics) throws IOException {
        List<String> names = topics.stream().map(NewTopic::name).toList();
        try (Admin admin = admin()) {
            for (var created : admin.createTopics(topics).values().values()) {
                try {
                    created.get(ADMIN_TIMEOUT.toSeconds(), TimeUnit.SECONDS);
                } catch (ExecutionException failure) {
                    if (!(failure.getCause() instanceof TopicExistsException)) {
                        throw new IOException("Could not create the topics " + names, failure);
                    }
                }
            }
        } catch (TimeoutException failure) {
            throw new IOException("Could not create the topics " + names, failure);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IOException("Interrupted while creating the topics " + names, interrupted);
        }
    }

    /** A client for administration; the caller closes it. */
    public Admin admin() {
        return Admin.create(Map.of(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers()));
    }

    /** Stops the broker and deletes its directory. */
    @Override
    public void close() throws IOException {
        stop(server, directory);
    }

    private static void stop(@Nullable KafkaRaftServer server, WorkDirectory directory)
            throws IOException {
        try {
            if (server != null) {
                server.shutdown();
                server.awaitShutdown();
            }
        } finally {
            directory.close();
        }
    }

    private static void format(Path log) throws IOException {
        try {
            new Formatter()
                    .setPrintStream(new PrintStream(OutputStream.nullOutputStream()))
                    .setNodeId(NODE_ID)
                    .setClusterId(Uuid.randomUuid().toString())
                    .setControllerListenerName("CONTROLLER")
                    .setMetadataLogDirectory(log.toString())
                    .setDirectories(List.of(log.toString()))
                    .setReleaseVersion(MetadataVersion.latestProduction())
                    .run();
        } catch (IOException | RuntimeException failure) {
            throw failure;
        } catch (Exception failure) {
            throw new IOException("Could not prepare the Kafka directory " + log, failure);
        }
    }

    private static Properties properties(Path log, int port, int controllerPort) {
        Properties properties = new Properties();
        properties.setProperty("process.roles", "broker,controller");
        properties.setProperty("node.id", String.valueOf(NODE_ID));
        properties.setProperty(
                "controller.quorum.voters", NODE_ID + "@" + HOST + ":" + controllerPort);
        properties.setProperty(
                "listeners",
                "PLAINTEXT://"
                        + HOST
                        + ":"
                        + port
                        + ",CONTROLLER://"
                        + HOST
                        + ":"
                        + controllerPort);
        properties.setProperty("advertised.listeners", "PLAINTEXT://" + HOST + ":" + port);
        properties.setProperty("controller.listener.names", "CONTROLLER");
        properties.setProperty("inter.broker.listener.name", "PLAINTEXT");
        properties.setProperty("log.dirs", log.toString());

        // A typo in a topic name should be an error, not a new topic.
        properties.setProperty("auto.create.topics.enable", "false");
        properties.setProperty("message.max.bytes", String.valueOf(MAX_MESSAGE_BYTES));
        properties.setProperty("replica.fetch.max.bytes", String.valueOf(MAX_MESSAGE_BYTES));

        // Internal topics for one node: one replica, few partitions (each costs files and start-up
        // time).
        for (String topic :
                List.of(
                        "offsets.topic",
                        "transaction.state.log",
                        "share.coordinator.state.topic")) {
            properties.setProperty(topic + ".replication.factor", "1");
            properties.setProperty(topic + ".num.partitions", "4");
        }
        properties.setProperty("transaction.state.log.min.isr", "1");
        properties.setProperty("share.coordinator.state.topic.min.isr", "1");
        // A sink asks for a transaction timeout above its checkpoint interval and restart time.
        properties.setProperty(
                "transaction.max.timeout.ms", String.valueOf(Duration.ofHours(1).toMillis()));
        // Without it the first consumer of a group waits three seconds for others.
        properties.setProperty("group.initial.rebalance.delay.ms", "0");
        properties.setProperty("log.cleaner.dedupe.buffer.size", String.valueOf(4 * 1024 * 1024));
        properties.setProperty("log.segment.bytes", String.valueOf(64 * 1024 * 1024));
        properties.setProperty("controlled.shutdown.enable", "false");
        return properties;
    }
}
