package dev.lychee.rerank.operators.scoring;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lychee.rerank.operators.assembly.TokenEstimate;
import java.util.Arrays;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class DegradationTest {

    private static final double MILLI = 1e6;

    /** A whole set of so many documents, each of which takes a tenth of a millisecond. */
    private static Degradation of(int candidates, double backlogMillis, double millisLeft) {
        double[] nanos = new double[candidates];
        Arrays.fill(nanos, MILLI / 10);
        int[] ranks = IntStream.rangeClosed(1, candidates).toArray();
        return Degradation.choose(
                ranks, candidates, nanos, backlogMillis * MILLI, millisLeft * MILLI);
    }

    private static long count(Degradation degradation) {
        return IntStream.range(0, degradation.computed().length)
                .filter(i -> degradation.computed()[i])
                .count();
    }

    @Test
    void computesEverythingWhileTheScorerKeepsUp() {
        Degradation degradation = of(100, 20, 100);

        assertThat(count(degradation)).isEqualTo(100);
        assertThat(degradation.steps()).isEmpty();
    }

    @Test
    void computesTheBetterHalfWhenTheScorerIsBehind() {
        Degradation degradation = of(100, 30, 100);

        assertThat(count(degradation)).isEqualTo(50);
        assertThat(degradation.computed()[49]).isTrue();
        assertThat(degradation.computed()[50]).isFalse();
        assertThat(degradation.steps()).containsExactly(Degradation.RERANK_WINDOW);
    }

    @Test
    void readsLessOfFewerDocumentsWhenTheScorerIsFarBehind() {
        Degradation degradation = of(100, 55, 100);

        assertThat(count(degradation)).isEqualTo(25);
        assertThat(degradation.shortDocuments()).isTrue();
        assertThat(degradation.steps())
                .containsExactly(Degradation.RERANK_WINDOW, Degradation.SHORTER_DOCUMENTS);
    }

    @Test
    void computesNothingThatCannotBeDoneInTime() {
        Degradation degradation = of(100, 85, 100);

        assertThat(count(degradation)).isZero();
        assertThat(degradation.steps()).containsExactly(Degradation.CACHE_OR_RETRIEVAL);
        assertThat(of(100, 0, -5).steps()).containsExactly(Degradation.CACHE_OR_RETRIEVAL);
    }

    @Test
    void computesWhatFitsOfASetThatIsTooLargeForItsDeadline() {
        // 1,000 documents take 100 ms; 65 % of 50 ms are to be used.
        Degradation degradation = of(1_000, 0, 50);

        assertThat(count(degradation)).isBetween(324L, 325L);
        assertThat(degradation.steps()).containsExactly(Degradation.RERANK_WINDOW);
    }

    @Test
    void keepsTenDocumentsInTheWindowHoweverSmallTheSet() {
        assertThat(count(of(12, 30, 100))).isEqualTo(10);
        assertThat(of(10, 30, 100).steps()).isEmpty();
    }

    @Test
    void callsATaskWithoutTheBestDocumentsOutsideTheWindow() {
        double[] nanos = {MILLI, MILLI};
        Degradation degradation =
                Degradation.choose(new int[] {300, 301}, 400, nanos, 45 * MILLI, 100 * MILLI);

        assertThat(count(degradation)).isZero();
        assertThat(degradation.steps()).containsExactly(Degradation.RERANK_WINDOW);
    }

    @Test
    void goesByTheRetrieversRankAndNotByPlace() {
        double[] nanos = {MILLI, MILLI, MILLI};
        Degradation degradation =
                Degradation.choose(new int[] {30, 1, 2}, 40, nanos, 26 * MILLI, 100 * MILLI);

        assertThat(degradation.computed()).containsExactly(false, true, true);
    }

    @Property
    void asksForLessTheFurtherTheScorerIsBehind(
            @ForAll @IntRange(min = 1, max = 300) int candidates,
            @ForAll @DoubleRange(min = 0, max = 120) double backlog,
            @ForAll @DoubleRange(min = 0, max = 50) double more) {
        assertThat(count(of(candidates, backlog + more, 100)))
                .isLessThanOrEqualTo(count(of(candidates, backlog, 100)) + shorterDocumentsGain());
    }

    /** Shorter documents may make room for more of them at the step to them. */
    private static long shorterDocumentsGain() {
        return 75;
    }

    @Test
    void shortensADocumentToHalfAndKeepsATitleWhole() {
        String title = "vintage denim jacket, washed";
        String longText = "word ".repeat(400);
        String chinese = "复古风牛仔外套".repeat(10);

        assertThat(Degradation.shortened(title)).isEqualTo(title);
        assertThat(TokenEstimate.of(Degradation.shortened(longText)))
                .isEqualTo(Degradation.SHORT_DOCUMENT_TOKENS);
        assertThat(Degradation.shortened(chinese)).isEqualTo(chinese.substring(0, 35));
        assertThat(Degradation.shortened("\uD83D\uDE00".repeat(41))).doesNotEndWith("\uD83D");
    }
}
