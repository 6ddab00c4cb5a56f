package dev.lychee.rerank.job;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.lychee.rerank.job.NumberedLines.Numbered;
import dev.lychee.rerank.schemas.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.test.junit5.MiniClusterExtension;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** A bounded run of the recalibrate job over files, on a real cluster. */
class RecalibrationRunTest {

    @RegisterExtension
    private static final MiniClusterExtension CLUSTER = TestingCluster.extension();

    private static final int REQUESTS = 60;

    private static final String RESULT =
            """
            {"schema":1,"request_id":"r","status":"complete","variant":"A","experiment":"e",\
            "assignment":{"hash":"h","arm":0,"shares":[0.5,0.5],"unit":"0000000000000"},\
            "segment":"free","fingerprint":"f","calibration":{"method":"identity"},"degraded":[],\
            "results":[{"id":"a","rank":1,"logit":1.5,"calibrated":0.8},\
            {"id":"b","rank":2,"logit":0.5,"calibrated":0.6}]}""";

    @TempDir private Path folder;

    @Test
    void resultsAndClicksBecomeRatesOfArmsAndBadAssignmentsDeadLetters() throws Exception {
        List<String> results = new ArrayList<>();
        List<String> events = new ArrayList<>();
        for (int i = 0; i < REQUESTS; i++) {
            results.add(result(i, each -> each));
            events.add(event("impression", i, "a"));
            if (i % 3 == 0) {
                events.add(event("click", i, "b"));
            }
            if (i % 4 == 1) {
                events.add(event("purchase", i, "a"));
            }
        }
        // A fallback has no logits, and counts.
        results.add(
                result(
                        REQUESTS,
                        each -> {
                            each.put("status", "fallback").putNull("fingerprint");
                            each.withArray("results")
                                    .forEach(item -> ((ObjectNode) item).remove("logit"));
                            return each;
                        }));
        events.add(event("click", REQUESTS, "a"));
        results.add(
                result(
                        REQUESTS + 1,
                        each -> {
                            each.withObject("assignment").put("unit", "nobody");
                            return each;
                        }));
        // Not in an experiment.
        results.add(
                result(
                        REQUESTS + 2,
                        each -> {
                            each.remove(List.of("experiment", "assignment"));
                            return each.putNull("variant");
                        }));

        run(results, events);

        Map<String, JsonNode> last = last("experiment-results");
        assertThat(last.keySet())
                .containsExactlyInAnyOrder("A/default", "B/default", "A/free", "B/free");
        JsonNode a = last.get("A/default").path("total");
        JsonNode b = last.get("B/default").path("total");
        assertThat(a.path("exposures").asLong()).isEqualTo(31);
        assertThat(a.path("units").asLong()).isEqualTo(31);
        assertThat(a.at("/rates/click/value").asDouble()).isEqualTo(11.0 / 31);
        assertThat(a.at("/rates/purchase/value").asDouble()).isZero();
        assertThat(b.path("exposures").asLong()).isEqualTo(30);
        assertThat(b.at("/rates/purchase/value").asDouble()).isEqualTo(0.5);
        assertThat(b.at("/differences/purchase/low").asDouble()).isPositive();
        assertThat(last.get("B/default").at("/sample_ratio/mismatch").asBoolean()).isFalse();
        assertThat(NumberedLines.deadLetters(folder.resolve("dead-letters")))
                .singleElement()
                .satisfies(
                        letter ->
                                assertThat(letter.value().path("message").asText())
                                        .contains("assignment.unit"));
    }

    private void run(List<String> results, List<String> events) throws Exception {
        Path resultFile = Files.write(folder.resolve("results.jsonl"), results);
        Path eventFile = Files.write(folder.resolve("events.jsonl"), events);
        StreamExecutionEnvironment env = StreamExecutionEnvironment.getExecutionEnvironment();
        env.setParallelism(2);
        RecalibrationTopology.build(
                env,
                FileConnectors.candidateSets(eventFile.toUri().toString(), 10_000),
                FileConnectors.candidateSets(resultFile.toUri().toString(), 10_000),
                FileConnectors.sink(folder.resolve("maps").toUri().toString()),
                FileConnectors.sink(folder.resolve("experiment-results").toUri().toString()),
                FileConnectors.sink(folder.resolve("dead-letters").toUri().toString()),
                Duration.ofSeconds(30),
                Duration.ofMinutes(1),
                RecalibrationSettingsReader.read(new Configuration()));
        env.execute();
    }

    private static String result(int i, UnaryOperator<ObjectNode> change) throws IOException {
        ObjectNode result = (ObjectNode) Json.mapper().readTree(RESULT);
        result.put("request_id", "r-" + i);
        result.put("variant", i % 2 == 0 ? "A" : "B");
        result.withObject("assignment").put("arm", i % 2).put("unit", "%013x".formatted(i));
        return Json.mapper().writeValueAsString(change.apply(result));
    }

    private static String event(String action, int request, String item) {
        return """
        {"action_name":"%s","query_id":"r-%d","client_id":"c-%d","event_attributes":{"object":{"object_id":"%s"}}}"""
                .formatted(action, request, request, item);
    }

    /** The last record of each arm and segment: a run over a full hour has two windows. */
    private Map<String, JsonNode> last(String sink) throws IOException {
        Map<String, JsonNode> last = new HashMap<>();
        for (Numbered<JsonNode> each : NumberedLines.deadLetters(folder.resolve(sink))) {
            JsonNode result = each.value();
            last.put(
                    result.path("variant").asText() + "/" + result.path("segment").asText(),
                    result);
        }
        return last;
    }
}
