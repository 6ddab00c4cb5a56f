package dev.lychee.rerank.deploy.bench;

import dev.lychee.rerank.deploy.UserMistakeException;
import dev.lychee.rerank.deploy.bench.InTurns.Pass;
import dev.lychee.rerank.deploy.bench.InTurns.Round;
import dev.lychee.rerank.deploy.bench.ScorerBenchReport.Pictures;
import dev.lychee.rerank.deploy.bench.ScorerBenchReport.Variant;
import dev.lychee.rerank.operators.scoring.BatchLimits;
import dev.lychee.rerank.operators.scoring.BatchShape;
import dev.lychee.rerank.operators.scoring.EncodedPair;
import dev.lychee.rerank.operators.scoring.EncodedQuery;
import dev.lychee.rerank.operators.scoring.PairScore;
import dev.lychee.rerank.operators.scoring.PairSide;
import dev.lychee.rerank.operators.scoring.Scorer;
import dev.lychee.rerank.operators.scoring.ScorerDescription;
import dev.lychee.rerank.operators.scoring.ScoringService;
import dev.lychee.rerank.operators.scoring.ScoringStats;
import dev.lychee.rerank.operators.scoring.TaskScores;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The scheduler against raw forward passes, and against what one would write without it.
 *
 * <p>All variants score the same pairs with the same loaded model. The raw passes get their pairs
 * tokenized and sorted by length beforehand; the other variants get texts, or encoded pictures,
 * which they decode and resize themselves.
 */
public final class ScorerBench {

    private static final String RAW = "raw, sorted, budget ";
    private static final List<Integer> STATIC_BUDGETS = List.of(512, 1_024, 2_048, 4_096, 8_192);
    private static final int SMALL_SET = 20;
    private static final int LARGE_SET = 1_000;
    private static final int PLAIN_BATCH = 32;
    private static final double P95 = 0.95;

    private static final String SCHEDULER = "scheduler, sets of ";

    /**
     * What to measure.
     *
     * @param model folder of the model package
     * @param precision as the job's {@code scoring.precision}
     * @param device {@code cpu}, or {@code gpu:0} with the index of the GPU
     * @param threads threads of one forward pass; 0 for one per core
     * @param limits how the scheduler forms batches
     * @param deterministic whether a batch holds pairs of one set only
     * @param pictures what pictures the pairs have; null for pairs of texts
     * @param pairs pairs in a round
     * @param rounds how often each variant is measured
     * @param seed of the workload
     */
    public record Options(
            Path model,
            String precision,
            String device,
            int threads,
            BatchLimits limits,
            boolean deterministic,
            PictureWorkload.@Nullable Settings pictures,
            int pairs,
            int rounds,
            long seed) {}

    private final Options options;
    private final Consumer<String> progress;

    /** A measurement that says what it is at to {@code progress}. */
    public ScorerBench(Options options, Consumer<String> progress) {
        this.options = options;
        this.progress = progress;
    }

    /** Measures; takes some rounds of all variants. */
    public ScorerBenchReport run() throws IOException {
        Machine machine = Machine.now();
        progress.accept("Loading the model ...");
        Scorer scorer =
                LoadedScorer.load(
                        options.model(), options.precision(), options.device(), options.threads());
        // Closes the scorer too; its inference thread waits while others use the scorer.
        try (ScoringService service =
                LoadedScorer.service(scorer, options.limits(), options.deterministic())) {
            ScorerDescription description = service.description();
            Drawn drawn = draw(scorer, description);
            List<EncodedPair> encoded = encode(scorer, drawn.sets());
            Map<String, List<Round>> rounds =
                    InTurns.measure(
                            passes(scorer, service, drawn.sets(), encoded),
                            options.rounds(),
                            progress);
            return report(machine, service, drawn, encoded, rounds);
        }
    }

    /** The pairs, and what a picture costs beside the model. */
    private record Drawn(List<PairSet> sets, String sha256, @Nullable Pictures pictures) {}

    private Drawn draw(Scorer scorer, ScorerDescription model) throws IOException {
        PictureWorkload.Settings settings = options.pictures();
        if (settings == null) {
            Workload workload = Workload.draw(options.pairs(), model.maxTokens(), options.seed());
            return new Drawn(PairSet.ofTexts(workload.queries()), workload.sha256(), null);
        }
        if (scorer.imageProcessor() == null) {
            throw new UserMistakeException(
                    "The package %s reads no pixels: leave --pictures out, or name another --model."
                            .formatted(model.name()));
        }
        progress.accept("Drawing pictures ...");
        List<PairSet> sets = PictureWorkload.draw(settings, options.pairs(), options.seed());
        return new Drawn(
                sets,
                PictureWorkload.sha256(sets),
                new Pictures(settings.pixels(), settings.onQueries(), decodeMillis(scorer, sets)));
    }

    /** Milliseconds to decode and resize a document's picture on this thread. */
    private static Spread decodeMillis(Scorer scorer, List<PairSet> sets) {
        List<Double> millis = new ArrayList<>();
        // The first time warms up.
        for (int round = 0; round < 2; round++) {
            millis.clear();
            for (PairSet set : sets) {
                for (PairSide document : set.documents()) {
                    long start = System.nanoTime();
                    var unused = PairSet.content(scorer, document);
                    millis.add((System.nanoTime() - start) / 1e6);
                }
            }
        }
        return Spread.of(millis);
    }

    private Map<String, Pass> passes(
            Scorer scorer, ScoringService service, List<PairSet> all, List<EncodedPair> encoded) {
        Map<String, Pass> passes = new LinkedHashMap<>();
        NavigableSet<Integer> budgets = new TreeSet<>(STATIC_BUDGETS);
        budgets.add(service.maxBatchTokens());
        for (int budget : budgets) {
            List<List<EncodedPair>> batches = sortedBatches(scorer::shape, encoded, budget);
            passes.put(raw(budget), () -> rawPass(scorer, batches));
        }
        for (int size : new int[] {SMALL_SET, LARGE_SET}) {
            List<PairSet> sets = PairSet.cut(all, size);
            passes.put(SCHEDULER + size, () -> servicePass(service, sets));
        }
        passes.put("plain loop, batches of " + PLAIN_BATCH, () -> plainPass(scorer, all));
        passes.put("one pair per call", () -> singlePass(scorer, all));
        return passes;
    }

    // ------------------------------------------------------------ ways to score

    static Round rawPass(Scorer scorer, List<List<EncodedPair>> batches) {
        long start = System.nanoTime();
        BatchCounts counts = new BatchCounts();
        for (List<EncodedPair> batch : batches) {
            counts.score(scorer, batch);
        }
        return counts.round(System.nanoTime() - start);
    }

    static Round servicePass(ScoringService service, List<PairSet> sets) {
        ScoringStats.Snapshot before = service.stats();
        long start = System.nanoTime();
        List<CompletableFuture<TaskScores>> answers = new ArrayList<>(sets.size());
        for (PairSet set : sets) {
            answers.add(service.submit(set.request()));
        }
        for (CompletableFuture<TaskScores> answer : answers) {
            for (PairScore pair : answer.join().pairs()) {
                if (pair.error() != null) {
                    throw new IllegalStateException("A pair was not scored: " + pair.error());
                }
            }
        }
        long nanos = System.nanoTime() - start;
        ScoringStats.Snapshot after = service.stats();
        return new Round(
                nanos,
                0,
                after.inferenceNanos() - before.inferenceNanos(),
                after.batches() - before.batches(),
                after.batchTokens() - before.batchTokens(),
                after.paddedTokens() - before.paddedTokens());
    }

    private static Round plainPass(Scorer scorer, List<PairSet> sets) {
        long start = System.nanoTime();
        BatchCounts counts = new BatchCounts();
        List<EncodedPair> batch = new ArrayList<>(PLAIN_BATCH);
        for (PairSet set : sets) {
            EncodedQuery query = encodeQuery(scorer, set);
            for (PairSide document : set.documents()) {
                batch.add(scorer.encodePair(query, PairSet.content(scorer, document)));
                if (batch.size() == PLAIN_BATCH) {
                    counts.score(scorer, batch);
                    batch.clear();
                }
            }
        }
        if (!batch.isEmpty()) {
            counts.score(scorer, batch);
        }
        return counts.round(System.nanoTime() - start);
    }

    private static Round singlePass(Scorer scorer, List<PairSet> sets) {
        long start = System.nanoTime();
        BatchCounts counts = new BatchCounts();
        for (PairSet set : sets) {
            for (PairSide document : set.documents()) {
                EncodedQuery query = encodeQuery(scorer, set);
                counts.score(
                        scorer,
                        List.of(scorer.encodePair(query, PairSet.content(scorer, document))));
            }
        }
        return counts.round(System.nanoTime() - start);
    }

    /** What one thread's forward passes came to. */
    private static final class BatchCounts {
        private long forwardNanos;
        private long batches;
        private long realTokens;
        private long paddedTokens;

        void score(Scorer scorer, List<EncodedPair> batch) {
            int longest = 0;
            for (EncodedPair pair : batch) {
                longest = Math.max(longest, pair.tokens());
                realTokens += pair.tokens();
            }
            paddedTokens += scorer.shape(batch.size(), longest).tokens();
            batches++;
            long start = System.nanoTime();
            float[] logits = scorer.score(batch);
            forwardNanos += System.nanoTime() - start;
            if (logits.length != batch.size()) {
                throw new IllegalStateException("The model gave " + logits.length + " scores");
            }
        }

        Round round(long nanos) {
            return new Round(nanos, 0, forwardNanos, batches, realTokens, paddedTokens);
        }
    }

    static List<EncodedPair> encode(Scorer scorer, List<PairSet> sets) {
        List<EncodedPair> pairs = new ArrayList<>();
        for (PairSet set : sets) {
            EncodedQuery query = encodeQuery(scorer, set);
            for (PairSide document : set.documents()) {
                pairs.add(scorer.encodePair(query, PairSet.content(scorer, document)));
            }
        }
        return pairs;
    }

    private static EncodedQuery encodeQuery(Scorer scorer, PairSet set) {
        return scorer.encodeQuery(null, PairSet.content(scorer, set.query()));
    }

    /** Shortest first, as many in a batch as the budget of padded tokens allows. */
    static List<List<EncodedPair>> sortedBatches(
            BatchShape.Rule shapes, List<EncodedPair> pairs, int budget) {
        List<EncodedPair> sorted = new ArrayList<>(pairs);
        sorted.sort(Comparator.comparingInt(EncodedPair::tokens));
        List<List<EncodedPair>> batches = new ArrayList<>();
        List<EncodedPair> batch = new ArrayList<>();
        for (EncodedPair pair : sorted) {
            if (!batch.isEmpty() && shapes.of(batch.size() + 1, pair.tokens()).tokens() > budget) {
                batches.add(batch);
                batch = new ArrayList<>();
            }
            batch.add(pair);
        }
        batches.add(batch);
        return batches;
    }

    // ------------------------------------------------------------ what came out

    private ScorerBenchReport report(
            Machine machine,
            ScoringService service,
            Drawn drawn,
            List<EncodedPair> encoded,
            Map<String, List<Round>> rounds) {
        ScorerDescription model = service.description();
        String bestRaw =
                rounds.keySet().stream()
                        .filter(variant -> variant.startsWith(RAW))
                        .max(Comparator.comparing(variant -> rate(rounds, variant).median()))
                        .orElseThrow();
        String scheduler = SCHEDULER + SMALL_SET;
        List<Variant> variants = new ArrayList<>();
        rounds.forEach(
                (name, measured) ->
                        variants.add(
                                new Variant(
                                        name,
                                        rate(rounds, name),
                                        InTurns.ratio(rounds, name, bestRaw),
                                        InTurns.ratio(rounds, name, scheduler),
                                        InTurns.cpuMicros(measured, options.pairs()),
                                        InTurns.median(measured, Round::padding),
                                        InTurns.median(
                                                measured,
                                                round ->
                                                        (double) options.pairs() / round.batches()),
                                        InTurns.median(
                                                measured,
                                                round ->
                                                        (double) round.paddedTokens()
                                                                / round.batches()),
                                        InTurns.median(
                                                measured,
                                                round ->
                                                        1.0
                                                                - (double) round.forwardNanos()
                                                                        / round.nanos()))));
        List<Double> lengths = encoded.stream().map(pair -> (double) pair.tokens()).toList();
        return new ScorerBenchReport(
                machine,
                model.name(),
                model.version(),
                model.precision(),
                options.threads(),
                options.pairs(),
                drawn.pictures(),
                options.rounds(),
                options.seed(),
                drawn.sha256(),
                Spread.of(lengths),
                Spread.percentile(lengths, P95),
                service.maxBatchTokens(),
                options.limits().maxBatchDelayMillis(),
                bestRaw,
                variants);
    }

    private Spread rate(Map<String, List<Round>> rounds, String variant) {
        return InTurns.rate(rounds, variant, options.pairs());
    }

    private static String raw(int budget) {
        return RAW + budget;
    }
}
