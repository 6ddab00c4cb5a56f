package dev.lychee.rerank.deploy.bench;

import dev.lychee.rerank.deploy.UserMistakeException;
import dev.lychee.rerank.deploy.bench.InTurns.Pass;
import dev.lychee.rerank.deploy.bench.InTurns.Round;
import dev.lychee.rerank.deploy.bench.PeersBenchReport.Aim;
import dev.lychee.rerank.deploy.bench.PeersBenchReport.MatrixShare;
import dev.lychee.rerank.deploy.bench.PeersBenchReport.Variant;
import dev.lychee.rerank.deploy.bench.Workload.Query;
import dev.lychee.rerank.deploy.bench.peers.DjlPeer;
import dev.lychee.rerank.deploy.bench.peers.FlinkMapPeer;
import dev.lychee.rerank.deploy.bench.peers.LinearLayers;
import dev.lychee.rerank.deploy.bench.peers.MatrixProductRate;
import dev.lychee.rerank.deploy.bench.peers.OnnxPeer;
import dev.lychee.rerank.deploy.bench.peers.OnnxPeer.Threads;
import dev.lychee.rerank.deploy.bench.peers.PeerPass;
import dev.lychee.rerank.deploy.bench.peers.TextPair;
import dev.lychee.rerank.operators.scoring.BatchLimits;
import dev.lychee.rerank.operators.scoring.EncodedPair;
import dev.lychee.rerank.operators.scoring.Scorer;
import dev.lychee.rerank.operators.scoring.ScorerDescription;
import dev.lychee.rerank.operators.scoring.ScoringService;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The scheduler against what one would run without it: ONNX Runtime in fixed batches, DJL with one
 * pair per call, and a Flink map function with one pair per record.
 *
 * <p>All score the same pairs with the same weights in one process, in turns; each gets texts and
 * tokenizes them with the same tokenizer. Ours takes the precision that the job would take, the
 * others fp32, which is what their users have.
 */
public final class PeersBench {

    private static final String OURS = "ours, sets of ";
    private static final int SMALL_SET = 20;
    private static final int LARGE_SET = 1_000;
    private static final String SINGLE = "DJL, one pair per call";
    private static final String FLINK = "Flink map, one predict per record, parallelism ";
    private static final String RAW = "raw, sorted, budget ";
    private static final int[] RAW_BUDGETS = {1_024, 2_048};

    /** The budget of raw passes whose share of the machine's rate is given, and of its products. */
    private static final int SHARE_TOKENS = 1_024;

    private static final String PRODUCTS = "matrix products alone, ";
    private static final int PRODUCT_REPEATS = 12;
    private static final int COMPARED_BATCH = 32;
    private static final int COMPARED_PAIRS = 200;

    /** Two fp32 engines on one graph; beyond it is not the same graph. */
    static final double MAX_LOGIT_GAP = 1e-3;

    /**
     * What to measure.
     *
     * @param model folder of a model package with fp32 weights and the same as {@code model.onnx}
     * @param limits how the scheduler forms batches
     * @param pairs pairs in a round
     * @param rounds how often each variant is measured
     * @param batches pairs in a batch of ONNX Runtime, each measured in both orders
     * @param seed of the workload
     */
    public record Options(
            Path model,
            BatchLimits limits,
            int pairs,
            int rounds,
            List<Integer> batches,
            long seed) {}

    /** What a variant is, beside its rounds. */
    private record Kind(String engine, String precision, boolean tokenizes) {}

    private final Options options;
    private final Consumer<String> progress;

    /** A measurement that says what it is at to {@code progress}. */
    public PeersBench(Options options, Consumer<String> progress) {
        this.options = options;
        this.progress = progress;
    }

    /** Measures; takes some minutes. */
    public PeersBenchReport run() throws IOException {
        Machine machine = Machine.now();
        LinearLayers layers = LinearLayers.read(options.model());
        progress.accept("Loading the model ...");
        Scorer scorer = LoadedScorer.load(options.model(), "auto", 0);
        try (ScoringService service = LoadedScorer.service(scorer, options.limits())) {
            ScorerDescription description = service.description();
            Workload workload =
                    Workload.draw(options.pairs(), description.maxTokens(), options.seed());
            List<TextPair> texts = texts(workload);
            Threads threads = fastestThreads(description.maxTokens(), texts);
            try (OnnxPeer onnx = OnnxPeer.load(options.model(), description.maxTokens(), threads);
                    DjlPeer djl = DjlPeer.load(options.model(), description.maxTokens());
                    Products products =
                            new Products(options.model(), layers, description.precision())) {
                double gap = compareLogits(onnx, djl, texts);
                Map<String, Kind> kinds = new LinkedHashMap<>();
                Map<String, Pass> passes = new LinkedHashMap<>();
                addOurs(passes, kinds, service, workload);
                addPeers(passes, kinds, onnx, djl, texts);
                List<EncodedPair> encoded =
                        ScorerBench.encode(scorer, PairSet.ofTexts(workload.queries()));
                for (int budget : RAW_BUDGETS) {
                    List<List<EncodedPair>> batches =
                            ScorerBench.sortedBatches(scorer::shape, encoded, budget);
                    kinds.put(RAW + budget, new Kind("DJL", description.precision(), false));
                    passes.put(RAW + budget, () -> ScorerBench.rawPass(scorer, batches));
                }
                products.addTo(passes);
                Map<String, List<Round>> rounds =
                        InTurns.measure(passes, options.rounds(), progress);
                return report(
                        machine,
                        description,
                        workload,
                        encoded,
                        threads,
                        gap,
                        kinds,
                        rounds,
                        products);
            }
        }
    }

    private static void addOurs(
            Map<String, Pass> passes,
            Map<String, Kind> kinds,
            ScoringService service,
            Workload workload) {
        for (int size : new int[] {SMALL_SET, LARGE_SET}) {
            List<Query> sets = workload.sets(size);
            kinds.put(OURS + size, new Kind("DJL", service.description().precision(), true));
            passes.put(OURS + size, () -> ScorerBench.servicePass(service, PairSet.ofTexts(sets)));
        }
    }

    private void addPeers(
            Map<String, Pass> passes,
            Map<String, Kind> kinds,
            OnnxPeer onnx,
            DjlPeer djl,
            List<TextPair> texts) {
        for (boolean sorted : new boolean[] {false, true}) {
            for (int size : options.batches()) {
                kinds.put(onnx(size, sorted), new Kind("ONNX Runtime", "fp32", true));
                passes.put(onnx(size, sorted), () -> round(onnx.score(texts, size, sorted)));
            }
        }
        kinds.put(SINGLE, new Kind("DJL", "fp32", true));
        passes.put(SINGLE, () -> round(djl.score(texts)));
        int cores = Runtime.getRuntime().availableProcessors();
        for (int parallelism : cores == 1 ? new int[] {1} : new int[] {1, cores}) {
            kinds.put(FLINK + parallelism, new Kind("DJL", "fp32", true));
            passes.put(FLINK + parallelism, () -> round(FlinkMapPeer.run(djl, texts, parallelism)));
        }
    }

    /** ONNX Runtime at its best: each setting is tried on some of the pairs. */
    private Threads fastestThreads(int maxTokens, List<TextPair> texts) {
        List<TextPair> some = texts.subList(0, Math.min(COMPARED_PAIRS, texts.size()));
        Threads fastest = Threads.DEFAULT;
        long least = Long.MAX_VALUE;
        for (Threads threads : Threads.values()) {
            progress.accept("Trying ONNX Runtime's threads: " + threads.text());
            try (OnnxPeer onnx = OnnxPeer.load(options.model(), maxTokens, threads)) {
                for (int time = 0; time < 3; time++) {
                    long nanos = onnx.score(some, COMPARED_BATCH, true).nanos();
                    // The first time warms up.
                    if (time > 0 && nanos < least) {
                        least = nanos;
                        fastest = threads;
                    }
                }
            }
        }
        return fastest;
    }

    /** The largest difference of a logit between the two fp32 engines. */
    private double compareLogits(OnnxPeer onnx, DjlPeer djl, List<TextPair> texts) {
        progress.accept("Comparing the engines' scores ...");
        List<TextPair> some = texts.subList(0, Math.min(COMPARED_BATCH, texts.size()));
        float[] ours = djl.score(some).logits();
        float[] theirs = onnx.score(some, COMPARED_BATCH, true).logits();
        double gap = 0;
        for (int i = 0; i < ours.length; i++) {
            gap = Math.max(gap, Math.abs(ours[i] - theirs[i]));
        }
        if (!(gap <= MAX_LOGIT_GAP)) {
            throw new UserMistakeException(
                    "model.onnx and model.pt of %s give logits that differ by %.2g: write both from the same weights."
                            .formatted(options.model(), gap));
        }
        return gap;
    }

    /**
     * Products of the layers' shapes in the precisions of this measurement; none without shapes.
     */
    private static final class Products implements AutoCloseable {

        private final @Nullable LinearLayers layers;
        private final Map<String, MatrixProductRate> byPrecision = new LinkedHashMap<>();

        Products(Path folder, @Nullable LinearLayers layers, String precision) {
            this.layers = layers;
            if (layers != null) {
                byPrecision.put(precision, rate(folder, layers, precision));
                byPrecision.computeIfAbsent("fp32", fp32 -> rate(folder, layers, fp32));
            }
        }

        private static MatrixProductRate rate(Path folder, LinearLayers shapes, String precision) {
            return MatrixProductRate.load(folder, shapes, SHARE_TOKENS, precision);
        }

        void addTo(Map<String, Pass> passes) {
            byPrecision.forEach(
                    (precision, rate) ->
                            passes.put(
                                    PRODUCTS + precision,
                                    () -> {
                                        long nanos = rate.measure(PRODUCT_REPEATS);
                                        long tokens = (long) PRODUCT_REPEATS * SHARE_TOKENS;
                                        return new Round(
                                                nanos, 0, nanos, PRODUCT_REPEATS, tokens, tokens);
                                    }));
        }

        List<MatrixShare> shares(Map<String, List<Round>> rounds, String forwardPrecision) {
            List<MatrixShare> shares = new ArrayList<>();
            for (Map.Entry<String, MatrixProductRate> entry : byPrecision.entrySet()) {
                String precision = entry.getKey();
                double flops = PRODUCT_REPEATS * entry.getValue().flops();
                List<Double> alone =
                        InTurns.of(rounds, PRODUCTS + precision).stream()
                                .map(round -> flops / round.nanos())
                                .toList();
                Spread inPasses = null;
                Spread share = null;
                if (precision.equals(forwardPrecision)) {
                    LinearLayers known = Objects.requireNonNull(layers);
                    List<Double> reached =
                            InTurns.of(rounds, RAW + SHARE_TOKENS).stream()
                                    .map(
                                            round ->
                                                    known.flops(round.paddedTokens())
                                                            / round.forwardNanos())
                                    .toList();
                    List<Double> shareOfRound = new ArrayList<>();
                    for (int i = 0; i < alone.size(); i++) {
                        shareOfRound.add(reached.get(i) / alone.get(i));
                    }
                    inPasses = Spread.of(reached);
                    share = Spread.of(shareOfRound);
                }
                shares.add(new MatrixShare(precision, Spread.of(alone), inPasses, share));
            }
            return shares;
        }

        @Override
        public void close() {
            byPrecision.values().forEach(MatrixProductRate::close);
        }
    }

    // ------------------------------------------------------------ what came out

    private PeersBenchReport report(
            Machine machine,
            ScorerDescription model,
            Workload workload,
            List<EncodedPair> encoded,
            Threads threads,
            double gap,
            Map<String, Kind> kinds,
            Map<String, List<Round>> rounds,
            Products products) {
        int pairs = workload.pairs();
        List<Variant> variants = new ArrayList<>();
        kinds.forEach(
                (name, kind) -> {
                    List<Round> measured = InTurns.of(rounds, name);
                    variants.add(
                            new Variant(
                                    name,
                                    kind.engine(),
                                    kind.precision(),
                                    kind.tokenizes(),
                                    InTurns.rate(rounds, name, pairs),
                                    InTurns.ratio(rounds, OURS + SMALL_SET, name),
                                    InTurns.cpuMicros(measured, pairs),
                                    InTurns.median(measured, Round::padding),
                                    InTurns.median(
                                            measured, round -> (double) pairs / round.batches())));
                });
        String bestOnnx = bestOnnx(rounds);
        List<Aim> aims = new ArrayList<>();
        for (int size : new int[] {SMALL_SET, LARGE_SET}) {
            String ours = OURS + size;
            aims.add(aim(rounds, ours, bestOnnx, 1.6));
            if (options.batches().contains(COMPARED_BATCH)) {
                aims.add(aim(rounds, ours, onnx(COMPARED_BATCH, false), 7));
            }
            aims.add(aim(rounds, ours, SINGLE, 3));
        }
        List<Double> lengths = encoded.stream().map(pair -> (double) pair.tokens()).toList();
        return new PeersBenchReport(
                machine,
                model.name(),
                model.version(),
                model.precision(),
                pairs,
                options.rounds(),
                options.seed(),
                workload.sha256(),
                Spread.of(lengths),
                Spread.percentile(lengths, 0.95),
                options.limits().maxBatchTokens(),
                options.limits().maxBatchDelayMillis(),
                threads.text(),
                gap,
                bestOnnx,
                variants,
                aims,
                products.shares(rounds, model.precision()));
    }

    private String bestOnnx(Map<String, List<Round>> rounds) {
        String best = onnx(options.batches().get(0), true);
        for (boolean sorted : new boolean[] {false, true}) {
            for (int size : options.batches()) {
                String name = onnx(size, sorted);
                if (rate(rounds, name) > rate(rounds, best)) {
                    best = name;
                }
            }
        }
        return best;
    }

    private double rate(Map<String, List<Round>> rounds, String name) {
        return InTurns.rate(rounds, name, options.pairs()).median();
    }

    private static Aim aim(
            Map<String, List<Round>> rounds, String ours, String peer, double atLeast) {
        return new Aim(ours, peer, InTurns.ratio(rounds, ours, peer), atLeast);
    }

    private static Round round(PeerPass pass) {
        return new Round(
                pass.nanos(),
                0,
                pass.forwardNanos(),
                pass.batches(),
                pass.realTokens(),
                pass.paddedTokens());
    }

    private static String onnx(int size, boolean sorted) {
        return "ONNX Runtime, batches of %d, %s"
                .formatted(size, sorted ? "by length" : "as they come");
    }

    private static List<TextPair> texts(Workload workload) {
        List<TextPair> texts = new ArrayList<>(workload.pairs());
        for (Query query : workload.queries()) {
            for (String document : query.documents()) {
                texts.add(new TextPair(query.text(), document));
            }
        }
        return texts;
    }
}
