package dev.lychee.rerank.schemas;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lychee.rerank.schemas.flow.AssemblyInput;
import dev.lychee.rerank.schemas.flow.BoundCandidateSet;
import dev.lychee.rerank.schemas.flow.BoundProfile;
import dev.lychee.rerank.schemas.flow.ClickCounts;
import dev.lychee.rerank.schemas.flow.Clickthrough;
import dev.lychee.rerank.schemas.flow.DecodedSet;
import dev.lychee.rerank.schemas.flow.ExperimentProgress;
import dev.lychee.rerank.schemas.flow.Exposure;
import dev.lychee.rerank.schemas.flow.ExposureCounts;
import dev.lychee.rerank.schemas.flow.FitProgress;
import dev.lychee.rerank.schemas.flow.ImageFailure;
import dev.lychee.rerank.schemas.flow.InteractionEvent;
import dev.lychee.rerank.schemas.flow.JoinProgress;
import dev.lychee.rerank.schemas.flow.KeptCounts;
import dev.lychee.rerank.schemas.flow.KeptRivals;
import dev.lychee.rerank.schemas.flow.PairOutcome;
import dev.lychee.rerank.schemas.flow.PublishedControl;
import dev.lychee.rerank.schemas.flow.PublishedExperiment;
import dev.lychee.rerank.schemas.flow.PublishedProfile;
import dev.lychee.rerank.schemas.flow.Questions;
import dev.lychee.rerank.schemas.flow.RankedSet;
import dev.lychee.rerank.schemas.flow.RequestProgress;
import dev.lychee.rerank.schemas.flow.ScoreItem;
import dev.lychee.rerank.schemas.flow.ScoreTask;
import dev.lychee.rerank.schemas.flow.ScoredSet;
import dev.lychee.rerank.schemas.flow.ScoringOutcome;
import dev.lychee.rerank.schemas.flow.ServedResult;
import dev.lychee.rerank.schemas.flow.SinkRecord;
import dev.lychee.rerank.schemas.flow.SourcePosition;
import dev.lychee.rerank.schemas.flow.SourceRecord;
import dev.lychee.rerank.schemas.flow.Tombstone;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.apache.flink.api.common.serialization.SerializerConfigImpl;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.apache.flink.core.memory.DataInputDeserializer;
import org.apache.flink.core.memory.DataOutputSerializer;
import org.apache.flink.types.PojoTestUtils;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Everything that travels or rests in Flink is serialized by Flink's own serializers. */
class FlinkSerializationTest {

    @ParameterizedTest
    @ValueSource(
            classes = {
                AssemblyInput.class,
                BoundCandidateSet.class,
                BoundProfile.class,
                CalibrationMap.class,
                CandidateSet.class,
                ClickCounts.class,
                Clickthrough.class,
                ControlReply.class,
                DeadLetter.class,
                DecodedSet.class,
                ExperimentProgress.class,
                ExperimentResult.class,
                Exposure.class,
                ExposureCounts.class,
                FitProgress.class,
                InteractionEvent.class,
                JoinProgress.class,
                KeptCounts.class,
                KeptRivals.class,
                PairOutcome.class,
                Profile.class,
                PublishedControl.class,
                PublishedExperiment.class,
                PublishedProfile.class,
                RankedSet.class,
                RequestProgress.class,
                RerankedResult.class,
                ScoreItem.class,
                ScoreTask.class,
                ScoredSet.class,
                ScoringOutcome.class,
                ServedResult.class,
                SinkRecord.class,
                SourcePosition.class,
                SourceRecord.class,
                Tombstone.class
            })
    void needsNoKryo(Class<?> type) {
        PojoTestUtils.assertSerializedAsPojoWithoutKryo(type);
    }

    @Test
    void aSetWithEveryFieldSurvivesARoundTrip() throws Exception {
        CandidateSet set = golden("candidate-set", CandidateSet.class);

        assertThat(roundTrip(set, CandidateSet.class)).isEqualTo(set);
    }

    @Test
    void aSetWithOnlyRequiredFieldsSurvivesARoundTrip() throws Exception {
        CandidateSet set = golden("candidate-set-short-form", CandidateSet.class);

        assertThat(roundTrip(set, CandidateSet.class)).isEqualTo(set);
    }

    @Test
    void aResultSurvivesARoundTrip() throws Exception {
        RerankedResult result = golden("reranked-result", RerankedResult.class);

        assertThat(roundTrip(result, RerankedResult.class)).isEqualTo(result);
    }

    @Test
    void aResultOfAnExperimentSurvivesARoundTrip() throws Exception {
        RerankedResult result = golden("reranked-result-of-experiment", RerankedResult.class);

        assertThat(result.assignment()).isNotNull();
        assertThat(roundTrip(result, RerankedResult.class)).isEqualTo(result);
    }

    @Test
    void aScoringOutcomeSurvivesARoundTrip() throws Exception {
        ScoringOutcome outcome =
                new ScoringOutcome(
                        "r",
                        "t-0-1",
                        2,
                        "f",
                        List.of(new ModelReference("m", "1")),
                        1.5,
                        List.of(
                                PairOutcome.scored(0, -2.5, true),
                                PairOutcome.failed(1, "no"),
                                new PairOutcome(
                                        2,
                                        true,
                                        1,
                                        false,
                                        "ok",
                                        Map.of("a", 0.5),
                                        null,
                                        new ImageUse(1, 640, 480, 0.75))),
                        1.25,
                        2.5,
                        3.75,
                        List.of("rerank-window"),
                        List.of(new ImageFailure(2, 0, "timeout", "too slow", "s3://b/a.jpg")),
                        true,
                        List.of("model b is not loaded"));

        assertThat(roundTrip(outcome, ScoringOutcome.class)).isEqualTo(outcome);
    }

    @Test
    void aTaskWithAspectsAndModelsSurvivesARoundTrip() throws Exception {
        ScoreTask task =
                new ScoreTask(
                        "r",
                        "t-0-1",
                        2,
                        null,
                        "q",
                        null,
                        List.of(new ScoreItem(0, 1, "d", List.of())),
                        1,
                        Long.MAX_VALUE,
                        new Questions(
                                Map.of("a", new Profile.Aspect("Is it?", 0.5)),
                                Map.of("m", 2.0),
                                1.5));

        assertThat(roundTrip(task, ScoreTask.class)).isEqualTo(task);
    }

    @Test
    void aRefusalWithoutValuesSurvivesARoundTrip() throws Exception {
        ControlReply reply =
                new ControlReply(
                        ControlReply.SCHEMA,
                        "c",
                        null,
                        null,
                        false,
                        null,
                        null,
                        "no",
                        null,
                        null,
                        7,
                        Instant.EPOCH);

        assertThat(roundTrip(reply, ControlReply.class)).isEqualTo(reply);
    }

    private static <T> T golden(String name, Class<T> type) throws IOException {
        return Json.mapper()
                .readValue(
                        FlinkSerializationTest.class.getResourceAsStream(
                                "/golden/v1/" + name + ".json"),
                        type);
    }

    private static <T> T roundTrip(T value, Class<T> type) throws IOException {
        TypeSerializer<T> serializer =
                TypeInformation.of(type).createSerializer(new SerializerConfigImpl());
        DataOutputSerializer out = new DataOutputSerializer(1024);
        serializer.serialize(value, out);
        return serializer.deserialize(new DataInputDeserializer(out.getCopyOfBuffer()));
    }
}
