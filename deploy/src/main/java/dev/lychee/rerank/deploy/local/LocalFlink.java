package dev.lychee.rerank.deploy.local;

import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.flink.api.common.JobID;
import org.apache.flink.client.ClientUtils;
import org.apache.flink.configuration.BlobServerOptions;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.CoreOptions;
import org.apache.flink.configuration.ExecutionOptions;
import org.apache.flink.configuration.MemorySize;
import org.apache.flink.configuration.RestOptions;
import org.apache.flink.configuration.RestartStrategyOptions;
import org.apache.flink.configuration.StateBackendOptions;
import org.apache.flink.configuration.TaskManagerOptions;
import org.apache.flink.configuration.WebOptions;
import org.apache.flink.runtime.execution.ExecutionState;
import org.apache.flink.runtime.executiongraph.AccessExecutionVertex;
import org.apache.flink.runtime.minicluster.MiniCluster;
import org.apache.flink.runtime.minicluster.MiniClusterConfiguration;
import org.apache.flink.runtime.minicluster.MiniClusterJobClient;
import org.apache.flink.runtime.minicluster.RpcServiceSharing;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.graph.StreamGraph;

/**
 * A Flink session cluster of one JobManager and one TaskManager in this JVM, with its web
 * interface.
 *
 * <p>Checkpoints and temporary files live in a directory of its own that close deletes: nothing
 * survives the process.
 */
public final class LocalFlink implements AutoCloseable {

    private static final String HOST = "localhost";
    private static final Duration TIMEOUT = Duration.ofMinutes(1);

    private final WorkDirectory directory;
    private final MiniCluster cluster;
    private final Configuration configuration;
    private final URI webInterface;

    private LocalFlink(
            WorkDirectory directory,
            MiniCluster cluster,
            Configuration configuration,
            URI webInterface) {
        this.directory = directory;
        this.cluster = cluster;
        this.configuration = configuration;
        this.webInterface = webInterface;
    }

    /**
     * Starts a cluster.
     *
     * @param uiPort port of the web interface and REST API on the loopback address; 0 takes any
     *     free one
     * @param overrides Flink options that replace the defaults of the local cluster
     * @throws IOException if the port is in use or a directory cannot be written
     */
    public static LocalFlink start(int uiPort, Configuration overrides) throws IOException {
        if (uiPort != 0 && !FreePorts.isFree(uiPort)) {
            throw new IOException("Port " + uiPort + " is in use");
        }
        WorkDirectory directory = WorkDirectory.create();
        Configuration configuration = defaults(directory, uiPort);
        configuration.addAll(overrides);
        MiniCluster cluster =
                new MiniCluster(
                        new MiniClusterConfiguration.Builder()
                                .setConfiguration(configuration)
                                .setNumTaskManagers(1)
                                .setNumSlotsPerTaskManager(
                                        configuration.get(TaskManagerOptions.NUM_TASK_SLOTS))
                                .setRpcServiceSharing(RpcServiceSharing.SHARED)
                                .build());
        try {
            cluster.start();
            URI webInterface = await(cluster.getRestAddress());
            return new LocalFlink(directory, cluster, configuration, webInterface);
        } catch (Exception failure) {
            IOException notStarted = new IOException("The Flink cluster did not start", failure);
            try {
                stop(cluster, directory);
            } catch (IOException alsoNotStopped) {
                notStarted.addSuppressed(alsoNotStopped);
            }
            throw notStarted;
        }
    }

    /** Address of the web interface; the REST API has the same. */
    public URI webInterface() {
        return webInterface;
    }

    /** An environment in which a job for this cluster is put together; {@link #submit} runs it. */
    public StreamExecutionEnvironment environment() {
        return new StreamExecutionEnvironment(new Configuration(configuration));
    }

    /**
     * Submits what was put together in {@code environment} and returns when the cluster has
     * accepted it.
     */
    public LocalJob submit(StreamExecutionEnvironment environment, String jobName)
            throws IOException {
        StreamGraph graph = environment.getStreamGraph();
        graph.setJobName(jobName);
        try {
            JobID job = await(cluster.submitJob(graph)).getJobID();
            ClassLoader classLoader = LocalFlink.class.getClassLoader();
            ClientUtils.waitUntilJobInitializationFinished(
                    () -> await(cluster.getJobStatus(job)),
                    () -> await(cluster.requestJobResult(job)),
                    classLoader);
            return new LocalJob(
                    new MiniClusterJobClient(
                            job,
                            cluster,
                            classLoader,
                            MiniClusterJobClient.JobFinalizationBehavior.NOTHING),
                    () -> allTasksRun(job));
        } catch (Exception failure) {
            throw new IOException("The job " + jobName + " could not be submitted", failure);
        }
    }

    private boolean allTasksRun(JobID job) {
        try {
            for (AccessExecutionVertex task :
                    await(cluster.getExecutionGraph(job)).getAllExecutionVertices()) {
                if (task.getExecutionState() != ExecutionState.RUNNING) {
                    return false;
                }
            }
            return true;
        } catch (IOException unknown) {
            return false;
        }
    }

    /** Cancels what runs and stops the cluster. */
    @Override
    public void close() throws IOException {
        stop(cluster, directory);
    }

    private static void stop(MiniCluster cluster, WorkDirectory directory) throws IOException {
        try {
            cluster.close();
        } catch (Exception failure) {
            throw new IOException("The Flink cluster did not stop cleanly", failure);
        } finally {
            directory.close();
        }
    }

    private static Configuration defaults(WorkDirectory directory, int uiPort) throws IOException {
        Configuration configuration = new Configuration();
        configuration.set(RestOptions.ADDRESS, HOST);
        configuration.set(RestOptions.BIND_ADDRESS, HOST);
        configuration.set(RestOptions.PORT, uiPort);
        configuration.set(RestOptions.BIND_PORT, String.valueOf(uiPort));

        // One copy of the model serves all slots, so a second subtask costs threads but no second
        // model.
        int parallelism = Math.min(2, Runtime.getRuntime().availableProcessors());
        configuration.set(CoreOptions.DEFAULT_PARALLELISM, parallelism);
        configuration.set(TaskManagerOptions.NUM_TASK_SLOTS, 4);
        configuration.set(TaskManagerOptions.NETWORK_MEMORY_MIN, MemorySize.ofMebiBytes(64));
        configuration.set(TaskManagerOptions.NETWORK_MEMORY_MAX, MemorySize.ofMebiBytes(64));
        configuration.set(TaskManagerOptions.MANAGED_MEMORY_SIZE, MemorySize.ofMebiBytes(64));

        configuration.set(StateBackendOptions.STATE_BACKEND, "hashmap");
        configuration.set(CheckpointingOptions.CHECKPOINTING_INTERVAL, Duration.ofSeconds(10));
        configuration.set(
                CheckpointingOptions.CHECKPOINTS_DIRECTORY,
                directory.directory("checkpoints").toUri().toString());
        configuration.set(RestartStrategyOptions.RESTART_STRATEGY, "exponential-delay");
        configuration.set(
                RestartStrategyOptions.RESTART_STRATEGY_EXPONENTIAL_DELAY_INITIAL_BACKOFF,
                Duration.ofSeconds(1));
        configuration.set(
                RestartStrategyOptions.RESTART_STRATEGY_EXPONENTIAL_DELAY_MAX_BACKOFF,
                Duration.ofSeconds(10));
        // Records leave an operator at once: latency counts here, not throughput.
        configuration.set(ExecutionOptions.BUFFER_TIMEOUT, Duration.ofMillis(1));

        String temporary = directory.directory("flink").toString();
        configuration.set(CoreOptions.TMP_DIRS, temporary);
        configuration.set(WebOptions.TMP_DIR, temporary);
        configuration.set(BlobServerOptions.STORAGE_DIRECTORY, temporary);
        // A job in this JVM has no jar: uploading one through the web interface is not meant here.
        configuration.set(WebOptions.SUBMIT_ENABLE, false);
        return configuration;
    }

    private static <T> T await(CompletableFuture<T> future) throws IOException {
        try {
            return future.get(TIMEOUT.toSeconds(), TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException failure) {
            throw new IOException("The Flink cluster did not answer", failure);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IOException("Interrupted while waiting for the Flink cluster", interrupted);
        }
    }
}
