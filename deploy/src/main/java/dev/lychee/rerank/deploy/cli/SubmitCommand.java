package dev.lychee.rerank.deploy.cli;

import dev.lychee.rerank.deploy.UserMistakeException;
import dev.lychee.rerank.deploy.terminal.Terminal;
import dev.lychee.rerank.job.RecalibrationJob;
import dev.lychee.rerank.job.RerankJob;
import dev.lychee.rerank.job.RerankOptions;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.apache.flink.api.common.JobID;
import org.apache.flink.client.program.rest.RestClusterClient;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.GlobalConfiguration;
import org.apache.flink.configuration.RestOptions;
import org.apache.flink.runtime.jobgraph.JobGraph;
import org.apache.flink.runtime.jobgraph.SavepointRestoreSettings;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.graph.StreamGraph;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code lychee submit}: the job on a Flink session cluster that already runs. */
@Command(
        name = "submit",
        description = {
            "Submits a job to a Flink session cluster that runs from deploy/target/image (or has the"
                    + " same libraries in its lib folder).",
            "Options, model package, Kafka and Flink are checked before."
        },
        mixinStandardHelpOptions = true,
        versionProvider = LycheeCommand.Version.class)
final class SubmitCommand extends TerminalCommand {

    private static final Duration TIMEOUT = Duration.ofSeconds(30);
    private static final int REST_PORT = 8081;

    /** The jobs. */
    private enum Pipeline {
        RERANK,
        RECALIBRATE;

        void build(StreamExecutionEnvironment environment, Configuration options) {
            switch (this) {
                case RERANK -> RerankJob.build(environment, options);
                case RECALIBRATE -> RecalibrationJob.build(environment, options);
            }
        }

        /** Those that it cannot do without. */
        List<ConfigOption<String>> topics() {
            return switch (this) {
                case RERANK ->
                        List.of(
                                RerankOptions.KAFKA_CANDIDATE_SETS,
                                RerankOptions.KAFKA_RERANKED_RESULTS,
                                RerankOptions.KAFKA_DEAD_LETTERS);
                case RECALIBRATE ->
                        List.of(
                                RerankOptions.KAFKA_INTERACTIONS,
                                RerankOptions.KAFKA_RERANKED_RESULTS,
                                RerankOptions.KAFKA_CALIBRATION_MAPS,
                                RerankOptions.KAFKA_EXPERIMENT_RESULTS,
                                RerankOptions.KAFKA_DEAD_LETTERS);
            };
        }

        String jobName() {
            return "lychee " + this;
        }

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    @Mixin private JobArgumentGroup jobArguments = new JobArgumentGroup();

    @Option(
            names = "--pipeline",
            paramLabel = "NAME",
            defaultValue = "rerank",
            description =
                    "Which job: rerank, or recalibrate, which learns from clicks what its probabilities"
                            + " are worth. Default: ${DEFAULT-VALUE}.")
    @SuppressWarnings("NullAway.Init") // has a default
    private Pipeline pipeline;

    @Option(
            names = "--jobmanager",
            paramLabel = "HOST[:PORT]",
            required = true,
            description = "Where the JobManager's REST API listens. Default port: 8081.")
    @SuppressWarnings("NullAway.Init") // required
    private String jobManager;

    @Option(
            names = "--bootstrap-servers",
            paramLabel = "HOST:PORT[,...]",
            required = true,
            description = "Kafka brokers, as TaskManagers reach them.")
    @SuppressWarnings("NullAway.Init") // required
    private String bootstrapServers;

    @Option(
            names = "--savepoint",
            paramLabel = "PATH",
            description = "Savepoint or checkpoint to continue from, as the JobManager reaches it.")
    private @Nullable String savepoint;

    @Option(
            names = "--conf-dir",
            paramLabel = "DIR",
            description =
                    "Folder of the config.yaml whose job settings (checkpoints, parallelism, restarts)"
                            + " apply. Default: the image's.")
    private @Nullable Path configFolder;

    @Option(
            names = "--no-topic-check",
            description =
                    "Submit without looking for the topics, where this machine cannot reach Kafka.")
    private boolean noTopicCheck;

    SubmitCommand(Terminal terminal) {
        super(terminal);
    }

    @Override
    public Integer call() throws Exception {
        Configuration options = jobArguments.toOptions(null);
        options.set(RerankOptions.KAFKA_BOOTSTRAP_SERVERS, bootstrapServers);
        Path jar = DeployFolder.current().jobJar();
        Configuration client = clientConfiguration(options);

        requireFlink(client);
        terminal().progress("Checking options and model ...");
        StreamExecutionEnvironment environment =
                new StreamExecutionEnvironment(new Configuration(client));
        pipeline.build(environment, options);
        if (!noTopicCheck) {
            requireTopics(options);
        }
        terminal().progress("Submitting ...");
        JobID job = submit(environment, jar, client);
        terminal().println(terminal().bold("Job") + "  " + job);
        terminal()
                .println(
                        terminal().bold("Web")
                                + "  "
                                + restAddress(client)
                                + "/#/job/running/"
                                + job);
        return ExitCodes.OK;
    }

    private Configuration clientConfiguration(Configuration options) {
        Path folder = configFolder == null ? DeployFolder.current().imageConf() : configFolder;
        if (!Files.isRegularFile(folder.resolve(GlobalConfiguration.FLINK_CONF_FILENAME))) {
            throw new UserMistakeException(
                    "There is no %s in %s: check --conf-dir."
                            .formatted(GlobalConfiguration.FLINK_CONF_FILENAME, folder));
        }
        Configuration client = load(folder);
        client.addAll(options);
        int colon = jobManager.lastIndexOf(':');
        client.set(RestOptions.ADDRESS, colon < 0 ? jobManager : jobManager.substring(0, colon));
        client.set(RestOptions.PORT, colon < 0 ? REST_PORT : port(jobManager.substring(colon + 1)));
        return client;
    }

    private static Configuration load(Path folder) {
        try {
            return GlobalConfiguration.loadConfiguration(folder.toString());
        } catch (RuntimeException notYaml) {
            throw new UserMistakeException(
                    "%s is not valid YAML: compare it with deploy/conf/config.yaml."
                            .formatted(folder.resolve(GlobalConfiguration.FLINK_CONF_FILENAME)));
        }
    }

    private int port(String text) {
        if (!text.matches("[1-9][0-9]{0,4}")) {
            throw new UserMistakeException(
                    "--jobmanager must be HOST or HOST:PORT, not %s.".formatted(jobManager));
        }
        return Integer.parseInt(text);
    }

    private static String restAddress(Configuration client) {
        return "http://" + client.get(RestOptions.ADDRESS) + ":" + client.get(RestOptions.PORT);
    }

    private static void requireFlink(Configuration client) throws InterruptedException {
        String address = restAddress(client);
        String remedy =
                "No Flink JobManager answers at %s: start one with deploy/target/image/bin/jobmanager.sh, or check --jobmanager."
                        .formatted(address);
        try {
            HttpResponse<String> response =
                    HttpClient.newBuilder()
                            .connectTimeout(TIMEOUT)
                            .build()
                            .send(
                                    HttpRequest.newBuilder(URI.create(address + "/overview"))
                                            .timeout(TIMEOUT)
                                            .build(),
                                    HttpResponse.BodyHandlers.ofString());
            if (!response.body().contains("flink-version")) {
                throw new UserMistakeException(remedy);
            }
        } catch (IllegalArgumentException | IOException unreachable) {
            throw new UserMistakeException(remedy);
        }
    }

    private void requireTopics(Configuration options) throws InterruptedException {
        Map<String, Object> properties = new HashMap<>(options.get(RerankOptions.KAFKA_PROPERTIES));
        String servers = options.get(RerankOptions.KAFKA_BOOTSTRAP_SERVERS);
        properties.put(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, servers);
        properties.put(
                AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, (int) TIMEOUT.toMillis() / 2);
        properties.put(AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, (int) TIMEOUT.toMillis() / 4);
        try (Admin admin = Admin.create(properties)) {
            for (ConfigOption<String> topic : pipeline.topics()) {
                requireTopic(admin, options.get(topic), servers);
            }
            if (pipeline == Pipeline.RERANK) {
                lookForOptionalTopics(admin, options, servers);
            }
        } catch (KafkaException wrong) {
            throw new UserMistakeException(
                    "The Kafka client cannot start: %s: check --bootstrap-servers and kafka.properties."
                            .formatted(
                                    wrong.getCause() == null
                                            ? wrong.getMessage()
                                            : wrong.getCause().getMessage()));
        }
    }

    private void lookForOptionalTopics(Admin admin, Configuration options, String servers)
            throws InterruptedException {
        String control = options.get(RerankOptions.KAFKA_CONTROL);
        if (exists(admin, control, servers)) {
            requireTopic(admin, options.get(RerankOptions.KAFKA_CONTROL_REPLIES), servers);
        } else {
            warnOfMissing(control, servers, "profiles cannot be changed while the job runs");
        }
        String maps = options.get(RerankOptions.KAFKA_CALIBRATION_MAPS);
        if (!exists(admin, maps, servers)) {
            warnOfMissing(maps, servers, "clicks cannot recalibrate the job until there is");
        }
    }

    private void warnOfMissing(String topic, String servers, String consequence) {
        terminal()
                .println(
                        "There is no topic %s at %s, so %s."
                                .formatted(topic, servers, consequence));
    }

    private static void requireTopic(Admin admin, String topic, String servers)
            throws InterruptedException {
        if (!exists(admin, topic, servers)) {
            throw new UserMistakeException(
                    "There is no topic %s at %s: create it, or name another with -D kafka.topics..."
                            .formatted(topic, servers));
        }
    }

    private static boolean exists(Admin admin, String topic, String servers)
            throws InterruptedException {
        try {
            admin.describeTopics(List.of(topic)).allTopicNames().get();
            return true;
        } catch (ExecutionException failure) {
            if (failure.getCause() instanceof UnknownTopicOrPartitionException) {
                return false;
            }
            throw new UserMistakeException(
                    "No Kafka broker answers at %s: check --bootstrap-servers, or use --no-topic-check."
                            .formatted(servers));
        }
    }

    private JobID submit(StreamExecutionEnvironment environment, Path jar, Configuration client)
            throws Exception {
        StreamGraph plan = environment.getStreamGraph();
        plan.setJobName(pipeline.jobName());
        JobGraph graph = plan.getJobGraph();
        // What the graph names by class is in this jar, or in the cluster's lib folder.
        graph.addJar(new org.apache.flink.core.fs.Path(jar.toUri()));
        if (savepoint != null) {
            graph.setSavepointRestoreSettings(SavepointRestoreSettings.forPath(savepoint));
        }
        try (RestClusterClient<String> cluster =
                new RestClusterClient<>(client, restAddress(client))) {
            return cluster.submitJob(graph).get(TIMEOUT.toSeconds(), TimeUnit.SECONDS);
        } catch (ExecutionException failure) {
            Throwable cause = failure.getCause() == null ? failure : failure.getCause();
            throw new IOException("The JobManager did not take the job", cause);
        }
    }
}
