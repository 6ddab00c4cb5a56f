package dev.lychee.rerank.deploy.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.apache.flink.api.common.functions.MapFunction;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.RestartStrategyOptions;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.functions.sink.v2.DiscardingSink;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class LocalFlinkTest {

    private static LocalFlink flink;

    @BeforeAll
    static void startCluster() throws IOException {
        flink = LocalFlink.start(0, new Configuration());
    }

    @AfterAll
    static void stopCluster() throws IOException {
        flink.close();
    }

    @Test
    void runsABoundedJob() throws Exception {
        StreamExecutionEnvironment environment = flink.environment();
        environment.fromSequence(1, 10).sinkTo(new DiscardingSink<>());

        LocalJob job = flink.submit(environment, "ten numbers");

        await(job::isOver);
        assertThat(job.failure()).isNull();
    }

    @Test
    void saysWhyAJobFailed() throws Exception {
        Configuration noRestarts = new Configuration();
        noRestarts.set(RestartStrategyOptions.RESTART_STRATEGY, "none");
        StreamExecutionEnvironment environment = flink.environment();
        environment.configure(noRestarts);
        environment
                .fromSequence(1, 10)
                .map(new FailingMapFunction())
                .sinkTo(new DiscardingSink<>());

        LocalJob job = flink.submit(environment, "failing");

        await(job::isOver);
        assertThat(job.failure()).hasRootCauseMessage("as the test wants");
    }

    @Test
    void cancelsAJobThatRuns() throws Exception {
        StreamExecutionEnvironment environment = flink.environment();
        environment.fromSequence(1, Long.MAX_VALUE).sinkTo(new DiscardingSink<>());
        LocalJob job = flink.submit(environment, "endless");
        await(job::isReady);

        job.cancel();

        assertThat(job.isOver()).isTrue();
    }

    @Test
    void servesTheWebInterface() throws Exception {
        assertThat(get("/overview")).contains("\"taskmanagers\":1");
        assertThat(get("/index.html")).contains("Apache Flink");
    }

    @Test
    void refusesAPortThatIsInUse() {
        int port = flink.webInterface().getPort();

        assertThatThrownBy(() -> LocalFlink.start(port, new Configuration()))
                .isInstanceOf(IOException.class)
                .hasMessage("Port " + port + " is in use");
    }

    private static void await(BooleanSupplier condition) throws InterruptedException {
        Instant deadline = Instant.now().plusSeconds(60);
        while (!condition.getAsBoolean()) {
            assertThat(Instant.now()).isBefore(deadline);
            TimeUnit.MILLISECONDS.sleep(20);
        }
    }

    private static final class FailingMapFunction implements MapFunction<Long, Long> {
        @Override
        public Long map(Long value) {
            throw new IllegalStateException("as the test wants");
        }
    }

    private static String get(String path) throws Exception {
        return HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(flink.webInterface().resolve(path)).build(),
                        HttpResponse.BodyHandlers.ofString())
                .body();
    }
}
