package dev.lychee.rerank.operators;

import dev.lychee.rerank.operators.adjust.ScoreAccount;
import dev.lychee.rerank.operators.clicks.Exploration;
import dev.lychee.rerank.operators.postprocess.Band;
import dev.lychee.rerank.operators.postprocess.DisplayScale;
import dev.lychee.rerank.operators.postprocess.Ranking;
import dev.lychee.rerank.operators.postprocess.TopOneConfidence;
import dev.lychee.rerank.schemas.Candidate;
import dev.lychee.rerank.schemas.CandidateSet;
import dev.lychee.rerank.schemas.Profile;
import dev.lychee.rerank.schemas.ProfileReference;
import dev.lychee.rerank.schemas.RerankedResult;
import dev.lychee.rerank.schemas.ResultItem;
import dev.lychee.rerank.schemas.ResultQuery;
import dev.lychee.rerank.schemas.Sha256;
import dev.lychee.rerank.schemas.Status;
import dev.lychee.rerank.schemas.ThresholdDecision;
import dev.lychee.rerank.schemas.Timings;
import dev.lychee.rerank.schemas.TopOne;
import dev.lychee.rerank.schemas.TraceStep;
import dev.lychee.rerank.schemas.flow.Adjustment;
import dev.lychee.rerank.schemas.flow.BoundCandidateSet;
import dev.lychee.rerank.schemas.flow.PairOutcome;
import dev.lychee.rerank.schemas.flow.RankedSet;
import dev.lychee.rerank.schemas.flow.ScoredSet;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.apache.flink.streaming.api.functions.ProcessFunction;
import org.apache.flink.util.Collector;
import org.jspecify.annotations.Nullable;

/**
 * Orders the set and writes the result: the kept candidates in rank order, at most {@code top_n},
 * and all others with the reason why they were dropped. Of some requests neighbours change places
 * by chance, if so configured ({@link Exploration}).
 *
 * <p><b>State</b>: none. <b>Time</b>: reads processing time for {@code total_ms} only.
 * <b>Failure</b>: none.
 */
public final class RankCandidatesFunction extends ProcessFunction<ScoredSet, RankedSet> {

    static final String STEP = "rank";

    private static final String EXPLORE_STEP = "explore";

    /** Of two neighbours that a coin puts in order, each is shown at either rank by this chance. */
    private static final double FAIR = 0.5;

    private static final String DROPPED_BY_THRESHOLD = "threshold";
    private static final String DROPPED_UNSCORED = "unscored";
    private static final String DROPPED_BY_TOP_N = "top_n";

    private final Exploration exploration;

    /** Orders sets, some of them partly by chance. */
    public RankCandidatesFunction(Exploration exploration) {
        this.exploration = exploration;
    }

    @Override
    public void processElement(ScoredSet set, Context context, Collector<RankedSet> out) {
        BoundCandidateSet first = set.first();
        long now = context.timerService().currentProcessingTime();
        out.collect(
                new RankedSet(
                        rank(
                                set,
                                exploration,
                                (double) Math.max(0, now - first.sourceTimestampMillis())),
                        first.source(),
                        first.traceparent()));
    }

    /** The result of a set; {@code totalMillis} is only reported. */
    public static RerankedResult rank(ScoredSet set, Exploration exploration, double totalMillis) {
        Profile profile = set.first().profile().effective();
        Adjustment adjustment = set.adjustment();
        int[] tiers = adjustment == null ? null : adjustment.tier();
        int[] byScore =
                Ranking.byTierAndScore(
                        tiers,
                        set.score(),
                        adjustment == null ? null : adjustment.uncapped(),
                        set.logit(),
                        set.scored(),
                        set.retrievalRank());
        Ranking.Ranked ranked =
                Ranking.withTies(
                        byScore,
                        set.calibrated(),
                        tiers,
                        adjustment == null ? null : moved(set),
                        set.scored(),
                        Ranking.TIE_TOLERANCE,
                        profile.rank().ties().equals("keep-input-order"));
        int limit =
                profile.rank().topN() == null
                        ? set.size()
                        : Ranking.topN(profile.rank().topN(), set.size());
        Items items = new Items(set, ranked);
        int[] shown = new int[Math.min(limit, set.size())];
        int size = 0;
        List<ResultItem> dropped = new ArrayList<>();
        for (int index : ranked.order()) {
            if (set.kept()[index] && dropReason(set, index) == null && size < limit) {
                shown[size++] = index;
            } else {
                dropped.add(items.dropped(index, reason(set, index)));
            }
        }
        Exploration.Order explored = explored(set, exploration, tiers, Arrays.copyOf(shown, size));
        List<ResultItem> results = new ArrayList<>(size);
        for (int place = 0; place < size; place++) {
            results.add(
                    explored == null
                            ? items.shown(shown[place], place + 1, null)
                            : items.shown(
                                    shown[explored.places()[place]],
                                    place + 1,
                                    explored.pairs()[place] > 0 ? FAIR : null));
        }
        return result(set, ranked, explored, results, dropped, totalMillis);
    }

    /**
     * The order in which the results are shown, where chance has a say. It has none in results that
     * do not train, on what has no score, and between the parts of the order that business set.
     */
    private static Exploration.@Nullable Order explored(
            ScoredSet set, Exploration exploration, int @Nullable [] tiers, int[] shown) {
        if (set.status() != Status.COMPLETE || !set.degraded().isEmpty()) {
            return null;
        }
        return exploration.order(
                set.set().requestId(),
                shown.length,
                upper -> {
                    int one = shown[upper];
                    int other = shown[upper + 1];
                    return set.scored()[one]
                            && set.scored()[other]
                            && (tiers == null || tiers[one] == tiers[other]);
                });
    }

    /** How far business moved each score from its base. */
    private static double[] moved(ScoredSet set) {
        String base = set.first().profile().effective().adjust().base();
        double[] from = base.equals("calibrated") ? set.calibrated() : set.normalized();
        double[] moved = set.score().clone();
        for (int i = 0; i < moved.length; i++) {
            moved[i] -= from[i];
        }
        return moved;
    }

    private static @Nullable String dropReason(ScoredSet set, int index) {
        Adjustment adjustment = set.adjustment();
        return adjustment == null ? null : adjustment.dropReason()[index];
    }

    private static String reason(ScoredSet set, int index) {
        String byBusiness = dropReason(set, index);
        if (byBusiness != null) {
            return byBusiness;
        }
        if (set.kept()[index]) {
            return DROPPED_BY_TOP_N;
        }
        return set.scored()[index] ? DROPPED_BY_THRESHOLD : DROPPED_UNSCORED;
    }

    private static RerankedResult result(
            ScoredSet set,
            Ranking.Ranked ranked,
            Exploration.@Nullable Order explored,
            List<ResultItem> results,
            List<ResultItem> dropped,
            double totalMillis) {
        BoundCandidateSet first = set.first();
        CandidateSet request = set.set();
        Profile profile = first.profile().effective();
        String text = request.query().text();
        ProfileReference profileReference =
                new ProfileReference(
                        profile.name(), first.profile().version(), first.profile().hash());
        ThresholdDecision threshold = set.threshold();
        if (threshold == null) {
            throw new IllegalStateException("the threshold step comes before the rank step");
        }
        return new RerankedResult(
                RerankedResult.SCHEMA,
                request.requestId(),
                resultId(set, explored),
                set.status(),
                new ResultQuery(
                        text, text == null || first.query().equals(text) ? null : first.query()),
                profileReference,
                first.profile().variant(),
                first.profile().experiment(),
                first.profile().assignment(),
                first.profile().segment(),
                set.fingerprint().isEmpty() ? null : set.fingerprint(),
                set.models(),
                set.calibration(),
                threshold,
                top1(TopOneConfidence.of(ranked.order(), set.calibrated(), set.competing())),
                profile.rank().scale(),
                set.degraded(),
                results,
                dropped,
                explored == null ? set.trace() : traced(set.trace(), explored),
                new Timings(set.queueMillis(), set.scoreMillis(), set.busyMillis(), totalMillis));
    }

    private static @Nullable TopOne top1(@Nullable TopOneConfidence confidence) {
        return confidence == null
                ? null
                : new TopOne(confidence.margin(), confidence.ratio(), confidence.level().label());
    }

    private static List<TraceStep> traced(List<TraceStep> trace, Exploration.Order explored) {
        List<TraceStep> steps = new ArrayList<>(trace);
        steps.add(
                new TraceStep(
                        EXPLORE_STEP,
                        "fair-pairs",
                        null,
                        explored.pairedDocuments() + " results are in pairs ordered by chance"));
        return steps;
    }

    /**
     * The same request, scored by the same model under the same profile and map and shown in the
     * same order: the same id.
     */
    private static String resultId(ScoredSet set, Exploration.@Nullable Order explored) {
        BoundCandidateSet first = set.first();
        String parts =
                String.join(
                        "\n",
                        set.set().requestId(),
                        first.contentHash(),
                        first.profile().hash(),
                        set.fingerprint(),
                        set.calibration().method(),
                        String.valueOf(set.calibration().segment()),
                        String.valueOf(set.calibration().version()),
                        set.status().wireName());
        if (explored != null) {
            parts += "\n" + Arrays.toString(explored.places());
        }
        return Sha256.hex(parts, 32);
    }

    /** Writes one candidate with all its values. */
    private static final class Items {

        private final ScoredSet set;
        private final boolean[] tied;
        private final DisplayScale scale;
        private final boolean returnDocuments;
        private final boolean explain;

        Items(ScoredSet set, Ranking.Ranked ranked) {
            this.set = set;
            this.tied = ranked.tied();
            this.scale = DisplayScale.of((int) set.first().profile().effective().rank().scale());
            this.returnDocuments = Boolean.TRUE.equals(set.set().overrides().returnDocuments());
            this.explain = Boolean.TRUE.equals(set.set().overrides().explain());
        }

        ResultItem shown(int index, int rank, @Nullable Double propensity) {
            return item(index, rank, propensity, null);
        }

        ResultItem dropped(int index, String reason) {
            return item(index, null, null, reason);
        }

        private ResultItem item(
                int index,
                @Nullable Integer rank,
                @Nullable Double propensity,
                @Nullable String reason) {
            Candidate candidate = set.candidates().get(index);
            Adjustment adjustment = set.adjustment();
            PairOutcome pair = set.pairs().get(index);
            boolean scored = set.scored()[index];
            return new ResultItem(
                    candidate.id(),
                    index,
                    rank,
                    valueOf(set.score(), index),
                    scored ? (Double) scale.display(set.score()[index]) : null,
                    scored ? Band.of(set.calibrated()[index]).label() : null,
                    tied[index],
                    reason == null,
                    scored,
                    valueOf(set.logit(), index),
                    valueOf(set.probability(), index),
                    valueOf(set.normalized(), index),
                    valueOf(set.calibrated(), index),
                    valueOf(set.calibratedLow(), index),
                    valueOf(set.calibratedHigh(), index),
                    pair.aspects(),
                    adjustment == null || !scored ? Map.of() : adjustment.signalsOf(index),
                    adjustment == null || !scored ? List.of() : adjustment.missingSignalsOf(index),
                    adjustment == null ? List.of() : adjustment.rulesOf(index),
                    candidate.retrievalScore(),
                    set.retrievalRank()[index],
                    set.retrievalRanks().get(index).byRetriever(),
                    pair.truncated(),
                    pair.image(),
                    pair.imageUse(),
                    propensity,
                    scored ? null : errorOf(pair),
                    reason,
                    returnDocuments ? candidate : null,
                    explain && scored ? ScoreAccount.of(set, index) : List.of());
        }

        private @Nullable Double valueOf(double @Nullable [] column, int index) {
            return column == null || !set.scored()[index] ? null : (Double) column[index];
        }

        private static String errorOf(PairOutcome pair) {
            return pair.error() == null ? "the model gave no finite score" : pair.error();
        }
    }
}
