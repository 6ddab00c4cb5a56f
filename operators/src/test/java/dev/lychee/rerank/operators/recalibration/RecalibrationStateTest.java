package dev.lychee.rerank.operators.recalibration;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lychee.rerank.operators.recalibration.TestingRecalibration.Checkpoint;
import dev.lychee.rerank.schemas.flow.ActionKind;
import dev.lychee.rerank.schemas.flow.InteractionEvent;
import dev.lychee.rerank.schemas.flow.ServedItem;
import dev.lychee.rerank.schemas.flow.ServedResult;
import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.junit.jupiter.api.Test;

/** How large the state is, as docs/state.md says. */
class RecalibrationStateTest {

    private static final long START = 1_000_000_000_000L;
    private static final int RESULTS = 500;
    private static final int RANKS = TestingRecalibration.SETTINGS.ranks();
    private static final int EVENTS = RANKS + 2;

    @Test
    void anOpenResultHasTheBytesThatAreStated() throws Exception {
        try (TestingRecalibration pipeline = new TestingRecalibration(null)) {
            serve(pipeline, "default");

            double perResult = (double) bytes(pipeline.checkpoint().join()) / RESULTS;

            assertThat(perResult).isLessThan(300 + 60 * RANKS + 120 * EVENTS);
        }
    }

    @Test
    void aSegmentHasTheBytesThatAreStatedHoweverMuchItWasServed() throws Exception {
        long one = bytesOfFit(1, 1);
        long more = bytesOfFit(3, 1);
        long longer = bytesOfFit(3, 5);

        int table = 16 * (RANKS + 1) * 82;
        assertThat((more - one) / 2).isBetween((long) table, 2L * table + 6_000);
        assertThat(longer - more).isLessThan(1_000);
    }

    /** When everything has been counted that came in so many rounds, to so many segments. */
    private static long bytesOfFit(int segments, int rounds) throws Exception {
        try (TestingRecalibration pipeline = new TestingRecalibration(null)) {
            for (int round = 0; round < rounds; round++) {
                for (int segment = 0; segment < segments; segment++) {
                    serve(pipeline, segment == 0 ? "default" : "segment-" + segment);
                }
            }
            pipeline.watermark(START + 10 * 60_000);
            Checkpoint checkpoint = pipeline.checkpoint();
            return bytes(checkpoint.fit());
        }
    }

    private static void serve(TestingRecalibration pipeline, String segment) throws Exception {
        for (int i = 0; i < RESULTS; i++) {
            String request = UUID.randomUUID().toString();
            String client = UUID.randomUUID().toString();
            List<ServedItem> items =
                    IntStream.rangeClosed(1, RANKS)
                            .mapToObj(
                                    rank ->
                                            new ServedItem(
                                                    document(rank), rank, 5 - rank, 0.5, null))
                            .toList();
            pipeline.serve(
                    new ServedResult(
                            request, "f", segment, null, 0, START, false, items, null, false));
            for (int rank = 1; rank <= RANKS; rank++) {
                pipeline.interact(
                        new InteractionEvent(request, document(rank), client, 0, null, START + 1));
            }
            for (int rank = 1; rank <= 2; rank++) {
                pipeline.interact(
                        new InteractionEvent(
                                request, document(rank), client, 1, ActionKind.CLICK, START + 2));
            }
        }
    }

    /** As long as the ids of many catalogues. */
    private static String document(int rank) {
        return "product-0012345-" + rank;
    }

    private static long bytes(OperatorSubtaskState state) {
        return state.getStateSize();
    }
}
