package dev.lychee.rerank.operators;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lychee.rerank.operators.adjust.AdjustmentSteps;
import dev.lychee.rerank.operators.adjust.ScoreAdjuster;
import dev.lychee.rerank.operators.assembly.RequestAssembler;
import dev.lychee.rerank.operators.calibration.CalibrationMaps;
import dev.lychee.rerank.operators.clicks.Exploration;
import dev.lychee.rerank.operators.profile.ProfileBinder;
import dev.lychee.rerank.operators.profile.ProfileCatalog;
import dev.lychee.rerank.schemas.CandidateSet;
import dev.lychee.rerank.schemas.CandidateSetCodec;
import dev.lychee.rerank.schemas.MessageLimits;
import dev.lychee.rerank.schemas.RerankedResult;
import dev.lychee.rerank.schemas.ResultItem;
import dev.lychee.rerank.schemas.flow.BoundCandidateSet;
import dev.lychee.rerank.schemas.flow.ScoredSet;
import dev.lychee.rerank.schemas.flow.SourcePosition;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What each preset makes of one set, worked out by hand. */
class PresetsTest {

    /** In retrieval order; b and a are near-equal, a is sold out, c sells well. */
    private static final String SET =
            """
            {"request_id": "r", "query": "jacket", "profile": "%s", "candidates": [
              {"id": "g", "text": "g"},
              {"id": "b", "text": "b"},
              {"id": "a", "text": "a", "fields": {"inventory": 0}},
              {"id": "d", "text": "d"},
              {"id": "c", "text": "c", "fields": {"image_quality": 1, "rating": 5, "inventory": 20,
                                                 "sales": 2000}},
              {"id": "f", "text": "f"},
              {"id": "e", "text": "e"}]}
            """;

    /** Sigmoids: g .047, b .952, a .953, d .622, c .731, f .269, e .5. */
    private static final double[] LOGITS = {-3, 2.99, 3, 0.5, 1, -1, 0};

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                // (logit + 3) / 6
                "default | a 1.000, b 0.998, c 0.667, d 0.583, e 0.500, f 0.333, g 0.000 | '' | 1.0",
                "robust | a 0.953, b 0.952, c 0.731, d 0.622, e 0.500, f 0.269, g 0.047 | '' | 0.953",
                // The best cut explains .73 of the variance, less than .8: no cut.
                "production | a 0.953, b 0.952, c 0.731, d 0.622, e 0.500, f 0.269, g 0.047 | '' | 0.953",
                // .35 p + .65 * .5; c has .35 * .731 + .15 + .15 + .1 + .125, boosted by 1.1;
                // a loses .1 * .4 and stands behind what is in stock
                "ecommerce | c 0.859, b 0.658, d 0.543, e 0.500, f 0.419, a 0.618 | g rule:floor | 0.859",
                "screening | b 0.952, a 0.953, c 0.731, d 0.622, e 0.500 | f threshold, g threshold | 9.5",
                "precise | b 0.952 | a top_n, c threshold, d threshold, e threshold, f threshold, g threshold | 9.5",
                "compare | b 0.952, a 0.953 | c top_n, d top_n, e top_n, f top_n, g top_n | 9.5",
                "mixed-language | b 0.952, a 0.953, c 0.731 | d threshold, e threshold, f threshold, g threshold | 9.5",
                "library-report | b 0.952, a 0.953, c 0.731 | d threshold, e threshold, f threshold, g threshold | 9.5"
            })
    void givesWhatItPromises(String preset, String kept, String dropped, double display)
            throws Exception {
        RerankedResult result = process(preset);

        assertThat(
                        result.results().stream()
                                .map(item -> item.id() + " " + number(item.score()))
                                .collect(Collectors.joining(", ")))
                .isEqualTo(kept);
        assertThat(
                        result.dropped().stream()
                                .map(item -> item.id() + " " + item.reason())
                                .collect(Collectors.joining(", ")))
                .isEqualTo(dropped);
        ResultItem first = result.results().get(0);
        assertThat(first.display()).isEqualTo(display);
    }

    private static RerankedResult process(String preset) throws Exception {
        CandidateSet set =
                new CandidateSetCodec(MessageLimits.DEFAULTS)
                        .decode(SET.formatted(preset).getBytes(StandardCharsets.UTF_8));
        BoundCandidateSet envelope =
                new BoundCandidateSet(
                        "candidate-sets-0-1",
                        new SourcePosition("candidate-sets", 0, 1),
                        0,
                        null,
                        "hash",
                        set,
                        new ProfileBinder(ProfileCatalog.presets(), "default").bind(set),
                        String.valueOf(set.query().text()),
                        Long.MAX_VALUE,
                        1);
        ScoredSet assembled =
                new RequestAssembler(CalibrationMaps.NONE)
                        .assemble(
                                List.of(envelope),
                                List.of(TestingSets.outcome(envelope, LOGITS)),
                                false);
        ScoredSet calibrated =
                new CalibrateScoresFunction().map(new NormalizeScoresFunction().map(assembled));
        ScoredSet adjusted = new ScoreAdjuster(AdjustmentSteps.NONE).adjust(calibrated).set();
        return RankCandidatesFunction.rank(
                new ApplyThresholdFunction().map(adjusted), Exploration.NONE, 1.0);
    }

    private static String number(double value) {
        return String.format(Locale.ROOT, "%.3f", value);
    }
}
