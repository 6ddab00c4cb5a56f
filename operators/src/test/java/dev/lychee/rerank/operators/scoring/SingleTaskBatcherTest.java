package dev.lychee.rerank.operators.scoring;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class SingleTaskBatcherTest {

    private final SingleTaskBatcher<String> batcher = new SingleTaskBatcher<>(12, String::length);
    private long number;

    private void add(long deadline, String... pairs) {
        List<Batcher.Arrival<String>> arrivals = new ArrayList<>();
        for (String pair : pairs) {
            arrivals.add(new Batcher.Arrival<>(pair, new Urgency(deadline, number++)));
        }
        batcher.add(arrivals, 0);
    }

    private List<List<String>> all() {
        List<List<String>> batches = new ArrayList<>();
        for (@Nullable List<String> batch = batcher.poll(0);
                batch != null;
                batch = batcher.poll(0)) {
            batches.add(batch);
        }
        return batches;
    }

    @Test
    void cutsATaskIntoBatchesOfSimilarLengthWithinTheBudget() {
        add(Long.MAX_VALUE, "aaaaaa", "b", "cccccc", "dd", "eeeeeeeeeeeeeee");

        assertThat(all())
                .containsExactlyInAnyOrder(
                        List.of("b", "dd"),
                        List.of("aaaaaa", "cccccc"),
                        List.of("eeeeeeeeeeeeeee"));
    }

    @Test
    void givesATaskTheSameBatchesWhateverElseWaits() {
        add(Long.MAX_VALUE, "aaa", "bbb");
        List<List<String>> alone = all();
        add(Long.MAX_VALUE, "ccc");
        add(Long.MAX_VALUE, "aaa", "bbb");
        add(5, "ddd");

        assertThat(batcher.interactiveTokens()).isEqualTo(3);
        assertThat(batcher.bulkTokens()).isEqualTo(9);
        assertThat(all()).containsAll(alone).first().isEqualTo(List.of("ddd"));
        assertThat(batcher.nanosUntilDue(0)).isEqualTo(Long.MAX_VALUE);
        assertThat(batcher.bulkTokens()).isZero();
    }
}
