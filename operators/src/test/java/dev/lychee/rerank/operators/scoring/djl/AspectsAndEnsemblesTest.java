package dev.lychee.rerank.operators.scoring.djl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.lychee.rerank.operators.postprocess.Probability;
import dev.lychee.rerank.operators.scoring.BatchLimits;
import dev.lychee.rerank.operators.scoring.ScoreCandidatesAsyncFunction;
import dev.lychee.rerank.operators.scoring.ScoringSettings;
import dev.lychee.rerank.operators.scoring.ScoringSettings.DevicePreference;
import dev.lychee.rerank.operators.scoring.ServiceLimits;
import dev.lychee.rerank.operators.scoring.model.PackageScorerFactory;
import dev.lychee.rerank.schemas.ModelReference;
import dev.lychee.rerank.schemas.Profile.Aspect;
import dev.lychee.rerank.schemas.flow.PairOutcome;
import dev.lychee.rerank.schemas.flow.Questions;
import dev.lychee.rerank.schemas.flow.ScoreItem;
import dev.lychee.rerank.schemas.flow.ScoreTask;
import dev.lychee.rerank.schemas.flow.ScoringOutcome;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.apache.flink.api.common.serialization.SerializerConfigImpl;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.streaming.api.datastream.AsyncDataStream.OutputMode;
import org.apache.flink.streaming.api.operators.async.AsyncWaitOperatorFactory;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.runtime.tasks.mailbox.TaskMailbox;
import org.apache.flink.streaming.util.OneInputStreamOperatorTestHarness;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Real yes-no models, asked several questions about each pair. */
@Timeout(120)
class AspectsAndEnsemblesTest {

    private static final String QUERY = "red dress";
    private static final String DOCUMENT = "a red dress";
    private static final String COLOUR = "is the color right";
    private static final String SIZE = "is the size small";
    private static final long TIMEOUT_MILLIS = 60_000;

    @Test
    void aspectsDifferByTheirInstruction() throws Exception {
        Map<String, Aspect> aspects =
                Map.of("colour", new Aspect(COLOUR, 3.0), "size", new Aspect(SIZE, 1.0));

        ScoringOutcome outcome = score(new Questions(aspects, Map.of(), 1), "yes-no");

        PairOutcome pair = outcome.pairs().get(0);
        double colour = Probability.sigmoid(logit("yes-no", COLOUR));
        double size = Probability.sigmoid(logit("yes-no", SIZE));
        assertThat(Math.abs(colour - size)).isGreaterThan(1e-3);
        assertThat(pair.aspects().get("colour")).isCloseTo(colour, within(1e-4));
        assertThat(pair.aspects().get("size")).isCloseTo(size, within(1e-4));
        assertThat(Probability.sigmoid(pair.logit()))
                .isCloseTo(
                        0.75 * pair.aspects().get("colour") + 0.25 * pair.aspects().get("size"),
                        within(1e-12));
        assertThat(outcome.models()).containsExactly(new ModelReference("yes-no", "1"));
    }

    @Test
    void anEnsembleIsTheMeanOfWhatItsModelsSay() throws Exception {
        Questions both = new Questions(Map.of(), Map.of("yes-no", 1.0, "cls-two", 3.0), 2);

        ScoringOutcome outcome = score(both, "yes-no", "cls-two");

        double asked = Probability.sigmoid(logit("yes-no", null) / 2);
        double classified = Probability.sigmoid(logit("cls-two", null) / 2);
        assertThat(Math.abs(asked - classified)).isGreaterThan(1e-3);
        assertThat(Probability.sigmoid(outcome.pairs().get(0).logit()))
                .isCloseTo(0.25 * asked + 0.75 * classified, within(1e-4));
        assertThat(outcome.models())
                .containsExactly(
                        new ModelReference("cls-two", "1"), new ModelReference("yes-no", "1"));
        assertThat(outcome.fingerprint())
                .isNotEqualTo(score(Questions.ONE, "yes-no", "cls-two").fingerprint());
    }

    /** What one model says by itself, over its own temperature. */
    private static double logit(String name, @Nullable String instruction) throws Exception {
        try (DjlScorer scorer = TestPackages.load(name)) {
            float logit =
                    scorer.score(
                                    List.of(
                                            scorer.encodePair(
                                                    scorer.encodeQuery(instruction, QUERY),
                                                    DOCUMENT)))[0];
            return logit / scorer.description().temperature();
        }
    }

    private static ScoringOutcome score(Questions questions, String... packages) throws Exception {
        List<String> folders =
                Arrays.stream(packages).map(each -> TestPackages.folder(each).toString()).toList();
        ScoringSettings settings =
                new ScoringSettings(
                        folders.get(0),
                        "fp32",
                        DevicePreference.CPU,
                        new ServiceLimits(new BatchLimits(256, 1), 0, 0),
                        0,
                        1,
                        false,
                        true,
                        folders.subList(1, folders.size()));
        ScoreTask task =
                new ScoreTask(
                        "r",
                        "e",
                        0,
                        null,
                        QUERY,
                        null,
                        List.of(new ScoreItem(0, 1, DOCUMENT, List.of())),
                        1,
                        Long.MAX_VALUE,
                        questions);
        try (var harness =
                new OneInputStreamOperatorTestHarness<ScoreTask, ScoringOutcome>(
                        new AsyncWaitOperatorFactory<>(
                                new ScoreCandidatesAsyncFunction(
                                        new PackageScorerFactory(), settings, TIMEOUT_MILLIS),
                                TIMEOUT_MILLIS,
                                10,
                                OutputMode.UNORDERED),
                        TypeInformation.of(ScoreTask.class)
                                .createSerializer(new SerializerConfigImpl()))) {
            harness.open();
            harness.processElement(new StreamRecord<>(task));
            while (harness.extractOutputValues().isEmpty()) {
                harness.getTaskMailbox().take(TaskMailbox.MIN_PRIORITY).run();
            }
            return harness.extractOutputValues().get(0);
        }
    }
}
