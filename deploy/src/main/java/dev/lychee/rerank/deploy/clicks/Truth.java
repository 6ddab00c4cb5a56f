package dev.lychee.rerank.deploy.clicks;

import dev.lychee.rerank.deploy.eval.Qrels;
import dev.lychee.rerank.schemas.ResultItem;
import java.util.Arrays;
import java.util.Collection;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** How relevant documents really are. Simulated users know it; the jobs do not. */
public sealed interface Truth {

    /** Chance that a document of a result is relevant, 0..1; null where nobody can say. */
    @Nullable Double relevance(String requestId, ResultItem item);

    /** What it is, for people. */
    String description();

    /**
     * The served logit is wrong by a known amount: P(relevant) = sigmoid((logit - shift) / scale).
     *
     * @param scale above 1 where the model is too sure, above 0
     * @param shift above 0 where the model promises too much
     */
    record Distortion(double scale, double shift) implements Truth {

        /** A checked one. */
        public Distortion {
            if (!(scale > 0)) {
                throw new IllegalArgumentException("the scale must be above 0, not " + scale);
            }
        }

        @Override
        public @Nullable Double relevance(String requestId, ResultItem item) {
            Double logit = item.logit();
            return logit == null ? null : (Double) (1 / (1 + Math.exp(-(logit - shift) / scale)));
        }

        @Override
        public String description() {
            return String.format(
                    Locale.ROOT, "P(relevant) = sigmoid((logit - %s) / %s)", shift, scale);
        }
    }

    /**
     * Somebody judged the documents. The query of a judgement is the request id, or the request id
     * without its last dash and what follows: {@code q-7-3} may be the third time of {@code q-7}.
     *
     * @param byGrade chance of relevance of each grade from 0 on; larger grades are as the last
     */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Judgements(Qrels qrels, double[] byGrade) implements Truth {

        /** A checked one. */
        public Judgements {
            if (byGrade.length == 0 || Arrays.stream(byGrade).anyMatch(p -> !(p >= 0 && p <= 1))) {
                throw new IllegalArgumentException("chances by grade must be 0 to 1");
            }
        }

        /**
         * Chances by the gain of a grade, (2^grade - 1) / 2^(largest grade), as in expected
         * reciprocal rank (Chapelle et al., "Expected Reciprocal Rank for Graded Relevance", CIKM
         * 2009).
         */
        public static Judgements of(Qrels qrels) {
            int largest =
                    qrels.grades().values().stream()
                            .map(Map::values)
                            .flatMap(Collection::stream)
                            .mapToInt(Integer::intValue)
                            .max()
                            .orElse(0);
            double[] byGrade = new double[Math.max(0, largest) + 1];
            for (int grade = 0; grade < byGrade.length; grade++) {
                byGrade[grade] = (Math.pow(2, grade) - 1) / Math.pow(2, byGrade.length - 1);
            }
            return new Judgements(qrels, byGrade);
        }

        @Override
        public @Nullable Double relevance(String requestId, ResultItem item) {
            String query = query(requestId);
            if (query == null) {
                return null;
            }
            Integer grade = qrels.find(query, item.id());
            int known = grade == null ? 0 : Math.max(0, grade);
            return byGrade[Math.min(known, byGrade.length - 1)];
        }

        private @Nullable String query(String requestId) {
            if (qrels.knows(requestId)) {
                return requestId;
            }
            int dash = requestId.lastIndexOf('-');
            return dash > 0 && qrels.knows(requestId.substring(0, dash))
                    ? requestId.substring(0, dash)
                    : null;
        }

        @Override
        public String description() {
            StringBuilder text = new StringBuilder("P(relevant) by grade from 0 on:");
            for (double each : byGrade) {
                text.append(String.format(Locale.ROOT, " %.3f", each));
            }
            return text.toString();
        }
    }
}
