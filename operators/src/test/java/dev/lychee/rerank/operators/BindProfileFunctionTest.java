package dev.lychee.rerank.operators;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lychee.rerank.operators.profile.ControlValidator;
import dev.lychee.rerank.operators.profile.ProfileCatalog;
import dev.lychee.rerank.operators.profile.TestingChanges;
import dev.lychee.rerank.schemas.DeadLetter;
import dev.lychee.rerank.schemas.Reason;
import dev.lychee.rerank.schemas.Shard;
import dev.lychee.rerank.schemas.flow.BoundCandidateSet;
import dev.lychee.rerank.schemas.flow.BoundProfile;
import dev.lychee.rerank.schemas.flow.DecodedSet;
import dev.lychee.rerank.schemas.flow.PublishedControl;
import dev.lychee.rerank.schemas.flow.SourcePosition;
import dev.lychee.rerank.schemas.flow.SourceRecord;
import java.io.IOException;
import java.util.List;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.streaming.api.operators.co.CoBroadcastWithNonKeyedOperator;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.util.AbstractStreamOperatorTestHarness;
import org.apache.flink.streaming.util.TwoInputStreamOperatorTestHarness;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class BindProfileFunctionTest {

    private static final ProfileCatalog PRESETS = ProfileCatalog.presets();
    private static final int HISTORY = 10;
    private static final int MAX_PARALLELISM = 8;

    private static final String FIRST = TestingChanges.set("shop", "{\"extends\":\"default\"}");
    private static final String SECOND =
            TestingChanges.set("shop", "{\"extends\":\"default\",\"temperature\":2}");
    private static final TopicAtStart EMPTY = each -> {};
    private static final TopicAtStart NEVER_READ =
            each -> {
                throw new AssertionError("a job with state does not read the control topic");
            };

    @Test
    void aSetIsBoundToThePresetWhereNothingIsPublished() throws Exception {
        try (Harness harness = Harness.fresh(EMPTY)) {
            BoundProfile bound = harness.bind("robust");

            assertThat(bound.version()).isZero();
            assertThat(bound.hash()).isEqualTo(PRESETS.find("robust").hash());
        }
    }

    @Test
    void theFirstSetOfAFreshJobIsBoundToWhatWasPublishedBefore() throws Exception {
        try (Harness harness =
                Harness.fresh(each -> TestingChanges.topic(List.of(FIRST, SECOND)).forEach(each))) {
            BoundProfile bound = harness.bind("shop");

            assertThat(bound.version()).isEqualTo(2);
            assertThat(bound.effective().temperature()).isEqualTo(2);
        }
    }

    @Test
    void aChangeHoldsForTheSetsThatComeAfterIt() throws Exception {
        try (Harness harness = Harness.fresh(EMPTY)) {
            harness.publish(FIRST);
            BoundProfile before = harness.bind("shop");
            harness.publish(FIRST, SECOND);
            BoundProfile after = harness.bind("shop");

            assertThat(before.version()).isEqualTo(1);
            assertThat(before.effective().temperature()).isEqualTo(1);
            assertThat(after.version()).isEqualTo(2);
            assertThat(after.effective().temperature()).isEqualTo(2);
        }
    }

    @Test
    void changesThatWereLoadedChangeNothingWhenTheyComeAgain() throws Exception {
        try (Harness harness =
                Harness.fresh(each -> TestingChanges.topic(List.of(FIRST, SECOND)).forEach(each))) {
            harness.publish(FIRST);
            assertThat(harness.bind("shop").version()).isEqualTo(2);
            harness.publish(FIRST, SECOND);
            assertThat(harness.bind("shop").version()).isEqualTo(2);
            harness.publish(FIRST, SECOND, TestingChanges.resetAll());
            assertThat(harness.bindOrNull("shop")).isNull();
        }
    }

    @Test
    void aRestoredJobKnowsWhatIsPublishedWithoutReadingTheTopic() throws Exception {
        OperatorSubtaskState state;
        try (Harness harness = Harness.fresh(EMPTY)) {
            harness.publish(FIRST);
            state = harness.operator.snapshot(1, 1);
        }

        try (Harness restored = Harness.restored(state, 1, 0)) {
            assertThat(restored.bind("shop").version()).isEqualTo(1);
        }
    }

    @Test
    void aJobThatIsRestoredBeforeAnythingWasPublishedDoesNotReadTheTopicEither() throws Exception {
        OperatorSubtaskState state;
        try (Harness harness = Harness.fresh(EMPTY)) {
            state = harness.operator.snapshot(1, 1);
        }

        try (Harness restored = Harness.restored(state, 1, 0)) {
            assertThat(restored.bind("default").version()).isZero();
        }
    }

    @Test
    void whatWasLoadedIsInTheNextCheckpoint() throws Exception {
        OperatorSubtaskState state;
        try (Harness harness =
                Harness.fresh(each -> TestingChanges.topic(List.of(FIRST)).forEach(each))) {
            state = harness.operator.snapshot(1, 1);
        }

        try (Harness restored = Harness.restored(state, 1, 0)) {
            assertThat(restored.bind("shop").version()).isEqualTo(1);
        }
    }

    @Test
    void everySubtaskKnowsWhatIsPublishedAfterRescaling() throws Exception {
        OperatorSubtaskState both;
        try (Harness first = Harness.fresh(EMPTY, 2, 0);
                Harness second = Harness.fresh(EMPTY, 2, 1)) {
            first.publish(FIRST);
            second.publish(FIRST);
            both =
                    AbstractStreamOperatorTestHarness.repackageState(
                            first.operator.snapshot(1, 1), second.operator.snapshot(1, 1));
        }

        for (int parallelism : List.of(1, 3)) {
            for (int subtask = 0; subtask < parallelism; subtask++) {
                OperatorSubtaskState part =
                        AbstractStreamOperatorTestHarness.repartitionOperatorState(
                                both, MAX_PARALLELISM, 2, parallelism, subtask);
                try (Harness restored = Harness.restored(part, parallelism, subtask)) {
                    assertThat(restored.bind("shop").version())
                            .as("subtask %d of %d", subtask, parallelism)
                            .isEqualTo(1);
                }
            }
        }
    }

    @Test
    void anUnknownProfileIsADeadLetter() throws Exception {
        try (Harness harness =
                Harness.fresh(each -> TestingChanges.topic(List.of(FIRST)).forEach(each))) {
            assertThat(harness.bindOrNull("absent")).isNull();

            DeadLetter letter = harness.operator.getSideOutput(DeadLetters.TAG).remove().getValue();
            assertThat(letter.stage()).isEqualTo("bind-profile");
            assertThat(letter.reason()).isEqualTo(Reason.UNKNOWN_PROFILE);
            assertThat(letter.message()).contains("there is no \"absent\"").endsWith("shop");
        }
    }

    @Test
    void aTopicThatCannotBeReadStopsTheStart() {
        TopicAtStart unreachable =
                each -> {
                    throw new IOException("topic control was not read to its end");
                };

        assertThatThrownBy(() -> Harness.fresh(unreachable).close())
                .hasStackTraceContaining("topic control was not read to its end");
    }

    /** One subtask; sets and what is published go in, envelopes come out. */
    private static final class Harness implements AutoCloseable {

        private final TwoInputStreamOperatorTestHarness<
                        DecodedSet, PublishedControl, BoundCandidateSet>
                operator;

        private Harness(
                TopicAtStart topic,
                int parallelism,
                int subtask,
                @Nullable OperatorSubtaskState state)
                throws Exception {
            operator =
                    new TwoInputStreamOperatorTestHarness<>(
                            new CoBroadcastWithNonKeyedOperator<>(
                                    new BindProfileFunction(
                                            PRESETS,
                                            "default",
                                            DeadlinePolicy.ENFORCE,
                                            topic,
                                            HISTORY),
                                    List.of(BindProfileFunction.PUBLISHED)),
                            MAX_PARALLELISM,
                            parallelism,
                            subtask);
            if (state != null) {
                operator.initializeState(state);
            }
            operator.open();
        }

        static Harness fresh(TopicAtStart topic) throws Exception {
            return new Harness(topic, 1, 0, null);
        }

        static Harness fresh(TopicAtStart topic, int parallelism, int subtask) throws Exception {
            return new Harness(topic, parallelism, subtask, null);
        }

        static Harness restored(OperatorSubtaskState state, int parallelism, int subtask)
                throws Exception {
            return new Harness(NEVER_READ, parallelism, subtask, state);
        }

        /** What validate-control emits after these changes. */
        void publish(String... changes) throws Exception {
            PublishedControl published =
                    ControlValidator.publishedBy(
                            TestingChanges.topic(List.of(changes)), PRESETS, HISTORY);
            operator.processElement2(new StreamRecord<>(published));
        }

        BoundProfile bind(String profile) throws Exception {
            BoundProfile bound = bindOrNull(profile);
            assertThat(bound).isNotNull();
            return bound;
        }

        @Nullable BoundProfile bindOrNull(String profile) throws Exception {
            SourceRecord source =
                    new SourceRecord(
                            new SourcePosition("candidate-sets", 0, 1), 0, null, new byte[0]);
            operator.processElement1(
                    new StreamRecord<>(
                            new DecodedSet(
                                    TestingSets.set("r", profile, Shard.WHOLE, "a"),
                                    source,
                                    "hash")));
            List<BoundCandidateSet> bound = operator.extractOutputValues();
            operator.getOutput().clear();
            return bound.isEmpty() ? null : bound.get(0).profile();
        }

        @Override
        public void close() throws Exception {
            operator.close();
        }
    }
}
