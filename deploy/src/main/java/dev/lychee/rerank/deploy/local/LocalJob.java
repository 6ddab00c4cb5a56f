package dev.lychee.rerank.deploy.local;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.apache.flink.api.common.JobExecutionResult;
import org.apache.flink.api.common.JobStatus;
import org.apache.flink.core.execution.JobClient;
import org.jspecify.annotations.Nullable;

/** A job that was submitted to {@link LocalFlink}. */
public final class LocalJob {

    private static final Duration TIMEOUT = Duration.ofSeconds(30);

    private final JobClient client;
    private final Supplier<Boolean> allTasksRun;
    private final CompletableFuture<JobExecutionResult> result;

    LocalJob(JobClient client, Supplier<Boolean> allTasksRun) {
        this.client = client;
        this.allTasksRun = allTasksRun;
        this.result = client.getJobExecutionResult();
    }

    /** Whether every task runs: the model is loaded and the source reads. */
    public boolean isReady() {
        return allTasksRun.get();
    }

    /** Whether the job has ended, by itself, by failure or by cancellation. */
    public boolean isOver() {
        return result.isDone();
    }

    /** Why the job failed; null while it runs and after a good end. */
    public @Nullable Throwable failure() {
        if (!result.isCompletedExceptionally()) {
            return null;
        }
        try {
            result.join();
            return null;
        } catch (CompletionException failure) {
            return failure.getCause() == null ? failure : failure.getCause();
        } catch (RuntimeException failure) {
            return failure;
        }
    }

    /** Whether the job is between a failure and its next attempt. */
    public boolean isRestarting() {
        if (isOver()) {
            return false;
        }
        try {
            JobStatus status = client.getJobStatus().get(TIMEOUT.toSeconds(), TimeUnit.SECONDS);
            return status == JobStatus.RESTARTING || status == JobStatus.FAILING;
        } catch (ExecutionException | TimeoutException unknown) {
            return false;
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /** Cancels the job and waits for its end. */
    public void cancel() throws IOException {
        if (isOver()) {
            return;
        }
        try {
            client.cancel().get(TIMEOUT.toSeconds(), TimeUnit.SECONDS);
            result.handle((end, failure) -> true).get(TIMEOUT.toSeconds(), TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException failure) {
            throw new IOException("The job did not stop", failure);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IOException("Interrupted while stopping the job", interrupted);
        }
    }
}
