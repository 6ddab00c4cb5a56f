package dev.lychee.rerank.deploy.local;

import java.io.File;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.flink.api.common.JobID;
import org.apache.flink.api.common.JobStatus;
import org.apache.flink.client.program.rest.RestClusterClient;
import org.apache.flink.configuration.BlobServerOptions;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.CoreOptions;
import org.apache.flink.configuration.JobManagerOptions;
import org.apache.flink.configuration.MemorySize;
import org.apache.flink.configuration.RestOptions;
import org.apache.flink.configuration.RestartStrategyOptions;
import org.apache.flink.configuration.StateBackendOptions;
import org.apache.flink.configuration.TaskManagerOptions;
import org.apache.flink.runtime.clusterframework.TaskExecutorProcessSpec;
import org.apache.flink.runtime.clusterframework.TaskExecutorProcessUtils;
import org.apache.flink.runtime.entrypoint.StandaloneSessionClusterEntrypoint;
import org.apache.flink.runtime.execution.ExecutionState;
import org.apache.flink.runtime.rest.messages.ClusterOverviewHeaders;
import org.apache.flink.runtime.rest.messages.EmptyMessageParameters;
import org.apache.flink.runtime.rest.messages.EmptyRequestBody;
import org.apache.flink.runtime.rest.messages.JobVertexDetailsHeaders;
import org.apache.flink.runtime.rest.messages.JobVertexMessageParameters;
import org.apache.flink.runtime.rest.messages.job.JobDetailsInfo.JobVertexDetailsInfo;
import org.apache.flink.runtime.taskexecutor.TaskManagerRunner;
import org.apache.flink.runtime.util.config.memory.ProcessMemoryUtils;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.graph.StreamGraph;

/**
 * A Flink session cluster of processes of their own on this machine: a JobManager and as many
 * TaskManagers as are started, with this JVM's class path.
 *
 * <p>Closing ends them and deletes their folder; so does the end of this JVM, Ctrl-C included.
 */
public final class FlinkProcesses implements AutoCloseable {

    private static final String HOST = "localhost";
    private static final Duration TIMEOUT = Duration.ofSeconds(30);
    private static final Duration RETRY_DELAY = Duration.ofMillis(300);
    private static final long STOP_SECONDS = 15;
    private static final int TOLD_LINES = 5;

    private final WorkDirectory directory;
    private final Configuration configuration;
    private final RestClusterClient<String> client;
    private final List<Member> members = new CopyOnWriteArrayList<>();

    /** When this JVM ends without close, or while close waits. */
    private final Thread hook = new Thread(this::kill, "end-flink-processes");

    private record Member(String name, Process process, Path output) {}

    private FlinkProcesses(
            WorkDirectory directory,
            Configuration configuration,
            RestClusterClient<String> client) {
        this.directory = directory;
        this.configuration = configuration;
        this.client = client;
    }

    /**
     * Starts a JobManager; it may take some seconds until it answers.
     *
     * @param overrides Flink options that replace the defaults of this cluster
     */
    public static FlinkProcesses start(Configuration overrides) throws IOException {
        WorkDirectory directory = WorkDirectory.create();
        FlinkProcesses processes = null;
        boolean started = false;
        try {
            Configuration configuration = defaults(directory);
            configuration.addAll(overrides);
            Files.createFile(directory.directory("conf").resolve("config.yaml"));
            processes =
                    new FlinkProcesses(
                            directory,
                            configuration,
                            new RestClusterClient<>(configuration, "lychee"));
            Runtime.getRuntime().addShutdownHook(processes.hook);
            processes.startJobManager();
            started = true;
            return processes;
        } catch (IOException | RuntimeException failure) {
            throw failure;
        } catch (Exception failure) {
            throw new IOException("The client of the Flink cluster did not start", failure);
        } finally {
            if (!started) {
                if (processes == null) {
                    directory.close();
                } else {
                    processes.close();
                }
            }
        }
    }

    private static Configuration defaults(WorkDirectory directory) throws IOException {
        Configuration configuration = new Configuration();
        configuration.set(JobManagerOptions.ADDRESS, HOST);
        configuration.set(JobManagerOptions.PORT, FreePorts.any());
        configuration.set(JobManagerOptions.BIND_HOST, HOST);
        configuration.set(TaskManagerOptions.HOST, HOST);
        configuration.set(TaskManagerOptions.BIND_HOST, HOST);
        configuration.set(RestOptions.ADDRESS, HOST);
        configuration.set(RestOptions.BIND_ADDRESS, HOST);
        int port = FreePorts.any();
        configuration.set(RestOptions.PORT, port);
        configuration.set(RestOptions.BIND_PORT, String.valueOf(port));
        configuration.set(RestOptions.RETRY_DELAY, RETRY_DELAY);

        configuration.set(TaskManagerOptions.NUM_TASK_SLOTS, 1);
        configuration.set(TaskManagerOptions.TOTAL_PROCESS_MEMORY, MemorySize.ofMebiBytes(1024));
        configuration.set(TaskManagerOptions.MANAGED_MEMORY_SIZE, MemorySize.ofMebiBytes(16));
        configuration.set(TaskManagerOptions.NETWORK_MEMORY_MIN, MemorySize.ofMebiBytes(64));
        configuration.set(TaskManagerOptions.NETWORK_MEMORY_MAX, MemorySize.ofMebiBytes(64));

        configuration.set(StateBackendOptions.STATE_BACKEND, "hashmap");
        configuration.set(CheckpointingOptions.CHECKPOINTING_INTERVAL, Duration.ofSeconds(10));
        configuration.set(
                CheckpointingOptions.CHECKPOINTS_DIRECTORY,
                directory.directory("checkpoints").toUri().toString());
        // A process that is missing is for the caller to know.
        configuration.set(RestartStrategyOptions.RESTART_STRATEGY, "none");
        String temporary = directory.directory("flink").toString();
        configuration.set(CoreOptions.TMP_DIRS, temporary);
        configuration.set(BlobServerOptions.STORAGE_DIRECTORY, temporary);
        return configuration;
    }

    private void startJobManager() throws IOException {
        start(
                "jobmanager",
                List.of("-Xmx384m", "-XX:MaxMetaspaceSize=256m"),
                StandaloneSessionClusterEntrypoint.class.getName(),
                List.of());
    }

    /** Starts one more TaskManager; it registers some seconds later. */
    public void startTaskManager() throws IOException {
        TaskExecutorProcessSpec memory =
                TaskExecutorProcessUtils.processSpecFromConfig(configuration);
        start(
                "taskmanager-" + (taskManagers() + 1),
                words(ProcessMemoryUtils.generateJvmParametersStr(memory)),
                TaskManagerRunner.class.getName(),
                words(TaskExecutorProcessUtils.generateDynamicConfigsStr(memory)));
    }

    /** TaskManagers that were started. */
    public int taskManagers() {
        return members.size() - 1;
    }

    private void start(
            String name, List<String> jvmOptions, String mainClass, List<String> arguments)
            throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(jvmOptions);
        // What Flink needs of Java 17, and where logs go, this JVM was told already.
        for (String option : ManagementFactory.getRuntimeMXBean().getInputArguments()) {
            if (option.startsWith("--add-opens")
                    || option.startsWith("--add-exports")
                    || option.startsWith("-Dlog4j")) {
                command.add(option);
            }
        }
        Path logs = directory.directory("log");
        command.add("-Dlog.file=" + logs.resolve(name + ".log"));
        command.add("-cp");
        command.add(System.getProperty("java.class.path"));
        command.add(FollowParent.class.getName());
        command.add(mainClass);
        command.add("--configDir");
        command.add(directory.directory("conf").toString());
        for (Map.Entry<String, String> option : configuration.toMap().entrySet()) {
            command.add("-D" + option.getKey() + "=" + option.getValue());
        }
        command.addAll(arguments);
        Path output = logs.resolve(name + ".out");
        Process process =
                new ProcessBuilder(command)
                        .directory(new File(directory.path().toString()))
                        .redirectErrorStream(true)
                        .redirectOutput(output.toFile())
                        .start();
        members.add(new Member(name, process, output));
    }

    /** TaskManagers that the JobManager knows; 0 while it does not answer. */
    public int registeredTaskManagers() {
        try {
            return await(
                            client.sendRequest(
                                    ClusterOverviewHeaders.getInstance(),
                                    EmptyMessageParameters.getInstance(),
                                    EmptyRequestBody.getInstance()))
                    .getNumTaskManagersConnected();
        } catch (IOException notYet) {
            return 0;
        }
    }

    /**
     * An environment in which a job for this cluster is put together.
     *
     * @param overrides options that replace those of the cluster
     */
    public StreamExecutionEnvironment environment(Configuration overrides) {
        Configuration complete = new Configuration(configuration);
        complete.addAll(overrides);
        return new StreamExecutionEnvironment(complete);
    }

    /** Submits what was put together and returns when the cluster has accepted it. */
    public JobID submit(StreamExecutionEnvironment environment, String jobName) throws IOException {
        StreamGraph plan = environment.getStreamGraph();
        plan.setJobName(jobName);
        return await(client.submitJob(plan.getJobGraph()));
    }

    /** Whether every task of the job runs. */
    public boolean allTasksRun(JobID job) throws IOException {
        requireRunning(job);
        for (JobVertexDetailsInfo vertex : vertices(job)) {
            if (vertex.getTasksPerState().getOrDefault(ExecutionState.RUNNING, 0)
                    < vertex.getParallelism()) {
                return false;
            }
        }
        return true;
    }

    /**
     * Records that each subtask of an operator has read.
     *
     * @param operator part of the name of its task
     */
    public List<Long> recordsRead(JobID job, String operator) throws IOException {
        for (JobVertexDetailsInfo vertex : vertices(job)) {
            if (vertex.getName().contains(operator)) {
                JobVertexMessageParameters which =
                        JobVertexDetailsHeaders.getInstance().getUnresolvedMessageParameters();
                which.jobPathParameter.resolve(job);
                which.jobVertexIdPathParameter.resolve(vertex.getJobVertexID());
                return await(
                                client.sendRequest(
                                        JobVertexDetailsHeaders.getInstance(),
                                        which,
                                        EmptyRequestBody.getInstance()))
                        .getSubtasks()
                        .stream()
                        .map(subtask -> subtask.getIoMetricsInfo().getRecordsRead())
                        .toList();
            }
        }
        throw new IllegalArgumentException("The job has no operator " + operator);
    }

    private List<JobVertexDetailsInfo> vertices(JobID job) throws IOException {
        return List.copyOf(await(client.getJobDetails(job)).getJobVertexInfos());
    }

    /** Cancels the job and waits for its end. */
    public void cancel(JobID job) throws IOException {
        await(client.cancel(job));
        await(client.requestJobResult(job));
    }

    /**
     * Asks the JobManager for the job.
     *
     * @throws IOException if it is over
     */
    public void requireRunning(JobID job) throws IOException {
        JobStatus status = await(client.getJobStatus(job));
        if (status.isGloballyTerminalState() || status == JobStatus.FAILING) {
            throw new IOException("The job is " + status + told(members.get(0)));
        }
    }

    /**
     * Looks at the processes alone.
     *
     * @throws IOException if one of them has ended, with what it said last
     */
    public void requireAlive() throws IOException {
        for (Member member : members) {
            if (!member.process().isAlive()) {
                throw new IOException("The process " + member.name() + " ended" + told(member));
            }
        }
    }

    /** Processor time of all processes so far, in nanoseconds; 0 where that is not known. */
    public long cpuNanos() {
        return members.stream()
                .map(member -> member.process().info().totalCpuDuration())
                .mapToLong(time -> time.orElse(Duration.ZERO).toNanos())
                .sum();
    }

    private static String told(Member member) throws IOException {
        List<String> lines = Files.readAllLines(member.output());
        List<String> last = lines.subList(Math.max(0, lines.size() - TOLD_LINES), lines.size());
        return last.isEmpty() ? "" : ": " + String.join(" | ", last);
    }

    @Override
    public void close() throws IOException {
        client.close();
        for (Member member : members) {
            member.process().destroy();
        }
        try {
            for (Member member : members) {
                if (!member.process().waitFor(STOP_SECONDS, TimeUnit.SECONDS)) {
                    member.process().destroyForcibly().waitFor();
                }
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        } finally {
            kill();
            try {
                Runtime.getRuntime().removeShutdownHook(hook);
            } catch (IllegalStateException stopping) {
                // Ctrl-C came; the hook finds nothing left.
            }
            directory.close();
        }
    }

    private void kill() {
        for (Member member : members) {
            member.process().destroyForcibly();
        }
    }

    private static List<String> words(String text) {
        return List.of(text.strip().split("\\s+"));
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
