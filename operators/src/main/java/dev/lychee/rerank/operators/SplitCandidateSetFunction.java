package dev.lychee.rerank.operators;

import dev.lychee.rerank.operators.assembly.TokenEstimate;
import dev.lychee.rerank.operators.postprocess.IndexSort;
import dev.lychee.rerank.operators.text.DocumentBuilder;
import dev.lychee.rerank.schemas.Candidate;
import dev.lychee.rerank.schemas.flow.BoundCandidateSet;
import dev.lychee.rerank.schemas.flow.Questions;
import dev.lychee.rerank.schemas.flow.ScoreItem;
import dev.lychee.rerank.schemas.flow.ScoreTask;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.flink.streaming.api.functions.ProcessFunction;
import org.apache.flink.util.Collector;
import org.apache.flink.util.OutputTag;

/**
 * Splits a set into its envelope (main output) and token-bounded score tasks (side output), so that
 * one large set can use several devices and no set holds a device for long.
 *
 * <p><b>State</b>: none.
 *
 * <p><b>Time</b>: none.
 *
 * <p><b>Failure</b>: none; whatever was decoded can be split.
 */
public final class SplitCandidateSetFunction
        extends ProcessFunction<BoundCandidateSet, BoundCandidateSet> {

    /** The score tasks. */
    public static final OutputTag<ScoreTask> TASKS = new OutputTag<>("score-tasks") {};

    private final int maxTaskTokens;
    private final int maxPairTokens;
    private final int pictureTokens;

    /**
     * Splits sets.
     *
     * @param maxTaskTokens most tokens in one task, of all its questions together, as estimated; a
     *     single pair may exceed it
     * @param maxPairTokens most tokens of the texts of one pair, to which the scorer would shorten
     *     it
     * @param pictureTokens tokens that each picture takes besides; 0 for a model of texts
     */
    public SplitCandidateSetFunction(int maxTaskTokens, int maxPairTokens, int pictureTokens) {
        this.maxTaskTokens = maxTaskTokens;
        this.maxPairTokens = maxPairTokens;
        this.pictureTokens = pictureTokens;
    }

    @Override
    public void processElement(
            BoundCandidateSet envelope, Context context, Collector<BoundCandidateSet> out) {
        List<Candidate> candidates = envelope.set().candidates();
        int[] ranks = retrievalRanks(candidates);
        DocumentBuilder documents =
                new DocumentBuilder(envelope.profile().effective().texts().document());
        int queryTokens = TokenEstimate.of(envelope.query());
        int queryPictureTokens = envelope.set().query().image() == null ? 0 : pictureTokens;
        int questions = envelope.profile().effective().questionsPerPair();
        int taskCount = 0;
        int taskTokens = 0;
        List<ScoreItem> items = new ArrayList<>();
        for (int position = 0; position < candidates.size(); position++) {
            Candidate candidate = candidates.get(position);
            String document = documents.document(candidate);
            int pairTokens =
                    questions
                            * (Math.min(maxPairTokens, queryTokens + TokenEstimate.of(document))
                                    + queryPictureTokens
                                    + (candidate.allImages().isEmpty() ? 0 : pictureTokens));
            if (!items.isEmpty() && taskTokens + pairTokens > maxTaskTokens) {
                context.output(TASKS, task(envelope, taskCount++, items));
                items = new ArrayList<>();
                taskTokens = 0;
            }
            items.add(new ScoreItem(position, ranks[position], document, candidate.allImages()));
            taskTokens += pairTokens;
        }
        context.output(TASKS, task(envelope, taskCount++, items));
        out.collect(envelope.withTaskCount(taskCount));
    }

    private static ScoreTask task(BoundCandidateSet envelope, int index, List<ScoreItem> items) {
        return new ScoreTask(
                envelope.set().requestId(),
                envelope.envelopeId(),
                index,
                envelope.profile().effective().instruction(),
                envelope.query(),
                envelope.set().query().image(),
                items,
                envelope.set().candidates().size(),
                envelope.deadlineMillis(),
                Questions.of(envelope.profile().effective()));
    }

    /** By the retriever's score where every candidate has one, else by place. */
    private static int[] retrievalRanks(List<Candidate> candidates) {
        double[] scores = new double[candidates.size()];
        for (int i = 0; i < scores.length; i++) {
            Double score = candidates.get(i).retrievalScore();
            if (score == null) {
                Arrays.fill(scores, 0);
                break;
            }
            scores[i] = score;
        }
        int[] order = IndexSort.identity(scores.length);
        IndexSort.sort(order, (left, right) -> Double.compare(scores[right], scores[left]));
        int[] ranks = new int[order.length];
        for (int rank = 0; rank < order.length; rank++) {
            ranks[order[rank]] = rank + 1;
        }
        return ranks;
    }
}
