package dev.lychee.rerank.operators;

import static dev.lychee.rerank.operators.TestingSets.FINGERPRINT;
import static dev.lychee.rerank.operators.TestingSets.envelope;
import static dev.lychee.rerank.operators.TestingSets.outcome;
import static org.assertj.core.api.Assertions.assertThat;

import dev.lychee.rerank.operators.calibration.CalibrationMaps;
import dev.lychee.rerank.schemas.CalibrationMap;
import dev.lychee.rerank.schemas.CalibrationReference;
import dev.lychee.rerank.schemas.DeadLetter;
import dev.lychee.rerank.schemas.InvalidMessageException;
import dev.lychee.rerank.schemas.Reason;
import dev.lychee.rerank.schemas.flow.AssemblyInput;
import dev.lychee.rerank.schemas.flow.BoundCandidateSet;
import dev.lychee.rerank.schemas.flow.ScoredSet;
import dev.lychee.rerank.schemas.flow.SourcePosition;
import dev.lychee.rerank.schemas.flow.SourceRecord;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.streaming.api.operators.KeyedProcessOperator;
import org.apache.flink.streaming.api.operators.co.CoBroadcastWithKeyedOperator;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.util.KeyedOneInputStreamOperatorTestHarness;
import org.apache.flink.streaming.util.KeyedTwoInputStreamOperatorTestHarness;
import org.apache.flink.streaming.util.OneInputStreamOperatorTestHarness;
import org.apache.flink.streaming.util.OperatorSnapshotUtil;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Maps come from a topic, to the assembler and to nobody else. */
class CalibrationTopicTest {

    private static final int MAX_PARALLELISM = 8;
    private static final long SHARD_WAIT = 1_000;
    private static final long TTL = 60_000;
    private static final TopicAtStart EMPTY = each -> {};
    private static final TopicAtStart NEVER_READ =
            each -> {
                throw new AssertionError("a job that knows maps does not read the topic");
            };

    @Test
    void theFirstResultOfAFreshJobNamesTheMapThatWasPublishedBefore() throws Exception {
        try (Harness harness = new Harness("", topic(json(6), json(7)), null)) {
            assertThat(harness.calibrationOf("r")).isEqualTo(reference(7));
        }
    }

    @Test
    void anUnknownFingerprintSaysIdentity() throws Exception {
        try (Harness harness =
                new Harness("", topic(json(7).replace(FINGERPRINT, "another")), null)) {
            assertThat(harness.calibrationOf("r")).isEqualTo(CalibrationReference.IDENTITY);
        }
    }

    @Test
    void theHighestVersionHoldsInWhateverOrderMapsCome() throws Exception {
        try (Harness harness = new Harness("", EMPTY, null)) {
            assertThat(harness.calibrationOf("before")).isEqualTo(CalibrationReference.IDENTITY);
            harness.publish(json(8));
            assertThat(harness.calibrationOf("newer")).isEqualTo(reference(8));
            harness.publish(json(7));
            assertThat(harness.calibrationOf("older")).isEqualTo(reference(8));
        }
    }

    @Test
    void mapsOfTheFileHoldUntilTheTopicHasAHigherVersion() throws Exception {
        try (Harness harness = new Harness(json(5), topic(json(4)), null)) {
            assertThat(harness.calibrationOf("file")).isEqualTo(reference(5));
            harness.publish(json(6));
            assertThat(harness.calibrationOf("topic")).isEqualTo(reference(6));
        }
    }

    @Test
    void garbageInTheTopicDoesNotStopTheStart() throws Exception {
        try (Harness harness =
                new Harness("", topic("no map", json(7), "{\"segment\":\"default\"}"), null)) {
            assertThat(harness.calibrationOf("r")).isEqualTo(reference(7));
        }
    }

    @Test
    void aRestoredJobKnowsItsMapsWithoutReadingTheTopic() throws Exception {
        OperatorSubtaskState state;
        try (Harness harness = new Harness("", topic(json(7)), null)) {
            state = harness.operator.snapshot(1, 1);
        }

        try (Harness restored = new Harness("", NEVER_READ, state)) {
            assertThat(restored.calibrationOf("r")).isEqualTo(reference(7));
        }
    }

    @Test
    void aSavepointOfTheTimeBeforeTheTopicKeepsItsOpenRequests() throws Exception {
        BoundCandidateSet envelope = envelope("open", 1, "a");
        OperatorSubtaskState state;
        try (var before =
                new KeyedOneInputStreamOperatorTestHarness<>(
                        new KeyedProcessOperator<>(
                                new AssembleStaticRequestFunction(SHARD_WAIT, TTL, "")),
                        AssemblyInput::requestId,
                        Types.STRING,
                        MAX_PARALLELISM,
                        1,
                        0)) {
            before.open();
            before.processElement(new StreamRecord<>(AssemblyInput.of(envelope)));
            state = before.snapshot(1, 1);
        }

        try (Harness restored = new Harness("", topic(json(7)), state)) {
            restored.operator.processElement1(
                    new StreamRecord<>(AssemblyInput.of(outcome(envelope, 1.0))));

            assertThat(restored.operator.extractOutputValues())
                    .singleElement()
                    .extracting(answer -> answer.set().requestId())
                    .isEqualTo("open");
            assertThat(restored.operator.numProcessingTimeTimers()).isEqualTo(1);
        }
    }

    @Test
    void aPinnedMapHoldsWhateverIsPublishedUntilThePinIsLifted() throws Exception {
        try (Harness harness = new Harness("", topic(json(7)), null)) {
            harness.publish(json(8));
            harness.publish(pinned(json(7), true, 1));
            assertThat(harness.calibrationOf("rolled back")).isEqualTo(reference(7));
            harness.publish(json(9));
            assertThat(harness.calibrationOf("published")).isEqualTo(reference(7));
            harness.publish(pinned(json(7), false, 2));
            assertThat(harness.calibrationOf("lifted")).isEqualTo(reference(9));
            harness.publish(pinned(json(7), true, 1));
            assertThat(harness.calibrationOf("came again")).isEqualTo(reference(9));
        }
    }

    @Test
    void aFreshJobKnowsThePinWhetherCompactionLeftTheOldVersionOrNot() throws Exception {
        TopicAtStart whole = topic(json(7), json(8), pinned(json(7), true, 1), json(9));
        TopicAtStart compacted = topic(pinned(json(7), true, 1), json(9));
        TopicAtStart lifted = topic(json(9), pinned(json(7), false, 2));

        try (Harness harness = new Harness("", whole, null)) {
            assertThat(harness.calibrationOf("r")).isEqualTo(reference(7));
        }
        try (Harness harness = new Harness("", compacted, null)) {
            assertThat(harness.calibrationOf("r")).isEqualTo(reference(7));
        }
        try (Harness harness = new Harness("", lifted, null)) {
            assertThat(harness.calibrationOf("r")).isEqualTo(reference(9));
        }
    }

    @Test
    void aRestoredJobKnowsThePinAndTheMapThatWaitsBehindIt() throws Exception {
        OperatorSubtaskState state;
        try (Harness harness = new Harness("", topic(json(7)), null)) {
            harness.publish(pinned(json(7), true, 1));
            harness.publish(json(9));
            state = harness.operator.snapshot(1, 1);
        }

        OperatorSubtaskState stateWithoutPin;
        try (Harness restored = new Harness("", NEVER_READ, state)) {
            assertThat(restored.calibrationOf("pinned")).isEqualTo(reference(7));
            restored.publish(pinned(json(7), false, 2));
            assertThat(restored.calibrationOf("lifted")).isEqualTo(reference(9));
            stateWithoutPin = restored.operator.snapshot(2, 2);
        }

        try (Harness again = new Harness("", NEVER_READ, stateWithoutPin)) {
            again.publish(pinned(json(7), true, 1));
            assertThat(again.calibrationOf("came again")).isEqualTo(reference(9));
        }
    }

    @Test
    void aPinGoesBeforeMapsOfTheFileToo() throws Exception {
        try (Harness harness = new Harness(json(12), topic(pinned(json(7), true, 1)), null)) {
            assertThat(harness.calibrationOf("r")).isEqualTo(reference(7));
        }
    }

    /** The fixture is a snapshot of this operator with map 7, taken before maps could be pinned. */
    @Test
    void stateOfTheTimeBeforeThereWerePinsIsRestored() throws Exception {
        OperatorSubtaskState state =
                OperatorSnapshotUtil.readStateHandle(
                        "src/test/resources/state/calibration-maps-before-pins");

        try (Harness restored = new Harness("", NEVER_READ, state)) {
            assertThat(restored.calibrationOf("old")).isEqualTo(reference(7));
            restored.publish(json(8));
            assertThat(restored.calibrationOf("newer")).isEqualTo(reference(8));
            restored.publish(pinned(json(7), true, 1));
            assertThat(restored.calibrationOf("pinned")).isEqualTo(reference(7));
        }
    }

    @Test
    void whatIsNoMapIsADeadLetterAndATombstoneIsNothing() throws Exception {
        try (var decode =
                new OneInputStreamOperatorTestHarness<SourceRecord, CalibrationMap>(
                        new org.apache.flink.streaming.api.operators.ProcessOperator<>(
                                new DecodeCalibrationMapFunction()))) {
            decode.open();
            for (SourceRecord record :
                    records(
                            "{",
                            "null",
                            json(7).replace("0.9", "0.05"),
                            json(7).replace("100}", "100,\"pinned\":true}"),
                            json(7))) {
                decode.processElement(new StreamRecord<>(record));
            }
            decode.processElement(
                    new StreamRecord<>(
                            new SourceRecord(
                                    new SourcePosition("calibration-maps", 0, 9), 0, null, null)));

            assertThat(decode.extractOutputValues())
                    .extracting(CalibrationMap::version)
                    .containsExactly(7L);
            assertThat(decode.getSideOutput(DeadLetters.TAG))
                    .extracting(letter -> letter.getValue().stage())
                    .containsOnly("calibration-maps");
            assertThat(decode.getSideOutput(DeadLetters.TAG))
                    .extracting(StreamRecord::getValue)
                    .extracting(DeadLetter::reason)
                    .containsExactly(
                            Reason.MALFORMED_JSON,
                            Reason.MALFORMED_JSON,
                            Reason.INVALID_FIELD,
                            Reason.INVALID_FIELD);
        }
    }

    private static CalibrationReference reference(long version) {
        return new CalibrationReference("isotonic", "default", version);
    }

    private static String json(long version) {
        return """
        {"schema":1,"fingerprint":"%s","segment":"default","version":%d,"method":"isotonic",\
        "logits":[-1,1],"probabilities":[0.1,0.9],"support":100}\
        """
                .formatted(FINGERPRINT, version);
    }

    private static String pinned(String json, boolean pinned, long at) {
        return json.replace("100}", "100,\"pinned\":%b,\"pinned_at\":%d}".formatted(pinned, at));
    }

    private static TopicAtStart topic(String... values) {
        return each -> records(values).forEach(each);
    }

    private static List<SourceRecord> records(String... values) {
        return Stream.of(values)
                .map(
                        value ->
                                new SourceRecord(
                                        new SourcePosition("calibration-maps", 0, 0),
                                        0,
                                        null,
                                        value.getBytes(StandardCharsets.UTF_8)))
                .toList();
    }

    private static final class Harness implements AutoCloseable {

        private final KeyedTwoInputStreamOperatorTestHarness<
                        String, AssemblyInput, CalibrationMap, ScoredSet>
                operator;
        private int requests;

        Harness(String lines, TopicAtStart topic, @Nullable OperatorSubtaskState state)
                throws Exception {
            operator =
                    new KeyedTwoInputStreamOperatorTestHarness<>(
                            new CoBroadcastWithKeyedOperator<>(
                                    new AssembleRequestFunction(SHARD_WAIT, TTL, lines, topic),
                                    List.of(AssembleRequestFunction.MAPS)),
                            AssemblyInput::requestId,
                            null,
                            Types.STRING,
                            MAX_PARALLELISM,
                            1,
                            0);
            operator.setup();
            if (state != null) {
                operator.initializeState(state);
            }
            operator.open();
        }

        void publish(String json) throws Exception {
            operator.processElement2(new StreamRecord<>(decoded(json)));
        }

        CalibrationReference calibrationOf(String requestId) throws Exception {
            BoundCandidateSet envelope = envelope(requestId, ++requests, "a");
            operator.processElement1(new StreamRecord<>(AssemblyInput.of(envelope)));
            operator.processElement1(new StreamRecord<>(AssemblyInput.of(outcome(envelope, 0.5))));
            List<ScoredSet> answers = operator.extractOutputValues();
            return new CalibrateScoresFunction()
                    .map(new NormalizeScoresFunction().map(answers.get(answers.size() - 1)))
                    .calibration();
        }

        private static CalibrationMap decoded(String json) throws InvalidMessageException {
            return CalibrationMaps.decode(json.getBytes(StandardCharsets.UTF_8));
        }

        @Override
        public void close() throws Exception {
            operator.close();
        }
    }
}
