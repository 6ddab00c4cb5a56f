package dev.lychee.rerank.deploy.bench;

import dev.lychee.rerank.deploy.bench.PrecisionBenchReport.Change;
import dev.lychee.rerank.deploy.demo.Sample;
import dev.lychee.rerank.deploy.demo.Sample.SampleQuery;
import dev.lychee.rerank.deploy.demo.SampleRetriever;
import dev.lychee.rerank.operators.postprocess.Probability;
import dev.lychee.rerank.operators.scoring.BatchLimits;
import dev.lychee.rerank.operators.scoring.PairScore;
import dev.lychee.rerank.operators.scoring.ScorerDescription;
import dev.lychee.rerank.operators.scoring.ScoringService;
import dev.lychee.rerank.operators.scoring.TaskScores;
import dev.lychee.rerank.operators.text.DocumentBuilder;
import dev.lychee.rerank.schemas.Candidate;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/**
 * What bf16 changes in the answers: a sample's candidate sets are scored in both precisions, by the
 * scheduler as in the job.
 */
public final class PrecisionBench {

    /** Candidates of a query that are compared as its best. */
    static final int TOP = 10;

    private static final int CANDIDATES = 50;

    /**
     * What to measure.
     *
     * @param model folder of a model package with fp32 and bf16 weights
     * @param sample folder of the sample
     * @param limits how the scheduler forms batches; bf16 scores depend on them slightly
     */
    public record Options(Path model, Path sample, BatchLimits limits) {}

    /** A query with its candidates' texts. */
    private record TextSet(String query, List<String> documents) {}

    /** Logits of each set, and what gave them. */
    private record Scored(ScorerDescription model, List<double[]> logits) {}

    private final Options options;
    private final Consumer<String> progress;

    /** A measurement that says what it is at to {@code progress}. */
    public PrecisionBench(Options options, Consumer<String> progress) {
        this.options = options;
        this.progress = progress;
    }

    /** Scores all sets twice. */
    public PrecisionBenchReport run() throws IOException {
        Machine machine = Machine.now();
        List<TextSet> sets = sets();
        Scored fp32 = score("fp32", sets);
        Scored bf16 = score("bf16", sets);
        double temperature = fp32.model().temperature();
        List<Double> overlaps = new ArrayList<>();
        List<Double> taus = new ArrayList<>();
        List<Double> changes = new ArrayList<>();
        Change largest = null;
        int pairs = 0;
        for (int set = 0; set < sets.size(); set++) {
            double[] exact = fp32.logits().get(set);
            double[] rounded = bf16.logits().get(set);
            pairs += exact.length;
            overlaps.add(ScoreAgreement.overlap(exact, rounded, TOP));
            taus.add(ScoreAgreement.kendallTau(exact, rounded));
            for (int i = 0; i < exact.length; i++) {
                double before = Probability.sigmoid(exact[i] / temperature);
                double after = Probability.sigmoid(rounded[i] / temperature);
                changes.add(Math.abs(after - before));
                if (largest == null || Math.abs(after - before) > largest.probability()) {
                    largest =
                            new Change(
                                    sets.get(set).query(),
                                    sets.get(set).documents().get(i),
                                    before,
                                    after);
                }
            }
        }
        if (largest == null) {
            throw new IllegalStateException("The sample has no candidates");
        }
        return new PrecisionBenchReport(
                machine,
                fp32.model().name(),
                fp32.model().version(),
                temperature,
                sets.size(),
                pairs,
                mean(overlaps),
                Spread.of(overlaps),
                Spread.of(changes),
                Spread.percentile(changes, 0.99),
                largest,
                mean(taus),
                Spread.of(taus));
    }

    private List<TextSet> sets() throws IOException {
        Sample sample = Sample.load(options.sample());
        List<TextSet> sets = new ArrayList<>();
        try (SampleRetriever retriever = new SampleRetriever(sample.catalogue())) {
            for (SampleQuery query : sample.queries()) {
                List<Candidate> found = retriever.search(query.text(), CANDIDATES);
                if (!found.isEmpty()) {
                    sets.add(
                            new TextSet(
                                    query.text(),
                                    found.stream()
                                            .map(DocumentBuilder.DEFAULT::document)
                                            .toList()));
                }
            }
        }
        return sets;
    }

    private Scored score(String precision, List<TextSet> sets) {
        progress.accept("Scoring %d sets in %s ...".formatted(sets.size(), precision));
        try (ScoringService service =
                LoadedScorer.service(
                        LoadedScorer.load(options.model(), precision, 0), options.limits())) {
            List<CompletableFuture<TaskScores>> answers = new ArrayList<>();
            for (TextSet set : sets) {
                answers.add(service.submit(null, set.query(), set.documents(), Long.MAX_VALUE));
            }
            List<double[]> logits = new ArrayList<>();
            for (CompletableFuture<TaskScores> answer : answers) {
                logits.add(
                        answer.join().pairs().stream()
                                .mapToDouble(PrecisionBench::logit)
                                .toArray());
            }
            return new Scored(service.description(), logits);
        }
    }

    private static double logit(PairScore pair) {
        if (pair.error() != null) {
            throw new IllegalStateException("A pair was not scored: " + pair.error());
        }
        return pair.logit();
    }

    private static double mean(List<Double> values) {
        return values.stream().mapToDouble(Double::doubleValue).average().orElseThrow();
    }
}
