package dev.lychee.rerank.deploy.eval;

import dev.lychee.rerank.deploy.eval.EvaluationReport.BandReport;
import dev.lychee.rerank.deploy.eval.EvaluationReport.CutReport;
import dev.lychee.rerank.deploy.eval.EvaluationReport.ErrorReport;
import dev.lychee.rerank.deploy.eval.EvaluationReport.HistogramReport;
import dev.lychee.rerank.deploy.eval.EvaluationReport.MetricReport;
import dev.lychee.rerank.deploy.eval.EvaluationReport.ProbabilityReport;
import dev.lychee.rerank.deploy.eval.EvaluationReport.QueryReport;
import dev.lychee.rerank.deploy.eval.EvaluationReport.VariantReport;
import dev.lychee.rerank.operators.evaluation.CalibrationMetrics;
import dev.lychee.rerank.operators.evaluation.PairedBootstrap;
import dev.lychee.rerank.operators.evaluation.PairedBootstrap.Difference;
import dev.lychee.rerank.operators.evaluation.RankingMetrics;
import dev.lychee.rerank.operators.evaluation.RankingMetrics.Gain;
import dev.lychee.rerank.operators.postprocess.Band;
import dev.lychee.rerank.operators.postprocess.WilsonInterval;
import dev.lychee.rerank.schemas.RerankedResult;
import dev.lychee.rerank.schemas.ResultItem;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/**
 * Measures rankings against judgements. Documents that nobody judged count as not relevant, as
 * trec_eval does.
 */
public final class Evaluation {

    static final String NDCG = "ndcg";

    private static final String NO_TYPE = "(none)";
    private static final int HISTOGRAM_BINS = 20;

    /** Equal input gives equal intervals. */
    private static final long SEED = 20_261_121;

    private final Qrels qrels;
    private final Map<String, String> queryTypes;
    private final int cutoff;
    private final Gain gain;
    private final int relevantFrom;

    /** The queries of the first variant, which the others are compared with. */
    private @Nullable Map<String, Query> first;

    /**
     * An evaluation.
     *
     * @param qrels the judgements; their query ids are request ids
     * @param queryTypes kind of a request by its id
     * @param cutoff ranks that count in metrics {@code @k}, at least 1
     * @param gain what a grade is worth in NDCG
     * @param relevantFrom lowest grade that counts as relevant, at least 1
     */
    public Evaluation(
            Qrels qrels, Map<String, String> queryTypes, int cutoff, Gain gain, int relevantFrom) {
        this.qrels = qrels;
        this.queryTypes = queryTypes;
        this.cutoff = cutoff;
        this.gain = gain;
        this.relevantFrom = relevantFrom;
    }

    /** The report of these variants. */
    public EvaluationReport report(List<VariantReport> variants) {
        return new EvaluationReport(
                cutoff, gain.name().toLowerCase(Locale.ROOT), relevantFrom, variants);
    }

    /** The lowest grade that counts as relevant. */
    int relevantFrom() {
        return relevantFrom;
    }

    /** All candidates in their new order: what was kept, then what was dropped, each by score. */
    static List<ResultItem> order(RerankedResult result) {
        List<ResultItem> order = new ArrayList<>(result.results());
        result.dropped().stream()
                .sorted(
                        Comparator.comparing(
                                        ResultItem::score,
                                        Comparator.nullsLast(Comparator.reverseOrder()))
                                .thenComparing(
                                        ResultItem::logit,
                                        Comparator.nullsLast(Comparator.reverseOrder()))
                                .thenComparing(ResultItem::retrievalRank))
                .forEach(order::add);
        return order;
    }

    /** The metrics of one ranking. */
    private record Metrics(
            double ndcg,
            double reciprocalRank,
            double averagePrecision,
            double precision,
            double recall) {}

    private record Query(
            String requestId,
            @Nullable String text,
            @Nullable String type,
            Metrics before,
            Metrics after) {}

    /**
     * Measures the results of one variant. The first call sets what later ones are compared with.
     *
     * @param results one per request
     */
    public VariantReport measure(String name, List<RerankedResult> results) {
        List<RerankedResult> judged =
                results.stream().filter(result -> qrels.knows(result.requestId())).toList();
        Map<String, Query> queries = new LinkedHashMap<>();
        for (RerankedResult result : judged) {
            List<ResultItem> after = order(result);
            List<ResultItem> before =
                    after.stream()
                            .sorted(Comparator.comparingInt(ResultItem::retrievalRank))
                            .toList();
            add(
                    queries,
                    result.requestId(),
                    result.query().text(),
                    before.stream().map(ResultItem::id).toList(),
                    after.stream().map(ResultItem::id).toList());
        }
        List<ResultItem> all = judged.stream().flatMap(r -> order(r).stream()).toList();
        return variant(
                name,
                results.size(),
                results.size() - judged.size(),
                judged.size() - queries.size(),
                (int) all.stream().filter(item -> !item.scored()).count(),
                queries,
                cut(judged),
                judged);
    }

    /**
     * Measures a run from elsewhere against the retrieval order of the first variant.
     *
     * @throws IllegalStateException before any variant was measured
     */
    public VariantReport measure(String name, TrecRun run) {
        Map<String, Query> base = first;
        if (base == null) {
            throw new IllegalStateException("a run is compared with a variant");
        }
        Map<String, Query> queries = new LinkedHashMap<>();
        base.forEach(
                (requestId, query) -> {
                    List<String> ranked = run.ranked().getOrDefault(requestId, List.of());
                    queries.put(
                            requestId,
                            new Query(
                                    requestId,
                                    query.text(),
                                    query.type(),
                                    query.before(),
                                    metrics(requestId, ranked)));
                });
        int unjudged =
                (int) run.ranked().keySet().stream().filter(query -> !qrels.knows(query)).count();
        return variant(name, run.ranked().size(), unjudged, 0, 0, queries, null, List.of());
    }

    private void add(
            Map<String, Query> queries,
            String requestId,
            @Nullable String text,
            List<String> before,
            List<String> after) {
        if (Arrays.stream(qrels.judged(requestId)).anyMatch(grade -> grade >= relevantFrom)) {
            queries.put(
                    requestId,
                    new Query(
                            requestId,
                            text,
                            queryTypes.get(requestId),
                            metrics(requestId, before),
                            metrics(requestId, after)));
        }
    }

    private Metrics metrics(String requestId, List<String> ranked) {
        double[] grades =
                ranked.stream().mapToDouble(document -> qrels.grade(requestId, document)).toArray();
        double[] judged = qrels.judged(requestId);
        double[] relevant = Arrays.stream(grades).map(this::relevant).toArray();
        int total = (int) Arrays.stream(judged).map(this::relevant).sum();
        return new Metrics(
                RankingMetrics.ndcg(grades, judged, cutoff, gain),
                RankingMetrics.reciprocalRank(relevant),
                RankingMetrics.averagePrecision(relevant, total),
                RankingMetrics.precision(relevant, cutoff),
                RankingMetrics.recall(relevant, cutoff, total));
    }

    private double relevant(double grade) {
        return grade >= relevantFrom ? 1 : 0;
    }

    private boolean isRelevant(RerankedResult result, ResultItem item) {
        return qrels.grade(result.requestId(), item.id()) >= relevantFrom;
    }

    private VariantReport variant(
            String name,
            int requests,
            int unjudged,
            int withoutRelevant,
            int unscored,
            Map<String, Query> byRequest,
            @Nullable CutReport cut,
            List<RerankedResult> judged) {
        List<Query> queries = List.copyOf(byRequest.values());
        Map<String, List<Query>> byType = new TreeMap<>();
        for (Query query : queries) {
            byType.computeIfAbsent(
                            Objects.requireNonNullElse(query.type(), NO_TYPE),
                            type -> new ArrayList<>())
                    .add(query);
        }
        Map<String, MetricReport> ndcgByType = new LinkedHashMap<>();
        byType.forEach(
                (type, group) -> {
                    MetricReport report =
                            compared(
                                    group.stream().map(Query::before).toList(),
                                    group.stream().map(Query::after).toList(),
                                    Metrics::ndcg);
                    if (report != null) {
                        ndcgByType.put(type, report);
                    }
                });
        Map<String, MetricReport> withFirst = null;
        if (first == null) {
            first = byRequest;
        } else {
            Map<String, Query> base = first;
            List<Query> both =
                    queries.stream().filter(q -> base.containsKey(q.requestId())).toList();
            withFirst =
                    metrics(
                            both.stream()
                                    .map(q -> Objects.requireNonNull(base.get(q.requestId())))
                                    .map(Query::after)
                                    .toList(),
                            both.stream().map(Query::after).toList());
        }
        return new VariantReport(
                name,
                requests,
                unjudged,
                withoutRelevant,
                unscored,
                metrics(
                        queries.stream().map(Query::before).toList(),
                        queries.stream().map(Query::after).toList()),
                ndcgByType,
                withFirst,
                cut,
                bands(judged),
                probabilities(judged),
                queries.stream()
                        .map(
                                query ->
                                        new QueryReport(
                                                query.requestId(),
                                                query.text(),
                                                query.type(),
                                                query.before().ndcg(),
                                                query.after().ndcg()))
                        .toList());
    }

    private Map<String, MetricReport> metrics(List<Metrics> before, List<Metrics> after) {
        Map<String, ToDoubleFunction<Metrics>> values = new LinkedHashMap<>();
        values.put(NDCG, Metrics::ndcg);
        values.put("mrr", Metrics::reciprocalRank);
        values.put("map", Metrics::averagePrecision);
        values.put("precision", Metrics::precision);
        values.put("recall", Metrics::recall);
        Map<String, MetricReport> reports = new LinkedHashMap<>();
        values.forEach(
                (name, value) -> {
                    MetricReport report = compared(before, after, value);
                    if (report != null) {
                        reports.put(name, report);
                    }
                });
        return reports;
    }

    private static @Nullable MetricReport compared(
            List<Metrics> before, List<Metrics> after, ToDoubleFunction<Metrics> value) {
        double[] was = before.stream().mapToDouble(value).toArray();
        double[] is = after.stream().mapToDouble(value).toArray();
        Difference difference =
                PairedBootstrap.compare(was, is, PairedBootstrap.DEFAULT_RESAMPLES, SEED);
        return difference == null
                ? null
                : new MetricReport(
                        difference.queries(),
                        Arrays.stream(was).average().orElse(0),
                        Arrays.stream(is).average().orElse(0),
                        difference.mean(),
                        difference.low(),
                        difference.high(),
                        difference.relativeGain(),
                        difference.significant());
    }

    private @Nullable CutReport cut(List<RerankedResult> judged) {
        if (judged.isEmpty()) {
            return null;
        }
        List<Double> precisions = new ArrayList<>();
        List<Double> recalls = new ArrayList<>();
        long kept = 0;
        long candidates = 0;
        int empty = 0;
        for (RerankedResult result : judged) {
            long relevantKept =
                    result.results().stream().filter(item -> isRelevant(result, item)).count();
            long relevant =
                    relevantKept
                            + result.dropped().stream()
                                    .filter(item -> isRelevant(result, item))
                                    .count();
            kept += result.results().size();
            candidates += result.results().size() + result.dropped().size();
            if (result.results().isEmpty()) {
                empty++;
            } else {
                precisions.add((double) relevantKept / result.results().size());
            }
            if (relevant > 0) {
                recalls.add((double) relevantKept / relevant);
            }
        }
        double[] recall = recalls.stream().mapToDouble(Double::doubleValue).toArray();
        // The difference from nothing: its interval is that of the mean itself.
        Difference interval =
                PairedBootstrap.compare(
                        new double[recall.length], recall, PairedBootstrap.DEFAULT_RESAMPLES, SEED);
        return new CutReport(
                (double) kept / judged.size(),
                (double) candidates / judged.size(),
                precisions.isEmpty()
                        ? null
                        : (Double)
                                precisions.stream()
                                        .mapToDouble(Double::doubleValue)
                                        .average()
                                        .orElse(0),
                interval == null ? null : (Double) interval.mean(),
                interval == null ? null : (Double) interval.low(),
                interval == null ? null : (Double) interval.high(),
                empty);
    }

    private Map<String, BandReport> bands(List<RerankedResult> judged) {
        Map<String, int[]> counts = new LinkedHashMap<>();
        for (Band band : Band.values()) {
            counts.put(band.label(), new int[2]);
        }
        for (RerankedResult result : judged) {
            for (ResultItem item : order(result)) {
                int[] count = item.band() == null ? null : counts.get(item.band());
                if (count != null) {
                    count[0]++;
                    count[1] += isRelevant(result, item) ? 1 : 0;
                }
            }
        }
        Map<String, BandReport> bands = new LinkedHashMap<>();
        counts.forEach(
                (band, count) -> {
                    if (count[0] == 0) {
                        bands.put(band, new BandReport(0, null, null, null));
                    } else {
                        double share = (double) count[1] / count[0];
                        WilsonInterval interval = WilsonInterval.of(share, count[0]);
                        bands.put(
                                band,
                                new BandReport(count[0], share, interval.low(), interval.high()));
                    }
                });
        return bands;
    }

    private @Nullable ProbabilityReport probabilities(List<RerankedResult> judged) {
        List<Double> before = new ArrayList<>();
        List<Double> after = new ArrayList<>();
        List<Double> labels = new ArrayList<>();
        TreeSet<String> methods = new TreeSet<>();
        for (RerankedResult result : judged) {
            for (ResultItem item : order(result)) {
                Double probability = item.probability();
                Double calibrated = item.calibrated();
                if (probability != null && calibrated != null) {
                    before.add(probability);
                    after.add(calibrated);
                    labels.add(isRelevant(result, item) ? 1.0 : 0.0);
                    methods.add(result.calibration().method());
                }
            }
        }
        if (labels.isEmpty()) {
            return null;
        }
        double[] y = array(labels);
        double[] calibrated = array(after);
        return new ProbabilityReport(
                List.copyOf(methods),
                y.length,
                Arrays.stream(y).average().orElse(0),
                errors(array(before), y),
                errors(calibrated, y),
                CalibrationMetrics.reliability(calibrated, y, 10),
                histogram(judged));
    }

    /** The errors of probabilities, at least one. */
    static ErrorReport errors(double[] probabilities, double[] labels) {
        return new ErrorReport(
                CalibrationMetrics.expectedCalibrationError(
                                probabilities, labels, CalibrationMetrics.DEFAULT_BINS)
                        .orElse(0),
                CalibrationMetrics.equalMassCalibrationError(
                                probabilities, labels, CalibrationMetrics.DEFAULT_BINS)
                        .orElse(0),
                CalibrationMetrics.classBalancedCalibrationError(
                                probabilities, labels, CalibrationMetrics.DEFAULT_BINS)
                        .orElse(0),
                CalibrationMetrics.brierScore(probabilities, labels).orElse(0),
                CalibrationMetrics.logLoss(probabilities, labels).orElse(0));
    }

    private HistogramReport histogram(List<RerankedResult> judged) {
        long onScore =
                judged.stream().filter(result -> result.threshold().on().equals("score")).count();
        String field = 2 * onScore >= judged.size() ? "score" : "calibrated";
        int[] relevant = new int[HISTOGRAM_BINS];
        int[] other = new int[HISTOGRAM_BINS];
        List<Double> thresholds = new ArrayList<>();
        for (RerankedResult result : judged) {
            Double cut = result.threshold().value();
            if (cut != null && result.threshold().on().equals(field)) {
                thresholds.add(cut);
            }
            for (ResultItem item : order(result)) {
                Double value = field.equals("score") ? item.score() : item.calibrated();
                if (value != null) {
                    int bin =
                            Math.max(
                                    0,
                                    Math.min(HISTOGRAM_BINS - 1, (int) (value * HISTOGRAM_BINS)));
                    (isRelevant(result, item) ? relevant : other)[bin]++;
                }
            }
        }
        Collections.sort(thresholds);
        return new HistogramReport(
                field,
                Arrays.stream(relevant).boxed().toList(),
                Arrays.stream(other).boxed().toList(),
                thresholds);
    }

    private static double[] array(List<Double> values) {
        return values.stream().mapToDouble(Double::doubleValue).toArray();
    }
}
