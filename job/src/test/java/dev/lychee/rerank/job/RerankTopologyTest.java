package dev.lychee.rerank.job;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lychee.rerank.operators.scoring.TestingScorer;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.runtime.jobgraph.JobVertex;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.graph.StreamGraph;
import org.apache.flink.streaming.api.graph.StreamNode;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What savepoints and latency rest on: identities, and who is chained to whom. */
class RerankTopologyTest {

    @Test
    void uidsAreThoseOfTheFirstRelease() {
        assertThat(uids(graph()))
                .contains(
                        "read-candidate-sets",
                        "decode-candidate-sets",
                        "bind-profiles",
                        "split-candidate-sets",
                        "wrap-envelopes",
                        "score-candidates",
                        "wrap-outcomes",
                        "assemble-requests",
                        "normalize-scores",
                        "calibrate-scores",
                        "adjust-scores",
                        "apply-threshold",
                        "rank-candidates",
                        "encode-results",
                        "write-results",
                        "encode-dead-letters",
                        "write-dead-letters");
    }

    @Test
    void aControlTopicAddsItsOwnOperators() {
        assertThat(uids(controlledGraph()))
                .containsAll(uids(graph()))
                .contains(
                        "read-control",
                        "validate-control",
                        "encode-control-replies",
                        "write-control-replies");
    }

    @Test
    void aTopicOfCalibrationMapsAddsItsOwnOperators() {
        assertThat(uids(controlledGraph()))
                .contains("read-calibration-maps", "decode-calibration-maps");
    }

    @Test
    void changesAreCheckedOneAfterTheOther() {
        assertThat(controlledGraph().getStreamNodes())
                .filteredOn(node -> node.getTransformationUID().endsWith("-control"))
                .hasSize(2)
                .allSatisfy(node -> assertThat(node.getParallelism()).isEqualTo(1));
    }

    @Test
    void everyOperatorHasAUid() {
        assertThat(controlledGraph().getStreamNodes())
                .allSatisfy(
                        node ->
                                assertThat(node.getTransformationUID())
                                        .as(node.getOperatorName())
                                        .isNotNull());
    }

    @Test
    void maxParallelismIsFixed() {
        assertThat(controlledGraph().getStreamNodes())
                .allSatisfy(node -> assertThat(node.getMaxParallelism()).isEqualTo(720));
    }

    @Test
    void aSetIsExchangedOnlyOnItsWayToScorerAndAssembler() {
        Map<String, JobVertex> vertices =
                StreamSupport.stream(graph().getJobGraph().getVertices().spliterator(), false)
                        .collect(Collectors.toMap(JobVertex::getName, Function.identity()));

        assertThat(vertices.keySet())
                .anySatisfy(
                        name ->
                                assertThat(name)
                                        .contains("read candidate sets", "decode", "bind", "split"))
                .anySatisfy(name -> assertThat(name).contains("score candidates", "wrap outcomes"))
                .anySatisfy(
                        name ->
                                assertThat(name)
                                        .contains(
                                                "assemble",
                                                "normalize",
                                                "calibrate",
                                                "adjust",
                                                "threshold",
                                                "rank",
                                                "encode results",
                                                "write results"));
    }

    private static List<String> uids(StreamGraph graph) {
        return graph.getStreamNodes().stream().map(StreamNode::getTransformationUID).toList();
    }

    private static StreamGraph graph() {
        return graph(null, null);
    }

    private static StreamGraph controlledGraph() {
        return graph(
                new ControlConnectors(
                        "control",
                        FileConnectors.candidateSets("/nowhere/control.jsonl", 1_000),
                        each -> {},
                        FileConnectors.sink("/nowhere/replies")),
                new CalibrationConnectors(
                        FileConnectors.candidateSets("/nowhere/maps.jsonl", 1_000), each -> {}));
    }

    private static StreamGraph graph(
            @Nullable ControlConnectors control, @Nullable CalibrationConnectors calibration) {
        StreamExecutionEnvironment env =
                StreamExecutionEnvironment.getExecutionEnvironment(new Configuration());
        env.setParallelism(2);
        RerankTopology.build(
                env,
                FileConnectors.candidateSets("/nowhere/sets.jsonl", 1_000),
                spec -> {
                    throw new AssertionError("nothing is executed");
                },
                FileConnectors.sink("/nowhere/results"),
                FileConnectors.sink("/nowhere/dead-letters"),
                control,
                calibration,
                TestingSettings.of(TestingScorer.control().packagePath()));
        return env.getStreamGraph();
    }
}
