package dev.lychee.rerank.deploy.bench;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lychee.rerank.operators.scoring.EncodedPair;
import dev.lychee.rerank.operators.scoring.InvalidModelPackageException;
import dev.lychee.rerank.operators.scoring.Scorer;
import dev.lychee.rerank.operators.scoring.ScorerSpec;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.flink.util.InstantiationUtil;
import org.junit.jupiter.api.Test;

class FixedSpeedScorerTest {

    private static final ScorerSpec SPEC = new ScorerSpec("stand-in", "auto", "cpu", 0);
    private static final long MILLI = 1_000_000;

    @Test
    void takesAtLeastTheTimeOfItsPairs() throws Exception {
        try (Scorer scorer = scorer("1000/s")) {
            List<EncodedPair> batch = pairs(scorer, 30);

            long start = System.nanoTime();
            float[] logits = scorer.score(batch);

            // At most is the machine's affair.
            assertThat(System.nanoTime() - start).isGreaterThanOrEqualTo(30 * MILLI);
            assertThat(logits).hasSize(30);
        }
    }

    @Test
    void givesTheSameTextsTheSameLogitAndOthersOthers() throws Exception {
        try (Scorer scorer = scorer("0.1ms");
                Scorer other = scorer("0.1ms")) {
            float[] logits = scorer.score(pairs(scorer, 100));

            assertThat(other.score(pairs(other, 100))).isEqualTo(logits);
            assertThat(IntStream.range(0, 100).mapToObj(i -> logits[i]).distinct()).hasSize(100);
            assertThat(IntStream.range(0, 100).mapToObj(i -> logits[i]))
                    .allMatch(logit -> logit >= -6 && logit < 6)
                    .anyMatch(logit -> logit < -3)
                    .anyMatch(logit -> logit > 3);
        }
    }

    @Test
    void countsWordsAndShortensLongPairs() throws Exception {
        try (Scorer scorer = scorer("1ms")) {
            EncodedPair pair =
                    scorer.encodePair(scorer.encodeQuery(null, "red dress"), " silk summer  dress");
            EncodedPair lengthy =
                    scorer.encodePair(scorer.encodeQuery(null, "red"), "word ".repeat(1_000));

            assertThat(pair.tokens()).isEqualTo(2 + 3 + 3);
            assertThat(pair.truncated()).isFalse();
            assertThat(lengthy.tokens()).isEqualTo(FixedSpeedScorer.MAX_TOKENS);
            assertThat(lengthy.truncated()).isTrue();
        }
    }

    @Test
    void travelsWithTheJob() throws Exception {
        var factory = InstantiationUtil.clone(FixedSpeedScorer.factory(FixedSpeed.parse("250/s")));

        try (Scorer scorer = factory.load(SPEC)) {
            assertThat(scorer.description().version()).isEqualTo("250/s");
        }
    }

    private static Scorer scorer(String speed) throws InvalidModelPackageException {
        return FixedSpeedScorer.factory(FixedSpeed.parse(speed)).load(SPEC);
    }

    private static List<EncodedPair> pairs(Scorer scorer, int count) {
        return Stream.iterate(0, i -> i + 1)
                .limit(count)
                .map(i -> scorer.encodePair(scorer.encodeQuery(null, "red dress"), "dress " + i))
                .toList();
    }
}
