package dev.lychee.rerank.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lychee.rerank.operators.recalibration.RecalibrationSettings;
import dev.lychee.rerank.schemas.flow.SourcePosition;
import dev.lychee.rerank.schemas.flow.SourceRecord;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Map;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.graph.StreamGraph;
import org.apache.flink.streaming.api.graph.StreamNode;
import org.junit.jupiter.api.Test;

/** What savepoints of the recalibrate job rest on, and how its options are read. */
class RecalibrationTopologyTest {

    @Test
    void uidsAreThoseOfTheFirstRelease() {
        assertThat(graph().getStreamNodes())
                .extracting(StreamNode::getTransformationUID)
                .contains(
                        "read-interactions",
                        "decode-interactions",
                        "read-served-results",
                        "decode-served-results",
                        "join-interactions",
                        "cap-clients",
                        "aggregate-clicks",
                        "fit-maps",
                        "encode-maps",
                        "write-calibration-maps",
                        "aggregate-exposures",
                        "measure-experiments",
                        "encode-experiment-results",
                        "write-experiment-results",
                        "encode-dead-letters",
                        "write-dead-letters")
                .doesNotContainNull();
    }

    @Test
    void maxParallelismIsFixed() {
        assertThat(graph().getStreamNodes())
                .allSatisfy(node -> assertThat(node.getMaxParallelism()).isEqualTo(720));
    }

    @Test
    void aRecordFromTheFutureCountsAsOfNow() {
        ClampedTimestamps time =
                new ClampedTimestamps(Clock.fixed(Instant.ofEpochMilli(1_000), ZoneOffset.UTC));

        assertThat(time.extractTimestamp(record(900), 0)).isEqualTo(900);
        assertThat(time.extractTimestamp(record(5_000), 0)).isEqualTo(1_000);
    }

    @Test
    void actionsAreReadWithTheirWeights() {
        RecalibrationSettings settings =
                read(Map.of("recalibration.actions", "impression:0,item_click:0.5"));

        assertThat(settings.actions())
                .containsExactlyInAnyOrderEntriesOf(Map.of("impression", 0.0, "item_click", 0.5));
    }

    @Test
    void whatIsWrongIsSaidInASentence() {
        assertRefused("recalibration.actions", "click:2", "\"click:2\" is not a weight");
        assertRefused("recalibration.actions", "impression:0", "nothing could be learned");
        assertRefused("recalibration.ranks", "1000", "at most 100");
        assertRefused("recalibration.guards.max-step", "0", "0 to 1");
        assertRefused("recalibration.trust.negative", "1", "below that of something relevant");
        assertRefused("recalibration.epoch", "0 s", "too short");
        assertRefused("experiments.actions", "click:look", "\"click:look\" names no rate");
        assertRefused("experiments.actions", "tap:click", "\"tap\" is no action of recalibration");
        assertRefused("experiments.window", "0 s", "too short");
        assertRefused("recalibration.nothing", "1", "there is no option recalibration.nothing");
    }

    private static void assertRefused(String key, String value, String sentence) {
        assertThatThrownBy(() -> read(Map.of(key, value)))
                .isInstanceOf(InvalidOptionException.class)
                .hasMessageContaining(key)
                .hasMessageContaining(sentence);
    }

    private static RecalibrationSettings read(Map<String, String> options) {
        return RecalibrationSettingsReader.read(Configuration.fromMap(options));
    }

    private static SourceRecord record(long millis) {
        return new SourceRecord(new SourcePosition("interactions", 0, 0), millis, null, null);
    }

    private static StreamGraph graph() {
        StreamExecutionEnvironment env =
                StreamExecutionEnvironment.getExecutionEnvironment(new Configuration());
        env.setParallelism(2);
        RecalibrationTopology.build(
                env,
                FileConnectors.candidateSets("/nowhere/interactions.jsonl", 1_000),
                FileConnectors.candidateSets("/nowhere/results.jsonl", 1_000),
                FileConnectors.sink("/nowhere/maps"),
                FileConnectors.sink("/nowhere/experiment-results"),
                FileConnectors.sink("/nowhere/dead-letters"),
                Duration.ofSeconds(30),
                Duration.ofMinutes(1),
                read(Map.of()));
        return env.getStreamGraph();
    }
}
