package dev.lychee.rerank.operators.assembly;

import dev.lychee.rerank.operators.calibration.CalibrationMaps;
import dev.lychee.rerank.operators.postprocess.Probability;
import dev.lychee.rerank.operators.postprocess.ReciprocalRankFusion;
import dev.lychee.rerank.schemas.CalibrationReference;
import dev.lychee.rerank.schemas.Candidate;
import dev.lychee.rerank.schemas.CandidateSet;
import dev.lychee.rerank.schemas.InvalidMessageException;
import dev.lychee.rerank.schemas.ModelReference;
import dev.lychee.rerank.schemas.Profile;
import dev.lychee.rerank.schemas.Reason;
import dev.lychee.rerank.schemas.Sha256;
import dev.lychee.rerank.schemas.Status;
import dev.lychee.rerank.schemas.TraceStep;
import dev.lychee.rerank.schemas.flow.BoundCandidateSet;
import dev.lychee.rerank.schemas.flow.PairOutcome;
import dev.lychee.rerank.schemas.flow.RetrieverRanks;
import dev.lychee.rerank.schemas.flow.ScoredSet;
import dev.lychee.rerank.schemas.flow.ScoringOutcome;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Makes one scored set of a request's envelopes and outcomes. */
public final class RequestAssembler {

    private static final String MISSING = "no score before the answer was due";

    private static final int FINGERPRINT_DIGITS = 16;

    private final CalibrationMaps calibrationMaps;

    public RequestAssembler(CalibrationMaps calibrationMaps) {
        this.calibrationMaps = calibrationMaps;
    }

    /**
     * Checks that a further shard belongs to the same request.
     *
     * @throws InvalidMessageException saying what contradicts the shard that came before
     */
    public static void requireSameRequest(BoundCandidateSet earlier, BoundCandidateSet later)
            throws InvalidMessageException {
        CandidateSet a = earlier.set();
        CandidateSet b = later.set();
        if (a.shard().index() == b.shard().index()) {
            String which =
                    earlier.contentHash().equals(later.contentHash())
                            ? "the same record came twice"
                            : "another record has the same request_id and shard.index";
            throw new InvalidMessageException(
                    Reason.DUPLICATE_SHARD,
                    "shard %d of request \"%s\": %s; the first one counts"
                            .formatted(b.shard().index(), b.requestId(), which));
        }
        if (a.shard().count() != b.shard().count()) {
            throw conflict("shard.count", b.shard().count(), a.shard().count(), b);
        }
        if (!Objects.equals(a.query(), b.query())) {
            throw conflict("query", "another one", "that of the first shard", b);
        }
        if (!earlier.profile().equals(later.profile()) && !asksTheSame(earlier, later)) {
            throw conflict(
                    "profile",
                    later.profile().effective().name() + " with its overrides",
                    earlier.profile().effective().name() + " with those of the first shard",
                    b);
        }
    }

    /**
     * A profile that is changed between two shards is no contradiction of theirs: the first shard's
     * version holds for the whole request. Only answers to other questions, or about texts that
     * were made in another way, cannot be mixed.
     */
    private static boolean asksTheSame(BoundCandidateSet earlier, BoundCandidateSet later) {
        CandidateSet a = earlier.set();
        CandidateSet b = later.set();
        return Objects.equals(a.profile(), b.profile())
                && Objects.equals(a.instruction(), b.instruction())
                && Objects.equals(a.topN(), b.topN())
                && Objects.equals(a.scoreThreshold(), b.scoreThreshold())
                && a.context().equals(b.context())
                && a.overrides().equals(b.overrides())
                && questionsEqual(earlier.profile().effective(), later.profile().effective())
                && Objects.equals(earlier.profile().textHash(), later.profile().textHash());
    }

    /** What the model says it made logits with, and how the texts were made that it read. */
    private static String fingerprint(String ofModel, @Nullable String ofTexts) {
        return ofModel.isEmpty() || ofTexts == null
                ? ofModel
                : Sha256.hex(ofModel + "\n" + ofTexts, FINGERPRINT_DIGITS);
    }

    private static boolean questionsEqual(Profile a, Profile b) {
        return Objects.equals(a.instruction(), b.instruction())
                && a.aspects().equals(b.aspects())
                && a.models().equals(b.models())
                // A mixture has the temperature inside.
                && (a.questionsPerPair() == 1 || a.temperature() == b.temperature());
    }

    private static InvalidMessageException conflict(
            String field, Object got, Object expected, CandidateSet shard) {
        return new InvalidMessageException(
                Reason.CONFLICTING_SHARD,
                "%s: shard %d of request \"%s\" has %s, expected %s"
                        .formatted(field, shard.shard().index(), shard.requestId(), got, expected));
    }

    /** Whether every task of every shard has its outcome. */
    public static boolean isComplete(
            List<BoundCandidateSet> envelopes, List<ScoringOutcome> outcomes) {
        if (envelopes.isEmpty() || envelopes.size() < envelopes.get(0).set().shard().count()) {
            return false;
        }
        Map<String, boolean[]> answered = new HashMap<>();
        for (BoundCandidateSet envelope : envelopes) {
            answered.put(envelope.envelopeId(), new boolean[envelope.taskCount()]);
        }
        int missing = envelopes.stream().mapToInt(BoundCandidateSet::taskCount).sum();
        for (ScoringOutcome outcome : outcomes) {
            boolean[] tasks = answered.get(outcome.envelopeId());
            if (tasks != null && !tasks[outcome.taskIndex()]) {
                tasks[outcome.taskIndex()] = true;
                missing--;
            }
        }
        return missing == 0;
    }

    /**
     * Puts the parts together.
     *
     * @param envelopes the shards that came, at least one
     * @param outcomes outcomes, those of refused shards included
     * @param overdue whether the request is answered because its time has come
     */
    public ScoredSet assemble(
            List<BoundCandidateSet> envelopes, List<ScoringOutcome> outcomes, boolean overdue) {
        List<BoundCandidateSet> shards = new ArrayList<>(envelopes);
        shards.sort(Comparator.comparingInt(envelope -> envelope.set().shard().index()));
        Map<String, List<ScoringOutcome>> byEnvelope = new HashMap<>();
        for (ScoringOutcome outcome : outcomes) {
            byEnvelope.computeIfAbsent(outcome.envelopeId(), id -> new ArrayList<>()).add(outcome);
        }
        BoundCandidateSet first = shards.get(0);
        Merged merged = new Merged(shards.size(), first.set().shard().count() > 1);
        Answers answers = new Answers();
        for (int shard = 0; shard < shards.size(); shard++) {
            BoundCandidateSet envelope = shards.get(shard);
            List<ScoringOutcome> answered =
                    byEnvelope.getOrDefault(envelope.envelopeId(), List.of());
            merged.add(shard, envelope, pairsOf(envelope, answered));
            answers.add(answered);
        }
        return merged.toScoredSet(first, answers, overdue);
    }

    private static @Nullable PairOutcome[] pairsOf(
            BoundCandidateSet envelope, List<ScoringOutcome> outcomes) {
        @Nullable PairOutcome[] pairs = new PairOutcome[envelope.set().candidates().size()];
        for (ScoringOutcome outcome : outcomes) {
            for (PairOutcome pair : outcome.pairs()) {
                pairs[pair.position()] = pair;
            }
        }
        return pairs;
    }

    /** What the outcomes say about the whole request. */
    private static final class Answers {

        private String fingerprint = "";
        private List<ModelReference> models = List.of();
        private double temperature = 1;
        private boolean mixture;
        private double queueMillis;
        private double scoreMillis;
        private double busyMillis;
        private final Set<String> degraded = new LinkedHashSet<>();
        private final Set<String> notes = new LinkedHashSet<>();

        void add(List<ScoringOutcome> outcomes) {
            for (ScoringOutcome outcome : outcomes) {
                if (!outcome.fingerprint().isEmpty()) {
                    fingerprint = outcome.fingerprint();
                    models = outcome.models();
                    temperature = outcome.temperature();
                    mixture = outcome.mixture();
                }
                queueMillis = Math.max(queueMillis, outcome.queueMillis());
                scoreMillis = Math.max(scoreMillis, outcome.scoreMillis());
                busyMillis = Math.max(busyMillis, outcome.busyMillis());
                if (outcome.degraded() != null) {
                    degraded.addAll(outcome.degraded());
                }
                if (outcome.notes() != null) {
                    notes.addAll(outcome.notes());
                }
            }
        }
    }

    /** The candidates of all shards, merged by id in order of first appearance. */
    private final class Merged {

        private final int shardCount;
        private final boolean sharded;
        private final List<Candidate> candidates = new ArrayList<>();
        private final List<@Nullable PairOutcome> pairs = new ArrayList<>();
        private final List<RetrieverRanks> ranks = new ArrayList<>();
        private final List<int[]> ranksByShard = new ArrayList<>();
        private final Map<String, Integer> indexById = new HashMap<>();
        private boolean anyMissing;

        Merged(int shardCount, boolean sharded) {
            this.shardCount = shardCount;
            this.sharded = sharded;
        }

        void add(int shard, BoundCandidateSet envelope, @Nullable PairOutcome[] outcomes) {
            String retriever = envelope.set().shard().retriever();
            String name = retriever == null ? "shard-" + envelope.set().shard().index() : retriever;
            List<Candidate> own = envelope.set().candidates();
            for (int position = 0; position < own.size(); position++) {
                Candidate candidate = own.get(position);
                PairOutcome outcome = outcomes[position];
                anyMissing |= outcome == null;
                Integer known = indexById.putIfAbsent(candidate.id(), candidates.size());
                if (known == null) {
                    candidates.add(candidate);
                    pairs.add(outcome);
                    ranks.add(sharded ? new RetrieverRanks(new TreeMap<>()) : RetrieverRanks.NONE);
                    ranksByShard.add(new int[shardCount]);
                    known = candidates.size() - 1;
                } else if (isBetter(outcome, pairs.get(known))) {
                    pairs.set(known, outcome);
                }
                ranksByShard.get(known)[shard] = position + 1;
                if (sharded) {
                    ranks.get(known).byRetriever().merge(name, position + 1, Math::min);
                }
            }
        }

        private static boolean isBetter(
                @Nullable PairOutcome outcome, @Nullable PairOutcome before) {
            return outcome != null && (before == null || (outcome.scored() && !before.scored()));
        }

        ScoredSet toScoredSet(BoundCandidateSet first, Answers answers, boolean overdue) {
            int n = candidates.size();
            double temperature =
                    answers.mixture
                            ? answers.temperature
                            : answers.temperature * first.profile().effective().temperature();
            boolean[] scored = new boolean[n];
            double[] logit = new double[n];
            List<PairOutcome> outcomes = new ArrayList<>(n);
            int scoredCount = 0;
            for (int i = 0; i < n; i++) {
                PairOutcome pair = pairs.get(i);
                if (pair == null) {
                    pair = PairOutcome.failed(i, MISSING);
                }
                // A score that is not a finite number would spoil every statistic of the set.
                scored[i] = pair.scored() && Double.isFinite(pair.logit());
                logit[i] = scored[i] ? pair.logit() : 0;
                scoredCount += scored[i] ? 1 : 0;
                outcomes.add(pair);
            }
            boolean whole = shardCount == first.set().shard().count() && !anyMissing;
            Status status =
                    scoredCount == 0
                            ? Status.FALLBACK
                            : whole && !(overdue && scoredCount < n)
                                    ? Status.COMPLETE
                                    : Status.PARTIAL;
            String fingerprint = fingerprint(answers.fingerprint, first.profile().textHash());
            double[] zeros = new double[n];
            boolean[] kept = new boolean[n];
            Arrays.fill(kept, true);
            return new ScoredSet(
                    status,
                    first,
                    candidates,
                    outcomes,
                    retrievalRank(n),
                    ranks,
                    calibrationMaps.find(fingerprint, first.profile().segment()),
                    fingerprint,
                    answers.models,
                    temperature,
                    answers.queueMillis,
                    answers.scoreMillis,
                    answers.busyMillis,
                    List.copyOf(answers.degraded),
                    scored,
                    logit,
                    Probability.ofLogits(logit, scored, temperature),
                    zeros,
                    zeros,
                    null,
                    null,
                    zeros,
                    null,
                    kept,
                    CalibrationReference.IDENTITY,
                    null,
                    trace(first, answers));
        }

        private List<TraceStep> trace(BoundCandidateSet first, Answers answers) {
            List<TraceStep> trace = new ArrayList<>();
            if (sharded) {
                trace.add(traced(first));
            }
            if (!answers.notes.isEmpty()) {
                trace.add(
                        new TraceStep(
                                "score",
                                answers.mixture ? "mean" : "single",
                                null,
                                String.join("; ", answers.notes)));
            }
            return trace;
        }

        private int[] retrievalRank(int n) {
            int[][] ranks = new int[shardCount][n];
            for (int i = 0; i < n; i++) {
                for (int shard = 0; shard < shardCount; shard++) {
                    ranks[shard][i] = ranksByShard.get(i)[shard];
                }
            }
            return ReciprocalRankFusion.fuse(ranks, n).ranks();
        }

        private TraceStep traced(BoundCandidateSet first) {
            return new TraceStep(
                    "assemble",
                    "reciprocal-rank-fusion",
                    null,
                    "%d of %d shards, %d candidates"
                            .formatted(shardCount, first.set().shard().count(), candidates.size()));
        }
    }
}
