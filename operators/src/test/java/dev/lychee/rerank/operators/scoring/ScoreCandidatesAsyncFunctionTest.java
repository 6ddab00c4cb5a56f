package dev.lychee.rerank.operators.scoring;

import static dev.lychee.rerank.operators.postprocess.Probability.sigmoid;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.lychee.rerank.operators.scoring.ScoringSettings.DevicePreference;
import dev.lychee.rerank.schemas.ImageReference;
import dev.lychee.rerank.schemas.ModelReference;
import dev.lychee.rerank.schemas.Profile.Aspect;
import dev.lychee.rerank.schemas.flow.PairOutcome;
import dev.lychee.rerank.schemas.flow.Questions;
import dev.lychee.rerank.schemas.flow.ScoreItem;
import dev.lychee.rerank.schemas.flow.ScoreTask;
import dev.lychee.rerank.schemas.flow.ScoringOutcome;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.flink.api.common.externalresource.ExternalResourceInfo;
import org.apache.flink.api.common.serialization.SerializerConfigImpl;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.runtime.execution.SuppressRestartsException;
import org.apache.flink.runtime.operators.testutils.MockEnvironment;
import org.apache.flink.runtime.operators.testutils.MockEnvironmentBuilder;
import org.apache.flink.streaming.api.datastream.AsyncDataStream.OutputMode;
import org.apache.flink.streaming.api.operators.async.AsyncWaitOperatorFactory;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.runtime.tasks.mailbox.TaskMailbox;
import org.apache.flink.streaming.util.AbstractStreamOperatorTestHarness;
import org.apache.flink.streaming.util.OneInputStreamOperatorTestHarness;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
@SuppressWarnings("try") // a harness may be interrupted while it closes
class ScoreCandidatesAsyncFunctionTest {

    private static final long TIMEOUT_MILLIS = 5_000;

    private static final TestingClock CLOCK = new TestingClock();
    private static final List<Throwable> BROKEN = new CopyOnWriteArrayList<>();
    private static final SharedScorers SCORERS =
            new SharedScorers(
                    // Nothing lingers to its end in these tests.
                    (work, delayMillis) -> () -> {}, CLOCK, (thread, broken) -> BROKEN.add(broken));

    private final TestingScorer.Control control = TestingScorer.control();

    @AfterEach
    void release() {
        control.release();
    }

    private ScoringSettings settings(int maxBatchTokens, long lingerMillis) {
        return new ScoringSettings(
                control.packagePath(),
                "fp32",
                DevicePreference.AUTO,
                new ServiceLimits(new BatchLimits(maxBatchTokens, 10), 2, 1 << 20),
                lingerMillis,
                1,
                false,
                true);
    }

    private Harness harness(ScoringSettings settings) throws Exception {
        return new Harness(
                new ScoreCandidatesAsyncFunction(
                        new TestingScorer.Factory(), settings, TIMEOUT_MILLIS, () -> SCORERS));
    }

    /** The function in Flink's own async operator, unordered as in the job. */
    private static final class Harness
            extends OneInputStreamOperatorTestHarness<ScoreTask, ScoringOutcome> {

        Harness(ScoreCandidatesAsyncFunction function) throws Exception {
            super(
                    new AsyncWaitOperatorFactory<>(
                            function, TIMEOUT_MILLIS, 100, OutputMode.UNORDERED),
                    TypeInformation.of(ScoreTask.class)
                            .createSerializer(new SerializerConfigImpl()));
        }

        Harness(ScoreCandidatesAsyncFunction function, MockEnvironment environment)
                throws Exception {
            super(
                    new AsyncWaitOperatorFactory<>(
                            function, TIMEOUT_MILLIS, 100, OutputMode.UNORDERED),
                    TypeInformation.of(ScoreTask.class)
                            .createSerializer(new SerializerConfigImpl()),
                    environment);
        }
    }

    /** A GPU as Flink's external resource framework tells of it. */
    private record TestingGpu(String index) implements ExternalResourceInfo {

        @Override
        public Optional<String> getProperty(String key) {
            return key.equals("index") ? Optional.of(index) : Optional.empty();
        }

        @Override
        public Collection<String> getKeys() {
            return List.of("index");
        }
    }

    /** One of four subtasks on a TaskManager with these GPUs. */
    private static MockEnvironment subtaskWithGpus(int subtask, String... indexes) {
        Set<ExternalResourceInfo> gpus =
                Arrays.stream(indexes).map(TestingGpu::new).collect(Collectors.toSet());
        return new MockEnvironmentBuilder()
                .setParallelism(4)
                .setMaxParallelism(4)
                .setSubtaskIndex(subtask)
                .setExternalResourceInfoProvider(
                        name -> name.equals("gpu") ? gpus : Set.<ExternalResourceInfo>of())
                .build();
    }

    /** Opens four subtasks of one TaskManager; the devices on which models were loaded for them. */
    private List<String> devicesOfFourSubtasks(DevicePreference device, String... gpus)
            throws Exception {
        Deque<AutoCloseable> opened = new ArrayDeque<>();
        try {
            for (int subtask = 0; subtask < 4; subtask++) {
                ScoreCandidatesAsyncFunction function =
                        new ScoreCandidatesAsyncFunction(
                                new TestingScorer.Factory(),
                                new ScoringSettings(
                                        control.packagePath(),
                                        "fp32",
                                        device,
                                        new ServiceLimits(new BatchLimits(1, 0), 2, 0),
                                        0,
                                        1,
                                        false,
                                        true),
                                TIMEOUT_MILLIS,
                                () -> SCORERS);
                MockEnvironment environment = subtaskWithGpus(subtask, gpus);
                opened.push(environment);
                Harness harness = new Harness(function, environment);
                opened.push(harness);
                harness.open();
            }
            return control.devices();
        } finally {
            while (!opened.isEmpty()) {
                opened.pop().close();
            }
        }
    }

    private static StreamRecord<ScoreTask> task(String request, String... documents) {
        List<ScoreItem> items = new ArrayList<>();
        for (int i = 0; i < documents.length; i++) {
            items.add(new ScoreItem(10 + i, i + 1, documents[i], List.of()));
        }
        return new StreamRecord<>(
                new ScoreTask(
                        request,
                        "envelope-" + request,
                        3,
                        null,
                        "red dress",
                        null,
                        items,
                        items.size(),
                        Long.MAX_VALUE,
                        Questions.ONE));
    }

    /** Runs the task's mailbox, which the model's thread fills, until so many outcomes are out. */
    private static List<ScoringOutcome> outcomes(Harness harness, int count) throws Exception {
        while (harness.extractOutputValues().size() < count) {
            harness.getTaskMailbox().take(TaskMailbox.MIN_PRIORITY).run();
        }
        assertThat(harness.getTaskMailbox().tryTake(TaskMailbox.MIN_PRIORITY)).isEmpty();
        return harness.extractOutputValues().stream()
                .sorted(Comparator.comparing(ScoringOutcome::requestId))
                .toList();
    }

    private static List<@Nullable String> errors(ScoringOutcome outcome) {
        List<@Nullable String> errors = new ArrayList<>();
        outcome.pairs().forEach(pair -> errors.add(pair.error()));
        return errors;
    }

    private static float logit(String document) {
        return TestingScorer.expectedLogit("red dress", document);
    }

    @Test
    void answersATaskWithOneOutcome() throws Exception {
        try (Harness harness = harness(settings(14, 0))) {
            harness.open();
            harness.processElement(task("r1", "red dress", "blue hat"));

            ScoringOutcome outcome = outcomes(harness, 1).get(0);

            assertThat(outcome.requestId()).isEqualTo("r1");
            assertThat(outcome.envelopeId()).isEqualTo("envelope-r1");
            assertThat(outcome.taskIndex()).isEqualTo(3);
            assertThat(outcome.fingerprint()).matches("[0-9a-f]{16}");
            assertThat(outcome.models()).containsExactly(new ModelReference("testing", "1"));
            assertThat(outcome.temperature()).isEqualTo(1.0);
            assertThat(outcome.pairs())
                    .containsExactly(
                            PairOutcome.scored(10, logit("red dress"), false),
                            PairOutcome.scored(11, logit("blue hat"), false));
        }
    }

    @Test
    void fillsABatchFromSeveralTasks() throws Exception {
        try (Harness harness = harness(settings(18, 0))) {
            harness.open();
            harness.processElement(task("r1", "one"));
            harness.processElement(task("r2", "two"));
            assertThat(control.batches()).isEmpty();
            harness.processElement(task("r3", "three"));

            assertThat(outcomes(harness, 3))
                    .extracting(ScoringOutcome::requestId)
                    .containsExactly("r1", "r2", "r3");
            assertThat(control.batches()).hasSize(1);
        }
    }

    @Test
    void answersATaskThatWasScoredBeforeWithoutTheModel() throws Exception {
        try (Harness harness = harness(settings(1, 0))) {
            harness.open();
            harness.processElement(task("r1", "one", "two"));
            outcomes(harness, 1);
            harness.processElement(task("r2", "two", "one"));

            List<ScoringOutcome> outcomes = outcomes(harness, 2);

            assertThat(outcomes.get(1).pairs())
                    .containsExactly(
                            PairOutcome.scored(10, logit("two"), false),
                            PairOutcome.scored(11, logit("one"), false));
            assertThat(outcomes.get(1).models()).isEqualTo(outcomes.get(0).models());
            assertThat(outcomes.get(1).fingerprint()).isEqualTo(outcomes.get(0).fingerprint());
            assertThat(control.batches()).hasSize(2);
        }
    }

    @Test
    void sendsAPartialBatchAfterTheDelay() throws Exception {
        try (Harness harness = harness(settings(1_000, 0))) {
            harness.open();
            harness.processElement(task("r1", "one"));
            assertThat(control.batches()).isEmpty();

            CLOCK.advance(10);

            assertThat(outcomes(harness, 1).get(0).pairs())
                    .containsExactly(PairOutcome.scored(10, logit("one"), false));
        }
    }

    @Test
    void failsOnlyThePairThatFails() throws Exception {
        control.failOn("poison");
        try (Harness harness = harness(settings(24, 0))) {
            harness.open();
            harness.processElement(task("r1", "one", "poison"));
            harness.processElement(task("r2", "two", "three"));

            List<ScoringOutcome> outcomes = outcomes(harness, 2);

            assertThat(outcomes.get(0).pairs())
                    .containsExactly(
                            PairOutcome.scored(10, logit("one"), false),
                            PairOutcome.failed(
                                    11, "the model failed on this pair: cannot score 'poison'"));
            assertThat(outcomes.get(1).pairs()).allMatch(PairOutcome::scored);
        }
    }

    @Test
    void endsTheProcessWhenTheDeviceIsBroken() throws Exception {
        control.failAlways();
        try (Harness harness = harness(settings(1, 0))) {
            harness.open();
            harness.processElement(task("r1", "one", "two"));

            outcomes(harness, 1);
            // Answered after the device was reported.
            harness.processElement(task("r2", "three"));
            assertThat(errors(outcomes(harness, 2).get(1)).get(0))
                    .contains("Device cpu could not score a pair");
            assertThat(BROKEN).hasOnlyElementsOfType(BrokenDeviceException.class).hasSize(1);
        }
    }

    @Test
    void answersATaskThatReachesTheTimeout() throws Exception {
        control.block();
        try (Harness harness = harness(settings(1, 0))) {
            harness.open();
            harness.processElement(task("r1", "one", "two"));
            control.awaitBatches(1);

            harness.setProcessingTime(TIMEOUT_MILLIS + 1);

            ScoringOutcome outcome = outcomes(harness, 1).get(0);
            assertThat(errors(outcome)).containsOnly("timed out after 5000 ms");
            assertThat(outcome.models()).isEmpty();
            assertThat(outcome.fingerprint()).isEmpty();

            // The batch that comes too late answers nothing a second time, and the next is scored.
            control.release();
            harness.processElement(task("r2", "three"));
            assertThat(outcomes(harness, 2).get(1).pairs()).allMatch(PairOutcome::scored);
        }
    }

    @Test
    void answersATaskPastItsDeadline() throws Exception {
        try (Harness harness = harness(settings(1, 0))) {
            harness.open();
            ScoreTask task = task("r1", "one").getValue();
            harness.processElement(new StreamRecord<>(withDeadline(task, CLOCK.epochMillis())));

            assertThat(errors(outcomes(harness, 1).get(0)))
                    .containsExactly(ScoringService.DEADLINE_PASSED);
            assertThat(control.batches()).isEmpty();
        }
    }

    @Test
    void scoresATaskPastItsDeadlineWhereDeadlinesAreIgnored() throws Exception {
        ScoringSettings ignoring =
                new ScoringSettings(
                        control.packagePath(),
                        "fp32",
                        DevicePreference.CPU,
                        new ServiceLimits(new BatchLimits(1, 0), 2, 0),
                        0,
                        1,
                        true,
                        true);
        try (Harness harness = harness(ignoring)) {
            harness.open();
            harness.processElement(
                    new StreamRecord<>(withDeadline(task("r1", "one").getValue(), 0)));

            assertThat(outcomes(harness, 1).get(0).pairs()).allMatch(PairOutcome::scored);
        }
    }

    @Test
    void leavesACandidateWithoutTextUnscored() throws Exception {
        ImageReference picture = new ImageReference("s3://bucket/a.jpg", null);
        ScoreTask task = task("r1", "one").getValue();
        ScoreTask pictures =
                new ScoreTask(
                        "r1",
                        "e1",
                        0,
                        null,
                        "red dress",
                        null,
                        List.of(
                                new ScoreItem(0, 1, " ", List.of(picture)),
                                new ScoreItem(1, 2, "red", List.of(picture))),
                        2,
                        Long.MAX_VALUE,
                        Questions.ONE);
        ScoreTask pictureQuery =
                new ScoreTask(
                        "r2",
                        "e2",
                        0,
                        null,
                        "",
                        picture,
                        task.items(),
                        1,
                        Long.MAX_VALUE,
                        Questions.ONE);
        try (Harness harness = harness(settings(1, 0))) {
            harness.open();
            harness.processElement(new StreamRecord<>(pictures));
            harness.processElement(new StreamRecord<>(pictureQuery));

            List<ScoringOutcome> outcomes = outcomes(harness, 2);

            assertThat(errors(outcomes.get(0))).containsExactly(TaskAnswers.NO_DOCUMENT_TEXT, null);
            assertThat(outcomes.get(0).pairs().get(1).logit()).isEqualTo(logit("red"));
            assertThat(outcomes.get(0).pairs().get(1).image())
                    .isEqualTo(TaskAnswers.PICTURE_NOT_READ);
            assertThat(errors(outcomes.get(1))).containsExactly(TaskAnswers.NO_QUERY_TEXT);
        }
    }

    @Test
    void answersATaskWithoutItems() throws Exception {
        try (Harness harness = harness(settings(1, 0))) {
            harness.open();
            harness.processElement(task("r1"));

            assertThat(outcomes(harness, 1).get(0).pairs()).isEmpty();
        }
    }

    @Test
    void doesNotStartOnTheCpuWhenAGpuIsAskedFor() throws Exception {
        ScoringSettings gpu =
                new ScoringSettings(
                        control.packagePath(),
                        "fp32",
                        DevicePreference.GPU,
                        new ServiceLimits(new BatchLimits(1, 0), 2, 0),
                        0,
                        1,
                        false,
                        true);
        try (Harness harness = harness(gpu)) {
            assertThatThrownBy(harness::open)
                    .isInstanceOf(SuppressRestartsException.class)
                    .hasStackTraceContaining(
                            "A GPU is asked for, but Flink gives this TaskManager none");
        }
        assertThat(control.attempts()).isZero();
    }

    @Test
    void sharesTheGpusOfTheTaskManagerOutAmongItsSubtasks() throws Exception {
        // Two subtasks each, of which the second finds the model loaded.
        assertThat(devicesOfFourSubtasks(DevicePreference.GPU, "5", "2"))
                .containsExactly("gpu:2", "gpu:5");
    }

    @Test
    void takesTheGpuThatIsThereWhenAnyDeviceWillDo() throws Exception {
        assertThat(devicesOfFourSubtasks(DevicePreference.AUTO, "3")).containsOnly("gpu:3");
    }

    @Test
    void leavesTheGpusAloneWhenTheCpuIsAskedFor() throws Exception {
        assertThat(devicesOfFourSubtasks(DevicePreference.CPU, "0", "1")).containsOnly("cpu");
    }

    @Test
    void givesTheModelBackWhenItCloses() throws Exception {
        try (Harness harness = harness(settings(1, 0))) {
            harness.open();
            harness.processElement(task("r1", "one"));
            outcomes(harness, 1);
        }
        assertThat(control.closed()).isEqualTo(1);
    }

    private static ScoreTask withDeadline(ScoreTask task, long deadlineMillis) {
        return new ScoreTask(
                task.requestId(),
                task.envelopeId(),
                task.taskIndex(),
                task.instruction(),
                task.query(),
                task.queryImage(),
                task.items(),
                task.candidates(),
                deadlineMillis,
                task.questions());
    }

    /** Settings of two models, "first" and "second". */
    private ScoringSettings ensemble(TestingScorer.Control other) {
        control.name("first");
        other.name("second");
        return new ScoringSettings(
                control.packagePath(),
                "fp32",
                DevicePreference.CPU,
                new ServiceLimits(new BatchLimits(1, 0), 2, 0),
                0,
                1,
                false,
                true,
                List.of(other.packagePath()));
    }

    private static StreamRecord<ScoreTask> asking(Questions questions, String... documents) {
        ScoreTask task = task("r1", documents).getValue();
        return new StreamRecord<>(
                new ScoreTask(
                        task.requestId(),
                        task.envelopeId(),
                        task.taskIndex(),
                        task.instruction(),
                        task.query(),
                        task.queryImage(),
                        task.items(),
                        task.candidates(),
                        task.deadlineMillis(),
                        questions));
    }

    private static final Questions BOTH =
            new Questions(Map.of(), Map.of("first", 1.0, "second", 3.0), 1);

    @Test
    void asksEveryAspectAndAnswersWithTheMean() throws Exception {
        Map<String, Aspect> aspects =
                Map.of("new", new Aspect("new", 1.0), "blue", new Aspect("blue", 3.0));
        try (Harness harness = harness(settings(1, 0))) {
            harness.open();
            harness.processElement(asking(new Questions(aspects, Map.of(), 2), "blue dress"));

            ScoringOutcome outcome = outcomes(harness, 1).get(0);

            PairOutcome pair = outcome.pairs().get(0);
            double isNew = sigmoid(TestingScorer.expectedLogit("new red dress", "blue dress") / 2);
            double isBlue =
                    sigmoid(TestingScorer.expectedLogit("blue red dress", "blue dress") / 2);
            assertThat(isNew).isLessThan(isBlue);
            assertThat(pair.aspects()).isEqualTo(Map.of("new", isNew, "blue", isBlue));
            assertThat(sigmoid(pair.logit()))
                    .isCloseTo(0.25 * isNew + 0.75 * isBlue, within(1e-12));
            assertThat(outcome.mixture()).isTrue();
            assertThat(outcome.temperature()).isEqualTo(1);
            assertThat(control.batches()).hasSize(2);
        }
    }

    @Test
    void asksEveryModelOfAnEnsemble() throws Exception {
        TestingScorer.Control other = TestingScorer.control();
        try (Harness harness = harness(ensemble(other))) {
            harness.open();
            harness.processElement(asking(BOTH, "one", "two"));

            ScoringOutcome outcome = outcomes(harness, 1).get(0);

            assertThat(outcome.models())
                    .containsExactly(
                            new ModelReference("first", "1"), new ModelReference("second", "1"));
            assertThat(outcome.pairs()).allMatch(PairOutcome::scored);
            assertThat(control.batches()).containsExactlyInAnyOrder(List.of("one"), List.of("two"));
            assertThat(other.batches()).containsExactlyInAnyOrder(List.of("one"), List.of("two"));
        }
        assertThat(control.closed()).isEqualTo(1);
        assertThat(other.closed()).isEqualTo(1);
    }

    @Test
    void asksTheFirstModelAloneWhereTheProfileNamesNone() throws Exception {
        TestingScorer.Control other = TestingScorer.control();
        try (Harness harness = harness(ensemble(other))) {
            harness.open();
            harness.processElement(task("r1", "one"));

            assertThat(outcomes(harness, 1).get(0).models())
                    .containsExactly(new ModelReference("first", "1"));
            assertThat(other.batches()).isEmpty();
        }
    }

    @Test
    void leavesAPairUnscoredThatOneModelFailsOn() throws Exception {
        TestingScorer.Control other = TestingScorer.control();
        other.failOn("poison");
        try (Harness harness = harness(ensemble(other))) {
            harness.open();
            harness.processElement(asking(BOTH, "one", "poison"));

            ScoringOutcome outcome = outcomes(harness, 1).get(0);

            assertThat(outcome.pairs().get(0).scored()).isTrue();
            assertThat(outcome.pairs().get(1))
                    .isEqualTo(
                            PairOutcome.failed(
                                    11,
                                    "model second: the model failed on this pair: cannot score 'poison'"));
        }
    }

    @Test
    void saysWhichModelDidNotAnswerInTime() throws Exception {
        TestingScorer.Control other = TestingScorer.control();
        other.block();
        try (Harness harness = harness(ensemble(other))) {
            harness.open();
            harness.processElement(asking(BOTH, "one"));
            other.awaitBatches(1);
            control.awaitBatches(1);

            harness.setProcessingTime(TIMEOUT_MILLIS + 1);

            assertThat(errors(outcomes(harness, 1).get(0)).get(0))
                    .endsWith("timed out after 5000 ms");
            other.release();
        }
    }

    @Test
    void noQuestionOfATaskPastItsDeadlineIsComputed() throws Exception {
        TestingScorer.Control other = TestingScorer.control();
        try (Harness harness = harness(ensemble(other))) {
            harness.open();
            harness.processElement(
                    new StreamRecord<>(
                            withDeadline(asking(BOTH, "one").getValue(), CLOCK.epochMillis())));

            assertThat(errors(outcomes(harness, 1).get(0)))
                    .containsExactly("model first: " + ScoringService.DEADLINE_PASSED);
            assertThat(control.batches()).isEmpty();
            assertThat(other.batches()).isEmpty();
        }
    }

    @Test
    void asksTheModelsThatAreLoadedAndNamesTheOthers() throws Exception {
        try (Harness harness = harness(settings(1, 0))) {
            harness.open();
            harness.processElement(asking(BOTH, "one"));

            ScoringOutcome outcome = outcomes(harness, 1).get(0);

            assertThat(outcome.pairs())
                    .containsExactly(PairOutcome.scored(10, logit("one"), false));
            assertThat(outcome.notes())
                    .containsExactly("model first is not loaded", "model second is not loaded");
        }
    }

    @Test
    void opensWithoutRestartsWhenTwoPackagesHaveOneName() throws Exception {
        TestingScorer.Control other = TestingScorer.control();
        ScoringSettings settings = ensemble(other);
        other.name("first");
        try (Harness harness = harness(settings)) {
            assertThatThrownBy(harness::open)
                    .isInstanceOf(SuppressRestartsException.class)
                    .hasStackTraceContaining("Two model packages are named first");
        }
        assertThat(control.closed()).isEqualTo(1);
        assertThat(other.closed()).isEqualTo(1);
    }

    @Test
    void opensWithoutRestartsWhenThePackageIsWrong() throws Exception {
        control.refuseToLoad("Field 'name' of model.yaml is missing.");
        try (Harness harness = harness(settings(12, 0))) {
            assertThatThrownBy(harness::open)
                    .isInstanceOf(SuppressRestartsException.class)
                    .hasRootCauseInstanceOf(InvalidModelPackageException.class)
                    .hasRootCauseMessage("Field 'name' of model.yaml is missing.");
        }
    }

    @Test
    void keepsPairsThatWaitThroughARestore() throws Exception {
        OperatorSubtaskState snapshot;
        try (Harness harness = harness(settings(1_000, 60_000))) {
            harness.open();
            harness.processElement(task("r1", "a"));
            harness.processElement(task("r2", "b", "c"));
            snapshot = harness.snapshot(1, 1);
            assertThat(harness.extractOutputValues()).isEmpty();
        }
        assertThat(control.batches()).isEmpty();

        try (Harness harness = harness(settings(1_000, 60_000))) {
            harness.initializeState(snapshot);
            harness.open();
            harness.processElement(task("r3", "d"));
            CLOCK.advance(10);

            List<ScoringOutcome> outcomes = outcomes(harness, 3);
            assertThat(outcomes)
                    .extracting(ScoringOutcome::requestId)
                    .containsExactly("r1", "r2", "r3");
            assertThat(outcomes.get(1).pairs()).hasSize(2).allMatch(PairOutcome::scored);
        }
        assertThat(control.batches().stream().flatMap(List::stream))
                .containsExactlyInAnyOrder("a", "b", "c", "d");
        // The model outlived the restart.
        assertThat(control.loads()).isEqualTo(1);
    }

    @Test
    void keepsPairsInTheModelAndPairsThatWaitThroughARescale() throws Exception {
        OperatorSubtaskState snapshot;
        control.block();
        try (Harness harness = harness(settings(6, 60_000))) {
            harness.open();
            for (int i = 0; i < 12; i++) {
                harness.processElement(task("r" + i, "a" + i));
            }
            control.awaitBatches(1);
            snapshot = harness.snapshot(1, 1);
            assertThat(harness.extractOutputValues()).isEmpty();
        }
        control.release();

        List<String> answered = new ArrayList<>();
        for (int subtask = 0; subtask < 2; subtask++) {
            ScoreCandidatesAsyncFunction function =
                    new ScoreCandidatesAsyncFunction(
                            new TestingScorer.Factory(),
                            settings(6, 60_000),
                            TIMEOUT_MILLIS,
                            () -> SCORERS);
            try (MockEnvironment environment = subtaskWithGpus(subtask);
                    Harness harness = new Harness(function, environment)) {
                harness.initializeState(
                        AbstractStreamOperatorTestHarness.repartitionOperatorState(
                                snapshot, 4, 1, 2, subtask));
                harness.open();
                List<ScoringOutcome> outcomes = outcomes(harness, 6);
                assertThat(outcomes).hasSize(6);
                assertThat(outcomes).allMatch(outcome -> outcome.pairs().get(0).scored());
                outcomes.forEach(outcome -> answered.add(outcome.requestId()));
            }
        }
        assertThat(answered)
                .containsExactlyInAnyOrderElementsOf(
                        IntStream.range(0, 12).mapToObj(i -> "r" + i).toList());
    }
}
