package dev.lychee.rerank.operators;

import dev.lychee.rerank.operators.assembly.RequestAssembler;
import dev.lychee.rerank.operators.calibration.CalibrationMaps;
import dev.lychee.rerank.schemas.CandidateSetCodec;
import dev.lychee.rerank.schemas.DeadLetter;
import dev.lychee.rerank.schemas.InvalidMessageException;
import dev.lychee.rerank.schemas.Reason;
import dev.lychee.rerank.schemas.flow.AssemblyInput;
import dev.lychee.rerank.schemas.flow.BoundCandidateSet;
import dev.lychee.rerank.schemas.flow.RequestProgress;
import dev.lychee.rerank.schemas.flow.ScoredSet;
import dev.lychee.rerank.schemas.flow.ScoringOutcome;
import dev.lychee.rerank.schemas.flow.Tombstone;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.apache.flink.api.common.functions.RuntimeContext;
import org.apache.flink.api.common.state.ListState;
import org.apache.flink.api.common.state.ListStateDescriptor;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.metrics.Counter;
import org.apache.flink.streaming.api.TimerService;
import org.apache.flink.util.Collector;
import org.jspecify.annotations.Nullable;

/**
 * Puts each request together from its envelopes and the outcomes of its tasks, and answers it once:
 * what {@link AssembleRequestFunction} and {@link AssembleStaticRequestFunction} share.
 */
final class RequestAssembly {

    private static final String STAGE = "assemble";
    private static final long END_OF_INPUT = Long.MAX_VALUE;
    private static final long NEVER = Long.MAX_VALUE;

    private final long shardWaitMillis;
    private final long tombstoneMillis;
    private final ValueState<RequestProgress> progressState;
    private final ListState<BoundCandidateSet> envelopeState;
    private final ListState<ScoringOutcome> outcomeState;
    private final ValueState<Tombstone> tombstoneState;
    private final Counter answered;
    private final Counter incomplete;
    private final Counter refused;
    private final Counter orphanedOutcomes;
    private final Counter imageFailures;
    private RequestAssembler assembler;

    /**
     * Opens the state of one subtask.
     *
     * @param shardWaitMillis how long an incomplete sharded request waits for its other shards
     * @param tombstoneMillis how long an answered request is remembered
     */
    RequestAssembly(
            RuntimeContext context,
            long shardWaitMillis,
            long tombstoneMillis,
            CalibrationMaps maps) {
        this.shardWaitMillis = shardWaitMillis;
        this.tombstoneMillis = tombstoneMillis;
        progressState =
                context.getState(
                        new ValueStateDescriptor<>(
                                "progress", TypeInformation.of(RequestProgress.class)));
        envelopeState =
                context.getListState(
                        new ListStateDescriptor<>(
                                "envelopes", TypeInformation.of(BoundCandidateSet.class)));
        outcomeState =
                context.getListState(
                        new ListStateDescriptor<>(
                                "outcomes", TypeInformation.of(ScoringOutcome.class)));
        tombstoneState =
                context.getState(
                        new ValueStateDescriptor<>(
                                "tombstone", TypeInformation.of(Tombstone.class)));
        assembler = new RequestAssembler(maps);
        answered = context.getMetricGroup().counter("numRequestsAnswered");
        incomplete = context.getMetricGroup().counter("numRequestsIncomplete");
        refused = context.getMetricGroup().counter("numDeadLetters");
        orphanedOutcomes = context.getMetricGroup().counter("numOrphanedOutcomes");
        imageFailures = context.getMetricGroup().counter("numImageDeadLetters");
    }

    /** Other maps hold for the requests that are answered from now on. */
    void replace(CalibrationMaps maps) {
        assembler = new RequestAssembler(maps);
    }

    void process(
            AssemblyInput input,
            TimerService timers,
            Consumer<DeadLetter> deadLetters,
            Collector<ScoredSet> out)
            throws Exception {
        Tombstone tombstone = tombstoneState.value();
        BoundCandidateSet envelope = input.envelope();
        if (tombstone != null) {
            if (envelope == null) {
                orphanedOutcomes.inc();
            } else {
                refuse(envelope, alreadyAnswered(envelope, tombstone), deadLetters);
            }
            return;
        }
        RequestProgress before = progressState.value();
        RequestProgress progress = before == null ? open(timers) : before;
        if (envelope != null) {
            progress = addEnvelope(envelope, progress, timers, deadLetters);
        } else if (input.outcome() != null) {
            outcomeState.add(input.outcome());
            progress = withOneMoreOutcome(progress);
        }
        progressState.update(progress);
        answerIfComplete(progress, timers, deadLetters, out);
    }

    void onTimer(TimerService timers, Consumer<DeadLetter> deadLetters, Collector<ScoredSet> out)
            throws Exception {
        RequestProgress progress = progressState.value();
        if (progress == null) {
            tombstoneState.clear();
            return;
        }
        List<BoundCandidateSet> envelopes = listed(envelopeState.get());
        if (envelopes.isEmpty()) {
            // Only outcomes of a record that was refused after its request was forgotten.
            orphanedOutcomes.inc(progress.tasksAnswered());
            forget(progress, timers);
            return;
        }
        incomplete.inc();
        answer(envelopes, progress, true, timers, deadLetters, out);
    }

    private RequestProgress open(TimerService timers) {
        long now = timers.currentProcessingTime();
        timers.registerEventTimeTimer(END_OF_INPUT);
        long due = now + shardWaitMillis;
        timers.registerProcessingTimeTimer(due);
        return new RequestProgress(0, 0, 0, 0, due, now);
    }

    private RequestProgress addEnvelope(
            BoundCandidateSet envelope,
            RequestProgress progress,
            TimerService timers,
            Consumer<DeadLetter> deadLetters)
            throws Exception {
        if (progress.shardsSeen() > 0) {
            try {
                for (BoundCandidateSet earlier : envelopeState.get()) {
                    RequestAssembler.requireSameRequest(earlier, envelope);
                }
            } catch (InvalidMessageException e) {
                refuse(envelope, e, deadLetters);
                return progress;
            }
        }
        envelopeState.add(envelope);
        int shardsSeen = progress.shardsSeen() + 1;
        int shardCount = envelope.set().shard().count();
        long shardsDue =
                shardsSeen < shardCount ? progress.openedMillis() + shardWaitMillis : NEVER;
        long due = Math.min(shardsDue, earliestDeadline(envelope, progress));
        reschedule(progress.timerMillis(), due, timers);
        return new RequestProgress(
                shardCount,
                shardsSeen,
                progress.tasksExpected() + envelope.taskCount(),
                progress.tasksAnswered(),
                due,
                progress.openedMillis());
    }

    /** The deadline of a request is the earliest one that any of its shards names. */
    private long earliestDeadline(BoundCandidateSet envelope, RequestProgress progress)
            throws Exception {
        long earliest = envelope.deadlineMillis();
        if (progress.shardsSeen() > 0) {
            for (BoundCandidateSet earlier : envelopeState.get()) {
                earliest = Math.min(earliest, earlier.deadlineMillis());
            }
        }
        return earliest;
    }

    private static void reschedule(long before, long due, TimerService timers) {
        if (before == due) {
            return;
        }
        if (before != NEVER) {
            timers.deleteProcessingTimeTimer(before);
        }
        if (due != NEVER) {
            timers.registerProcessingTimeTimer(due);
        }
    }

    private static RequestProgress withOneMoreOutcome(RequestProgress progress) {
        return new RequestProgress(
                progress.shardCount(),
                progress.shardsSeen(),
                progress.tasksExpected(),
                progress.tasksAnswered() + 1,
                progress.timerMillis(),
                progress.openedMillis());
    }

    private void answerIfComplete(
            RequestProgress progress,
            TimerService timers,
            Consumer<DeadLetter> deadLetters,
            Collector<ScoredSet> out)
            throws Exception {
        boolean mayBeComplete =
                progress.shardsSeen() > 0
                        && progress.shardsSeen() == progress.shardCount()
                        && progress.tasksAnswered() >= progress.tasksExpected();
        if (!mayBeComplete) {
            return;
        }
        List<BoundCandidateSet> envelopes = listed(envelopeState.get());
        // The counts include outcomes of refused shards; only a look at the outcomes is certain.
        if (RequestAssembler.isComplete(envelopes, listed(outcomeState.get()))) {
            boolean overdue = timers.currentProcessingTime() >= progress.timerMillis();
            answer(envelopes, progress, overdue, timers, deadLetters, out);
        }
    }

    private void answer(
            List<BoundCandidateSet> envelopes,
            RequestProgress progress,
            boolean overdue,
            TimerService timers,
            Consumer<DeadLetter> deadLetters,
            Collector<ScoredSet> out)
            throws Exception {
        List<ScoringOutcome> outcomes = listed(outcomeState.get());
        out.collect(assembler.assemble(envelopes, outcomes, overdue));
        for (DeadLetter letter : ImageDeadLetters.of(envelopes, outcomes)) {
            imageFailures.inc();
            deadLetters.accept(letter);
        }
        answered.inc();
        forget(progress, timers);
        long now = timers.currentProcessingTime();
        tombstoneState.update(
                new Tombstone(
                        envelopes.stream().map(BoundCandidateSet::contentHash).toList(), now));
        timers.registerProcessingTimeTimer(now + tombstoneMillis);
    }

    private void forget(RequestProgress progress, TimerService timers) {
        progressState.clear();
        envelopeState.clear();
        outcomeState.clear();
        timers.deleteEventTimeTimer(END_OF_INPUT);
        if (progress.timerMillis() != NEVER) {
            timers.deleteProcessingTimeTimer(progress.timerMillis());
        }
    }

    private void refuse(
            BoundCandidateSet envelope,
            InvalidMessageException why,
            Consumer<DeadLetter> deadLetters) {
        refused.inc();
        deadLetters.accept(
                DeadLetters.of(
                        STAGE,
                        why,
                        envelope.set().requestId(),
                        envelope.source(),
                        envelope.sourceTimestampMillis(),
                        CandidateSetCodec.encode(envelope.set()),
                        envelope.contentHash()));
    }

    private static InvalidMessageException alreadyAnswered(
            BoundCandidateSet envelope, Tombstone tombstone) {
        boolean redelivered = tombstone.contentHashes().contains(envelope.contentHash());
        String which =
                redelivered
                        ? "this very record was part of the answer"
                        : envelope.set().shard().count() > 1
                                ? "shard %d came too late".formatted(envelope.set().shard().index())
                                : "use a new request_id for a new request";
        return new InvalidMessageException(
                Reason.ALREADY_ANSWERED,
                "request \"%s\" is answered already: %s"
                        .formatted(envelope.set().requestId(), which));
    }

    private static <T> List<T> listed(@Nullable Iterable<T> items) throws IOException {
        List<T> list = new ArrayList<>();
        if (items != null) {
            items.forEach(list::add);
        }
        return list;
    }
}
