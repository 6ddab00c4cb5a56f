package dev.lychee.rerank.operators.recalibration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.lychee.rerank.schemas.Assignment;
import dev.lychee.rerank.schemas.flow.ActionKind;
import dev.lychee.rerank.schemas.flow.Exposure;
import dev.lychee.rerank.schemas.flow.InteractionEvent;
import dev.lychee.rerank.schemas.flow.Participation;
import dev.lychee.rerank.schemas.flow.ServedItem;
import dev.lychee.rerank.schemas.flow.ServedResult;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ExposureOfTest {

    private static final Participation ARM =
            new Participation("e", "A", new Assignment("h", 0, List.of(1.0), "0000000000001"));

    @Test
    void nobodyDidAnything() {
        Exposure exposure = exposure();

        assertThat(exposure.seen()).isFalse();
        assertThat(exposure.clicked() || exposure.carted() || exposure.purchased()).isFalse();
        assertThat(exposure.ndcg()).isNaN();
    }

    @Test
    void wasSeenAndLeft() {
        Exposure exposure = exposure(event("d1", "c", 0, null));

        assertThat(exposure.seen()).isTrue();
        assertThat(exposure.clicked()).isFalse();
        assertThat(exposure.ndcg()).isNaN();
    }

    /** Gain 1 at rank 3: 1 / log2(4), ideal 1. */
    @Test
    void theOnlyClickAtRankThreeIsHalfAsGood() {
        Exposure exposure =
                exposure(
                        event("d3", "c", 1, ActionKind.CLICK),
                        event("d3", "c", 1, ActionKind.CLICK));

        assertThat(exposure.clicked()).isTrue();
        assertThat(exposure.purchased()).isFalse();
        assertThat(exposure.ndcg()).isCloseTo(0.5, within(1e-12));
    }

    /** (0.5 / log2(2) + 1 / log2(4)) / (1 / log2(2) + 0.5 / log2(3)). */
    @Test
    void theBestActionOnADocumentIsItsGain() {
        Exposure exposure =
                exposure(
                        event("d1", "c", 0.5, ActionKind.CLICK),
                        event("d3", "c", 0.5, ActionKind.CLICK),
                        event("d3", "c", 1, ActionKind.PURCHASE));

        assertThat(exposure.clicked()).isTrue();
        assertThat(exposure.carted()).isFalse();
        assertThat(exposure.purchased()).isTrue();
        assertThat(exposure.ndcg())
                .isCloseTo(1 / (1 + 0.5 * Math.log(2) / Math.log(3)), within(1e-12));
    }

    @Test
    void otherClientsAndOtherDocumentsDoNotCount() {
        Exposure exposure =
                exposure(
                        event("d1", "c", 0, null),
                        event("d2", "someone", 1, ActionKind.CLICK),
                        event("d99", "c", 1, ActionKind.CART));

        assertThat(exposure.seen()).isTrue();
        assertThat(exposure.clicked() || exposure.carted()).isFalse();
    }

    private static InteractionEvent event(
            String item, String client, double weight, @Nullable ActionKind kind) {
        // The first client has the earlier time.
        return new InteractionEvent("r", item, client, weight, kind, client.equals("c") ? 1 : 2);
    }

    private static Exposure exposure(InteractionEvent... events) {
        List<ServedItem> items = new ArrayList<>();
        for (int rank = 1; rank <= 4; rank++) {
            items.add(new ServedItem("d" + rank, rank, Double.NaN, Double.NaN, null));
        }
        return ExposureOf.of(
                new ServedResult("r", "", "default", null, 0, 0, false, items, ARM, true),
                ARM,
                Arrays.asList(events));
    }
}
