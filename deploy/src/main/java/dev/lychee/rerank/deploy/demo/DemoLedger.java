package dev.lychee.rerank.deploy.demo;

import dev.lychee.rerank.deploy.demo.Sample.SampleQuery;
import dev.lychee.rerank.operators.evaluation.RankingMetrics;
import dev.lychee.rerank.schemas.Candidate;
import dev.lychee.rerank.schemas.RerankedResult;
import dev.lychee.rerank.schemas.ResultItem;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the books of a demo: which sets went out, what came back for each, and how good and how
 * fast it was.
 *
 * <p>Thread-safe: one thread sends, another one receives.
 */
public final class DemoLedger {

    private static final int CUTOFF = 10;

    private final Sample sample;
    private final Map<String, Sent> sentByRequest = new LinkedHashMap<>();
    private final List<Answer> answers = new ArrayList<>();
    private int duplicates;
    private int deadLetters;
    private long firstSentNanos;
    private long lastAnsweredNanos;

    public DemoLedger(Sample sample) {
        this.sample = sample;
    }

    private static final class Sent {
        private final SampleQuery query;
        private final List<Candidate> candidates;
        private final long nanos;
        private boolean answered;

        Sent(SampleQuery query, List<Candidate> candidates, long nanos) {
            this.query = query;
            this.candidates = candidates;
            this.nanos = nanos;
        }
    }

    /**
     * A result seen beside the set it answers.
     *
     * @param query the query of the set
     * @param candidates in the retriever's order
     * @param result the result
     * @param number how many sets were answered with it, 1-based
     * @param latencyMillis from producing the set to consuming the result
     * @param ndcgBefore NDCG@10 of the retriever's order; null when the sample knows no relevant
     *     product
     * @param ndcgAfter NDCG@10 of the new order; null in the same case
     */
    public record Answer(
            SampleQuery query,
            List<Candidate> candidates,
            RerankedResult result,
            int number,
            double latencyMillis,
            @Nullable Double ndcgBefore,
            @Nullable Double ndcgAfter) {

        long pairsScored() {
            return result.results().stream().filter(ResultItem::scored).count()
                    + result.dropped().stream().filter(ResultItem::scored).count();
        }
    }

    /** Notes that a set is about to be produced. */
    public synchronized void sending(
            String requestId, SampleQuery query, List<Candidate> candidates, long nowNanos) {
        if (sentByRequest.isEmpty()) {
            firstSentNanos = nowNanos;
        }
        sentByRequest.put(requestId, new Sent(query, candidates, nowNanos));
    }

    /** Notes a result; null when its set was answered before or is not of this demo. */
    public synchronized @Nullable Answer received(RerankedResult result, long nowNanos) {
        Sent sent = sentByRequest.get(result.requestId());
        if (sent == null) {
            return null;
        }
        if (sent.answered) {
            duplicates++;
            return null;
        }
        sent.answered = true;
        lastAnsweredNanos = nowNanos;
        String queryId = sent.query.id();
        double[] before =
                sent.candidates.stream()
                        .mapToDouble(candidate -> sample.grade(queryId, candidate.id()))
                        .toArray();
        double[] after =
                newOrder(result).stream()
                        .mapToDouble(item -> sample.grade(queryId, item.id()))
                        .toArray();
        double[] judged =
                sample.grades().getOrDefault(queryId, Map.of()).values().stream()
                        .mapToDouble(Integer::doubleValue)
                        .toArray();
        boolean hasRelevant = Arrays.stream(judged).anyMatch(grade -> grade > 0);
        Answer answer =
                new Answer(
                        sent.query,
                        sent.candidates,
                        result,
                        answers.size() + 1,
                        (nowNanos - sent.nanos) / 1e6,
                        hasRelevant ? ndcg(before, judged) : null,
                        hasRelevant ? ndcg(after, judged) : null);
        answers.add(answer);
        notifyAll();
        return answer;
    }

    /** Notes a dead letter. */
    public synchronized void refused() {
        deadLetters++;
        notifyAll();
    }

    /** Sets that were sent and have neither a result nor a dead letter yet. */
    public synchronized int open() {
        return Math.max(0, sentByRequest.size() - answers.size() - deadLetters);
    }

    /** Waits until fewer than {@code limit} sets are open. */
    public synchronized void awaitOpenBelow(int limit) throws InterruptedException {
        while (open() >= limit) {
            wait();
        }
    }

    /** What was measured so far. */
    public synchronized DemoReport report() {
        double[] latencies = answers.stream().mapToDouble(Answer::latencyMillis).sorted().toArray();
        List<Answer> judged =
                answers.stream().filter(answer -> answer.ndcgAfter() != null).toList();
        long pairs = answers.stream().mapToLong(Answer::pairsScored).sum();
        double seconds = (lastAnsweredNanos - firstSentNanos) / 1e9;
        return new DemoReport(
                sentByRequest.size(),
                answers.size() + duplicates,
                deadLetters,
                (int) sentByRequest.values().stream().filter(sent -> !sent.answered).count(),
                duplicates,
                pairs,
                answers.isEmpty() ? null : (Double) (pairs / Math.max(seconds, 1e-3)),
                latencyMillis(latencies),
                judged.isEmpty() ? null : (Double) beforeAfter(judged).before(),
                judged.isEmpty() ? null : (Double) beforeAfter(judged).after(),
                "exponential",
                byQueryType(judged),
                null);
    }

    /** All candidates in their new order: what was kept, then what was dropped, each by score. */
    private static List<ResultItem> newOrder(RerankedResult result) {
        List<ResultItem> order = new ArrayList<>(result.results());
        result.dropped().stream()
                .sorted(
                        Comparator.comparing(
                                        ResultItem::score,
                                        Comparator.nullsLast(Comparator.reverseOrder()))
                                .thenComparing(ResultItem::index))
                .forEach(order::add);
        return order;
    }

    private static double ndcg(double[] ranked, double[] judged) {
        return RankingMetrics.ndcg(ranked, judged, CUTOFF, RankingMetrics.Gain.EXPONENTIAL);
    }

    private static Map<String, Double> latencyMillis(double[] ascending) {
        Map<String, Double> values = new LinkedHashMap<>();
        if (ascending.length > 0) {
            values.put("p50", percentile(ascending, 50));
            values.put("p90", percentile(ascending, 90));
            values.put("p95", percentile(ascending, 95));
            values.put("p99", percentile(ascending, 99));
            values.put("max", ascending[ascending.length - 1]);
        }
        return values;
    }

    /** Nearest rank: a value that was measured, never one in between. */
    private static double percentile(double[] ascending, int percent) {
        int rank = (int) Math.ceil(ascending.length * percent / 100.0);
        return ascending[Math.max(0, rank - 1)];
    }

    private static Map<String, DemoReport.BeforeAfter> byQueryType(List<Answer> judged) {
        Map<String, List<Answer>> groups = new HashMap<>();
        for (Answer answer : judged) {
            String type = answer.query().queryType();
            if (type != null) {
                groups.computeIfAbsent(type, name -> new ArrayList<>()).add(answer);
            }
        }
        Map<String, DemoReport.BeforeAfter> means = new TreeMap<>();
        groups.forEach((type, group) -> means.put(type, beforeAfter(group)));
        return means;
    }

    private static DemoReport.BeforeAfter beforeAfter(List<Answer> judged) {
        double before = 0;
        double after = 0;
        for (Answer answer : judged) {
            before += value(answer.ndcgBefore());
            after += value(answer.ndcgAfter());
        }
        return new DemoReport.BeforeAfter(
                judged.size(), before / judged.size(), after / judged.size());
    }

    private static double value(@Nullable Double number) {
        return number == null ? 0 : number;
    }
}
