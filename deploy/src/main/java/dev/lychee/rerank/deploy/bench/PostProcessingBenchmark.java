package dev.lychee.rerank.deploy.bench;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.lychee.rerank.operators.ApplyThresholdFunction;
import dev.lychee.rerank.operators.CalibrateScoresFunction;
import dev.lychee.rerank.operators.NormalizeScoresFunction;
import dev.lychee.rerank.operators.RankCandidatesFunction;
import dev.lychee.rerank.operators.adjust.AdjustmentSteps;
import dev.lychee.rerank.operators.adjust.ScoreAdjuster;
import dev.lychee.rerank.operators.assembly.RequestAssembler;
import dev.lychee.rerank.operators.calibration.CalibrationMaps;
import dev.lychee.rerank.operators.calibration.InvalidCalibrationException;
import dev.lychee.rerank.operators.clicks.Exploration;
import dev.lychee.rerank.operators.profile.ProfileBinder;
import dev.lychee.rerank.operators.profile.ProfileCatalog;
import dev.lychee.rerank.schemas.CalibrationMap;
import dev.lychee.rerank.schemas.Candidate;
import dev.lychee.rerank.schemas.CandidateSet;
import dev.lychee.rerank.schemas.CandidateSetCodec;
import dev.lychee.rerank.schemas.InvalidMessageException;
import dev.lychee.rerank.schemas.Json;
import dev.lychee.rerank.schemas.MessageLimits;
import dev.lychee.rerank.schemas.ModelReference;
import dev.lychee.rerank.schemas.Overrides;
import dev.lychee.rerank.schemas.Query;
import dev.lychee.rerank.schemas.RerankedResult;
import dev.lychee.rerank.schemas.SetContext;
import dev.lychee.rerank.schemas.Shard;
import dev.lychee.rerank.schemas.flow.BoundCandidateSet;
import dev.lychee.rerank.schemas.flow.PairOutcome;
import dev.lychee.rerank.schemas.flow.ScoredSet;
import dev.lychee.rerank.schemas.flow.ScoringOutcome;
import dev.lychee.rerank.schemas.flow.SourcePosition;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/**
 * The steps after the model, one by one and all together, on a set of the {@code production}
 * profile (z-score, Otsu) with an isotonic map of {@value #KNOTS} knots and a band.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class PostProcessingBenchmark {

    private static final String PROFILE = "production";
    private static final String FINGERPRINT = "0123456789abcdef";
    private static final int KNOTS = 32;
    private static final int WORKLOAD_TOKENS = 256;
    private static final long SEED = 1;

    /** Size of the set. */
    @Param({"50", "1000"})
    public int candidates;

    private final NormalizeScoresFunction normalizer = new NormalizeScoresFunction();
    private final CalibrateScoresFunction calibrator = new CalibrateScoresFunction();
    private final ScoreAdjuster adjuster = new ScoreAdjuster(AdjustmentSteps.NONE);
    private final ApplyThresholdFunction thresholder = new ApplyThresholdFunction();
    private final CandidateSetCodec codec = new CandidateSetCodec(MessageLimits.DEFAULTS);

    private RequestAssembler assembler;
    private BoundCandidateSet envelope;
    private ScoringOutcome outcome;
    private ScoredSet assembled;
    private ScoredSet normalized;
    private ScoredSet calibrated;
    private ScoredSet adjusted;
    private ScoredSet cut;
    private RerankedResult result;
    private byte[] message;

    @SuppressWarnings("NullAway.Init") // set in prepare
    public PostProcessingBenchmark() {}

    /** Makes the set and what each step gets. */
    @Setup
    public void prepare()
            throws InvalidMessageException, InvalidCalibrationException, JsonProcessingException {
        CandidateSet set = set(candidates);
        message = CandidateSetCodec.encode(set);
        envelope =
                new BoundCandidateSet(
                        "candidate-sets-0-1",
                        new SourcePosition("candidate-sets", 0, 1),
                        0,
                        null,
                        "hash",
                        set,
                        new ProfileBinder(ProfileCatalog.presets(), PROFILE).bind(set),
                        String.valueOf(set.query().text()),
                        Long.MAX_VALUE,
                        1);
        outcome = outcome(candidates);
        assembler =
                new RequestAssembler(
                        CalibrationMaps.ofJsonLines(Json.mapper().writeValueAsString(map())));
        assembled = assemble();
        normalized = normalize();
        calibrated = calibrate();
        adjusted = adjust();
        cut = threshold();
        result = rank();
    }

    @Benchmark
    public CandidateSet decode() throws InvalidMessageException {
        return codec.decode(message);
    }

    @Benchmark
    public ScoredSet assemble() {
        return assembler.assemble(List.of(envelope), List.of(outcome), false);
    }

    @Benchmark
    public ScoredSet normalize() {
        return normalizer.map(assembled);
    }

    @Benchmark
    public ScoredSet calibrate() {
        return calibrator.map(normalized);
    }

    @Benchmark
    public ScoredSet adjust() {
        return adjuster.adjust(calibrated).set();
    }

    @Benchmark
    public ScoredSet threshold() {
        return thresholder.map(adjusted);
    }

    @Benchmark
    public RerankedResult rank() {
        return RankCandidatesFunction.rank(cut, Exploration.NONE, 1.0);
    }

    /** From normalize to rank. */
    @Benchmark
    public RerankedResult allSteps() {
        return RankCandidatesFunction.rank(
                thresholder.map(adjuster.adjust(calibrator.map(normalizer.map(assembled))).set()),
                Exploration.NONE,
                1.0);
    }

    @Benchmark
    public byte[] encode() throws JsonProcessingException {
        return Json.mapper().writeValueAsBytes(result);
    }

    private static CandidateSet set(int size) {
        Workload.Query query = Workload.draw(size, WORKLOAD_TOKENS, SEED).queries().get(0);
        List<Candidate> candidates = new ArrayList<>(size);
        for (String document : query.documents()) {
            candidates.add(Candidate.ofText("sku-" + candidates.size(), document));
        }
        return new CandidateSet(
                "r-1",
                null,
                Query.ofText(query.text()),
                candidates,
                null,
                PROFILE,
                null,
                null,
                null,
                SetContext.EMPTY,
                Overrides.NONE,
                Shard.WHOLE);
    }

    /** One candidate in ten is relevant, with some overlap. */
    private static ScoringOutcome outcome(int size) {
        Random random = new Random(SEED);
        List<PairOutcome> pairs = new ArrayList<>(size);
        for (int i = 0; i < size; i++) {
            double centre = i % 10 == 0 ? 2.5 : -2.5;
            pairs.add(PairOutcome.scored(i, centre + random.nextGaussian(), false));
        }
        return new ScoringOutcome(
                "r-1",
                "candidate-sets-0-1",
                0,
                FINGERPRINT,
                List.of(new ModelReference("model", "1")),
                1.0,
                pairs,
                1.0,
                1.0,
                0,
                List.of());
    }

    private static CalibrationMap map() {
        double[] logits = new double[KNOTS];
        double[] probabilities = new double[KNOTS];
        double[] low = new double[KNOTS];
        double[] high = new double[KNOTS];
        for (int i = 0; i < KNOTS; i++) {
            logits[i] = -6 + 12.0 * i / (KNOTS - 1);
            probabilities[i] = 1 / (1 + Math.exp(-0.8 * logits[i]));
            low[i] = 0.9 * probabilities[i];
            high[i] = Math.min(1, 1.1 * probabilities[i]);
        }
        return new CalibrationMap(
                1,
                FINGERPRINT,
                CalibrationMap.DEFAULT_SEGMENT,
                1,
                "isotonic",
                logits,
                probabilities,
                low,
                high,
                null,
                null,
                1_000,
                null,
                null,
                List.of(),
                null);
    }
}
