package dev.lychee.rerank.operators;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lychee.rerank.operators.adjust.AdjustmentSteps;
import dev.lychee.rerank.operators.adjust.ScoreAdjuster;
import dev.lychee.rerank.operators.assembly.RequestAssembler;
import dev.lychee.rerank.operators.calibration.CalibrationMaps;
import dev.lychee.rerank.operators.clicks.Exploration;
import dev.lychee.rerank.operators.profile.ProfileCatalog;
import dev.lychee.rerank.operators.text.TextDictionaries;
import dev.lychee.rerank.schemas.Candidate;
import dev.lychee.rerank.schemas.CandidateSet;
import dev.lychee.rerank.schemas.ImageReference;
import dev.lychee.rerank.schemas.Overrides;
import dev.lychee.rerank.schemas.Query;
import dev.lychee.rerank.schemas.RerankedResult;
import dev.lychee.rerank.schemas.SetContext;
import dev.lychee.rerank.schemas.Shard;
import dev.lychee.rerank.schemas.flow.BoundCandidateSet;
import dev.lychee.rerank.schemas.flow.DecodedSet;
import dev.lychee.rerank.schemas.flow.ScoreTask;
import dev.lychee.rerank.schemas.flow.ScoredSet;
import dev.lychee.rerank.schemas.flow.SourcePosition;
import dev.lychee.rerank.schemas.flow.SourceRecord;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.flink.streaming.api.operators.ProcessOperator;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.util.OneInputStreamOperatorTestHarness;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The query on its way from the set to the model and to the result. */
class CleanedQueryTest {

    private static final Query QUERY = Query.ofText("A very nice  iPhone15pro");

    @TempDir private Path folder;

    @Test
    void theModelReadsTheCleanedQueryAndTheResultHasBoth() throws Exception {
        BoundCandidateSet envelope = bind(ProfileCatalog.presets(), "ecommerce", QUERY, null);

        RerankedResult result = result(envelope);

        assertThat(task(envelope).query()).isEqualTo("A nice iPhone 15 Pro");
        assertThat(result.query().text()).isEqualTo(QUERY.text());
        assertThat(result.query().cleaned()).isEqualTo("A nice iPhone 15 Pro");
        assertThat(result.fingerprint())
                .matches("[0-9a-f]{16}")
                .isNotEqualTo(TestingSets.FINGERPRINT);
    }

    @Test
    void otherProfilesLeaveTheQueryAndTheFingerprintAsTheyAre() throws Exception {
        BoundCandidateSet envelope = bind(ProfileCatalog.presets(), "production", QUERY, null);

        RerankedResult result = result(envelope);

        assertThat(task(envelope).query()).isEqualTo(QUERY.text());
        assertThat(result.query().cleaned()).isNull();
        assertThat(result.fingerprint()).isEqualTo(TestingSets.FINGERPRINT);
    }

    @Test
    void aQueryOfAPictureHasNoText() throws Exception {
        Query picture = new Query(null, new ImageReference("https://example.com/q.jpg", null));

        RerankedResult result = result(bind(ProfileCatalog.presets(), "ecommerce", picture, null));

        assertThat(result.query().text()).isNull();
        assertThat(result.query().cleaned()).isNull();
    }

    @Test
    void theLocaleOfTheSetCounts() throws Exception {
        BoundCandidateSet envelope = bind(ProfileCatalog.presets(), "ecommerce", QUERY, "de-DE");

        assertThat(envelope.query()).isEqualTo("A very nice iPhone 15 Pro");
    }

    @Test
    void dictionariesOfTheUserTravelWithTheJobAndChangeTheFingerprint() throws Exception {
        Path file = folder.resolve("words.yaml");
        Files.writeString(file, "{schema: 1, fillers: [nice]}");
        ProfileCatalog catalog =
                ProfileCatalog.presets().withDictionaries(TextDictionaries.load(List.of(file)));
        BoundCandidateSet before = bind(ProfileCatalog.presets(), "ecommerce", QUERY, null);
        Files.delete(file);

        BoundCandidateSet envelope = bind(catalog, "ecommerce", QUERY, null);

        assertThat(envelope.query()).isEqualTo("A iPhone 15 Pro");
        assertThat(result(envelope).fingerprint()).isNotEqualTo(result(before).fingerprint());
    }

    private static BoundCandidateSet bind(
            ProfileCatalog catalog, String profile, Query query, @Nullable String locale)
            throws Exception {
        CandidateSet set =
                new CandidateSet(
                        "r",
                        null,
                        query,
                        List.of(Candidate.ofText("a", "a phone")),
                        null,
                        profile,
                        null,
                        null,
                        null,
                        new SetContext(null, null, null, locale, null, null),
                        Overrides.NONE,
                        Shard.WHOLE);
        SourceRecord source =
                new SourceRecord(new SourcePosition("candidate-sets", 0, 1), 0, null, new byte[0]);
        try (OneInputStreamOperatorTestHarness<DecodedSet, BoundCandidateSet> harness =
                new OneInputStreamOperatorTestHarness<>(
                        new ProcessOperator<>(
                                new BindStaticProfileFunction(
                                        catalog, "default", DeadlinePolicy.IGNORE)))) {
            harness.open();
            harness.processElement(new StreamRecord<>(new DecodedSet(set, source, "hash")));
            return harness.extractOutputValues().get(0);
        }
    }

    private static ScoreTask task(BoundCandidateSet envelope) throws Exception {
        try (OneInputStreamOperatorTestHarness<BoundCandidateSet, BoundCandidateSet> harness =
                new OneInputStreamOperatorTestHarness<>(
                        new ProcessOperator<>(new SplitCandidateSetFunction(2_048, 512, 0)))) {
            harness.open();
            harness.processElement(new StreamRecord<>(envelope));
            return harness.getSideOutput(SplitCandidateSetFunction.TASKS).peek().getValue();
        }
    }

    private static RerankedResult result(BoundCandidateSet envelope) throws Exception {
        ScoredSet assembled =
                new RequestAssembler(CalibrationMaps.NONE)
                        .assemble(
                                List.of(envelope),
                                List.of(TestingSets.outcome(envelope, 2.0)),
                                false);
        ScoredSet calibrated =
                new CalibrateScoresFunction().map(new NormalizeScoresFunction().map(assembled));
        ScoredSet adjusted = new ScoreAdjuster(AdjustmentSteps.NONE).adjust(calibrated).set();
        return RankCandidatesFunction.rank(
                new ApplyThresholdFunction().map(adjusted), Exploration.NONE, 1.0);
    }
}
