package dev.lychee.rerank.operators;

import static dev.lychee.rerank.operators.TestingSets.envelope;
import static dev.lychee.rerank.operators.TestingSets.outcome;
import static dev.lychee.rerank.operators.TestingSets.set;
import static dev.lychee.rerank.operators.TestingSets.shard;
import static org.assertj.core.api.Assertions.assertThat;

import dev.lychee.rerank.schemas.Candidate;
import dev.lychee.rerank.schemas.DeadLetter;
import dev.lychee.rerank.schemas.Reason;
import dev.lychee.rerank.schemas.Shard;
import dev.lychee.rerank.schemas.Status;
import dev.lychee.rerank.schemas.flow.AssemblyInput;
import dev.lychee.rerank.schemas.flow.BoundCandidateSet;
import dev.lychee.rerank.schemas.flow.ImageFailure;
import dev.lychee.rerank.schemas.flow.ScoredSet;
import dev.lychee.rerank.schemas.flow.ScoringOutcome;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.runtime.state.KeyGroupRangeAssignment;
import org.apache.flink.streaming.api.operators.KeyedProcessOperator;
import org.apache.flink.streaming.api.watermark.Watermark;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.util.AbstractStreamOperatorTestHarness;
import org.apache.flink.streaming.util.KeyedOneInputStreamOperatorTestHarness;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class AssembleRequestFunctionTest {

    private static final int MAX_PARALLELISM = 8;
    private static final long SHARD_WAIT = 1_000;
    private static final long TTL = 60_000;

    private KeyedOneInputStreamOperatorTestHarness<String, AssemblyInput, ScoredSet> harness;

    @BeforeEach
    void open() throws Exception {
        harness = harness(1, 0);
        harness.open();
    }

    @AfterEach
    void close() throws Exception {
        harness.close();
    }

    @Test
    void answersOnceWhenTheLastTaskIsAnswered() throws Exception {
        BoundCandidateSet envelope =
                envelope(set("r", null, Shard.WHOLE, "a", "b", "c"), 1, Long.MAX_VALUE, 2);

        send(envelope);
        send(outcome(envelope, 1, 2, 3.0));
        assertThat(answers()).isEmpty();
        send(outcome(envelope, 0, 0, 1.0, 2.0));

        assertThat(answers())
                .singleElement()
                .satisfies(
                        answer -> {
                            assertThat(answer.status()).isEqualTo(Status.COMPLETE);
                            assertThat(answer.logit()).containsExactly(1, 2, 3);
                            assertThat(answer.retrievalRank()).containsExactly(1, 2, 3);
                        });
    }

    @Test
    void outcomesMayComeBeforeTheirEnvelope() throws Exception {
        BoundCandidateSet envelope = envelope("r", 1, "a");

        send(outcome(envelope, 1.0));
        send(envelope);

        assertThat(answers())
                .singleElement()
                .extracting(ScoredSet::status)
                .isEqualTo(Status.COMPLETE);
    }

    @Test
    void keepsTheSetWhenOnePairFails() throws Exception {
        BoundCandidateSet envelope = envelope("r", 1, "a", "b");

        send(envelope);
        send(outcome(envelope, Double.NaN, 2.0));

        assertThat(answers())
                .singleElement()
                .satisfies(
                        answer -> {
                            assertThat(answer.status()).isEqualTo(Status.COMPLETE);
                            assertThat(answer.scored()).containsExactly(false, true);
                            assertThat(answer.pairs().get(0).error())
                                    .isEqualTo("failed on purpose");
                        });
    }

    @Test
    void fallsBackToRetrievalOrderWhenNothingWasScored() throws Exception {
        BoundCandidateSet envelope = envelope("r", 1, "a", "b");

        send(envelope);
        send(outcome(envelope, Double.NaN, Double.NaN));

        assertThat(answers())
                .singleElement()
                .extracting(ScoredSet::status)
                .isEqualTo(Status.FALLBACK);
    }

    @Test
    void tellsOfPicturesThatCouldNotBeReadOncePerPicture() throws Exception {
        BoundCandidateSet envelope =
                envelope(set("r", null, Shard.WHOLE, "a", "b"), 7, Long.MAX_VALUE, 2);
        ImageFailure query = new ImageFailure(-1, 0, "timeout", "too slow", "https://x/q.jpg");
        ImageFailure second = new ImageFailure(1, 2, "not-found", "gone", "s3://b/2.jpg");

        send(envelope);
        send(withImageFailures(outcome(envelope, 0, 0, 1.0), query));
        send(withImageFailures(outcome(envelope, 1, 1, 2.0), query, second));

        assertThat(answers()).hasSize(1);
        assertThat(deadLetters())
                .allSatisfy(
                        letter -> {
                            assertThat(letter.stage()).isEqualTo("image");
                            assertThat(letter.reason()).isEqualTo(Reason.UNREADABLE_IMAGE);
                            assertThat(letter.offset()).isEqualTo(7);
                        })
                .extracting(DeadLetter::message)
                .containsExactly(
                        "query.image: timeout: too slow",
                        "candidates[1] (\"b\"), picture 2: not-found: gone");
        assertThat(deadLetters())
                .extracting(DeadLetter::payloadHead)
                .containsExactly("https://x/q.jpg", "s3://b/2.jpg");
    }

    @Test
    void boundsWhatItTellsOfPictures() throws Exception {
        BoundCandidateSet envelope = envelope("r", 1, "a");
        ImageFailure[] failures =
                IntStream.range(0, 50)
                        .mapToObj(i -> new ImageFailure(0, i, "timeout", "too slow", "x"))
                        .toArray(ImageFailure[]::new);

        send(envelope);
        send(withImageFailures(outcome(envelope, 1.0), failures));

        assertThat(deadLetters()).hasSize(ImageDeadLetters.MAX_PER_REQUEST);
    }

    private static ScoringOutcome withImageFailures(
            ScoringOutcome outcome, ImageFailure... failures) {
        return new ScoringOutcome(
                outcome.requestId(),
                outcome.envelopeId(),
                outcome.taskIndex(),
                outcome.fingerprint(),
                outcome.models(),
                outcome.temperature(),
                outcome.pairs(),
                outcome.queueMillis(),
                outcome.scoreMillis(),
                outcome.busyMillis(),
                outcome.degraded(),
                List.of(failures),
                outcome.mixture(),
                outcome.notes());
    }

    @Test
    void mergesThreeShardsWithOneDocumentInTwo() throws Exception {
        BoundCandidateSet bm25 = shard("r", 1, "bm25", 0, 3, "a", "b");
        BoundCandidateSet dense = shard("r", 2, "dense", 1, 3, "b", "c");
        BoundCandidateSet recent = shard("r", 3, "recent", 2, 3, "d");

        send(recent);
        send(dense);
        send(outcome(dense, 2.0, 3.0));
        send(bm25);
        send(outcome(bm25, 1.0, 2.0));
        send(outcome(recent, 4.0));

        assertThat(answers())
                .singleElement()
                .satisfies(
                        answer -> {
                            assertThat(answer.status()).isEqualTo(Status.COMPLETE);
                            assertThat(answer.candidates())
                                    .extracting(Candidate::id)
                                    .containsExactly("a", "b", "c", "d");
                            assertThat(answer.logit()).containsExactly(1, 2, 3, 4);
                            // b: 1/62 + 1/61 beats a and d with 1/61 each, and c with 1/62
                            assertThat(answer.retrievalRank()).containsExactly(2, 1, 4, 3);
                            assertThat(answer.retrievalRanks().get(1).byRetriever())
                                    .isEqualTo(Map.of("bm25", 2, "dense", 1));
                        });
    }

    @Test
    void answersAsPartialWhenAShardIsMissingAfterItsWait() throws Exception {
        BoundCandidateSet first = shard("r", 1, "bm25", 0, 2, "a");
        send(first);
        send(outcome(first, 1.0));

        harness.setProcessingTime(SHARD_WAIT - 1);
        assertThat(answers()).isEmpty();
        harness.setProcessingTime(SHARD_WAIT);

        assertThat(answers())
                .singleElement()
                .extracting(ScoredSet::status)
                .isEqualTo(Status.PARTIAL);
    }

    @Test
    void aShardThatComesTooLateIsADeadLetter() throws Exception {
        BoundCandidateSet first = shard("r", 1, "bm25", 0, 2, "a");
        BoundCandidateSet late = shard("r", 2, "dense", 1, 2, "b");
        send(first);
        send(outcome(first, 1.0));
        harness.setProcessingTime(SHARD_WAIT);

        send(late);
        send(outcome(late, 1.0));

        assertThat(answers()).hasSize(1);
        assertThat(deadLetters())
                .singleElement()
                .satisfies(
                        letter -> {
                            assertThat(letter.reason()).isEqualTo(Reason.ALREADY_ANSWERED);
                            assertThat(letter.message()).contains("shard 1 came too late");
                            assertThat(letter.requestId()).isEqualTo("r");
                            assertThat(letter.offset()).isEqualTo(2);
                            assertThat(letter.payloadSha256()).isEqualTo("hash-2");
                            assertThat(letter.payloadHead()).contains("\"request_id\":\"r\"");
                        });
    }

    @Test
    void aRedeliveredRecordIsADeadLetter() throws Exception {
        BoundCandidateSet envelope = envelope("r", 1, "a");
        send(envelope);
        send(outcome(envelope, 1.0));

        send(envelope);

        assertThat(answers()).hasSize(1);
        assertThat(deadLetters())
                .singleElement()
                .extracting(DeadLetter::message)
                .asString()
                .contains("this very record was part of the answer");
    }

    @Test
    void aShardThatContradictsTheFirstIsADeadLetterAndItsScoresAreIgnored() throws Exception {
        BoundCandidateSet first = shard("r", 1, "bm25", 0, 2, "a");
        BoundCandidateSet contradicting = shard("r", 2, "dense", 1, 3, "b");
        BoundCandidateSet second = shard("r", 3, "dense", 1, 2, "c");

        send(first);
        send(contradicting);
        send(outcome(contradicting, 9.0));
        send(outcome(first, 1.0));
        assertThat(answers()).isEmpty();
        send(second);
        assertThat(answers()).isEmpty();
        send(outcome(second, 2.0));

        assertThat(answers())
                .singleElement()
                .satisfies(answer -> assertThat(answer.logit()).containsExactly(1, 2));
        assertThat(deadLetters())
                .singleElement()
                .satisfies(
                        letter -> {
                            assertThat(letter.reason()).isEqualTo(Reason.CONFLICTING_SHARD);
                            assertThat(letter.message())
                                    .contains("shard.count")
                                    .contains("expected 2");
                        });
    }

    @Test
    void theSameShardTwiceIsADeadLetter() throws Exception {
        BoundCandidateSet first = envelope("r", 1, "a", "b");
        BoundCandidateSet again = envelope("r", 2, "a", "b");

        send(first);
        send(again);
        send(outcome(again, 7.0, 8.0));
        send(outcome(first, 1.0, 2.0));

        assertThat(answers())
                .singleElement()
                .satisfies(answer -> assertThat(answer.logit()).containsExactly(1, 2));
        assertThat(deadLetters())
                .singleElement()
                .extracting(DeadLetter::reason)
                .isEqualTo(Reason.DUPLICATE_SHARD);
    }

    @Test
    void answersAtTheDeadlineWithWhatIsThere() throws Exception {
        BoundCandidateSet envelope = envelope(set("r", null, Shard.WHOLE, "a", "b"), 1, 200, 2);
        send(envelope);
        send(outcome(envelope, 0, 0, 1.0));

        harness.setProcessingTime(200);

        assertThat(answers())
                .singleElement()
                .satisfies(
                        answer -> {
                            assertThat(answer.status()).isEqualTo(Status.PARTIAL);
                            assertThat(answer.scored()).containsExactly(true, false);
                            assertThat(answer.pairs().get(1).error())
                                    .contains("before the answer was due");
                        });
    }

    @Test
    void answersInRetrievalOrderAtTheDeadlineWhenNothingIsScored() throws Exception {
        send(envelope(set("r", null, Shard.WHOLE, "a", "b"), 1, 200, 2));

        harness.setProcessingTime(200);

        assertThat(answers())
                .singleElement()
                .extracting(ScoredSet::status)
                .isEqualTo(Status.FALLBACK);
    }

    @Test
    void flushesIncompleteRequestsAtTheEndOfBoundedInput() throws Exception {
        BoundCandidateSet first = shard("r", 1, "bm25", 0, 2, "a");
        send(first);
        send(outcome(first, 1.0));

        harness.processWatermark(Watermark.MAX_WATERMARK);

        assertThat(answers())
                .singleElement()
                .extracting(ScoredSet::status)
                .isEqualTo(Status.PARTIAL);
    }

    @Test
    void keepsOnlyATombstoneAfterTheAnswerAndNothingAfterItsTimeToLive() throws Exception {
        BoundCandidateSet whole = envelope("whole", 1, "a");
        BoundCandidateSet sharded = shard("sharded", 2, "bm25", 0, 2, "a");
        send(whole);
        send(outcome(whole, 1.0));
        send(sharded);
        send(outcome(sharded, 1.0));
        harness.setProcessingTime(SHARD_WAIT);
        assertThat(harness.numKeyedStateEntries()).isEqualTo(2);
        assertThat(harness.numEventTimeTimers()).isZero();

        harness.setProcessingTime(SHARD_WAIT + TTL);

        assertThat(harness.numKeyedStateEntries()).isZero();
        assertThat(harness.numProcessingTimeTimers()).isZero();
        assertThat(harness.numEventTimeTimers()).isZero();
    }

    @Test
    void outcomesWithoutAnyEnvelopeAreForgottenAfterTheWait() throws Exception {
        send(outcome(envelope("r", 1, "a"), 1.0));

        harness.setProcessingTime(SHARD_WAIT);

        assertThat(answers()).isEmpty();
        assertThat(harness.numKeyedStateEntries()).isZero();
        assertThat(harness.numEventTimeTimers()).isZero();
    }

    @Test
    void openRequestsAndTombstonesSurviveARescale() throws Exception {
        List<BoundCandidateSet> open = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            BoundCandidateSet first = shard("open-" + i, i, "bm25", 0, 2, "a");
            send(first);
            send(outcome(first, 1.0));
            open.add(first);
        }
        BoundCandidateSet done = envelope("done", 100, "a");
        send(done);
        send(outcome(done, 1.0));
        OperatorSubtaskState snapshot = harness.snapshot(1, 1);

        List<ScoredSet> answered = new ArrayList<>();
        List<DeadLetter> refused = new ArrayList<>();
        for (int subtask = 0; subtask < 2; subtask++) {
            try (var rescaled = harness(2, subtask)) {
                rescaled.initializeState(
                        AbstractStreamOperatorTestHarness.repartitionOperatorState(
                                snapshot, MAX_PARALLELISM, 1, 2, subtask));
                rescaled.open();
                for (BoundCandidateSet first : open) {
                    BoundCandidateSet second =
                            shard(first.set().requestId(), 50, "dense", 1, 2, "b");
                    if (belongsTo(rescaled, first.set().requestId())) {
                        rescaled.processElement(new StreamRecord<>(AssemblyInput.of(second)));
                        rescaled.processElement(
                                new StreamRecord<>(AssemblyInput.of(outcome(second, 2.0))));
                    }
                }
                if (belongsTo(rescaled, "done")) {
                    rescaled.processElement(new StreamRecord<>(AssemblyInput.of(done)));
                }
                answered.addAll(rescaled.extractOutputValues());
                refused.addAll(letters(rescaled));
                rescaled.setProcessingTime(SHARD_WAIT + TTL);
                assertThat(rescaled.numKeyedStateEntries()).isZero();
            }
        }

        assertThat(answered).hasSize(20);
        assertThat(answered).allSatisfy(a -> assertThat(a.status()).isEqualTo(Status.COMPLETE));
        assertThat(answered).extracting(a -> a.set().requestId()).doesNotHaveDuplicates();
        assertThat(refused).extracting(DeadLetter::requestId).containsExactly("done");
    }

    private static boolean belongsTo(
            KeyedOneInputStreamOperatorTestHarness<?, ?, ?> harness, String key) {
        int group = KeyGroupRangeAssignment.assignToKeyGroup(key, MAX_PARALLELISM);
        int owner =
                KeyGroupRangeAssignment.computeOperatorIndexForKeyGroup(
                        MAX_PARALLELISM,
                        harness.getEnvironment().getTaskInfo().getNumberOfParallelSubtasks(),
                        group);
        return owner == harness.getEnvironment().getTaskInfo().getIndexOfThisSubtask();
    }

    private static KeyedOneInputStreamOperatorTestHarness<String, AssemblyInput, ScoredSet> harness(
            int parallelism, int subtask) throws Exception {
        return new KeyedOneInputStreamOperatorTestHarness<>(
                new KeyedProcessOperator<>(new AssembleStaticRequestFunction(SHARD_WAIT, TTL, "")),
                AssemblyInput::requestId,
                Types.STRING,
                MAX_PARALLELISM,
                parallelism,
                subtask);
    }

    private void send(BoundCandidateSet envelope) throws Exception {
        harness.processElement(new StreamRecord<>(AssemblyInput.of(envelope)));
    }

    private void send(ScoringOutcome outcome) throws Exception {
        harness.processElement(new StreamRecord<>(AssemblyInput.of(outcome)));
    }

    private List<ScoredSet> answers() {
        return harness.extractOutputValues();
    }

    private List<DeadLetter> deadLetters() {
        return letters(harness);
    }

    private static List<DeadLetter> letters(
            KeyedOneInputStreamOperatorTestHarness<?, ?, ?> harness) {
        var output = harness.getSideOutput(DeadLetters.TAG);
        return output == null ? List.of() : output.stream().map(StreamRecord::getValue).toList();
    }
}
