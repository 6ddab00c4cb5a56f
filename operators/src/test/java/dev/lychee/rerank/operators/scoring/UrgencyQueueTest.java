package dev.lychee.rerank.operators.scoring;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class UrgencyQueueTest {

    private static final long NONE = Long.MAX_VALUE;

    private final UrgencyQueue<String> queue = new UrgencyQueue<>();
    private long number;

    private void add(String item, long deadline) {
        queue.add(new Urgency(deadline, number++), item);
    }

    private List<String> all() {
        List<String> items = new ArrayList<>();
        for (String item = queue.poll(true, true); item != null; item = queue.poll(true, true)) {
            items.add(item);
        }
        return items;
    }

    @Test
    void givesTheEarliestDeadlineFirstAndWhatHasNoneInOrderOfArrival() {
        add("bulk 1", NONE);
        add("late", 200);
        add("bulk 2", NONE);
        add("early", 100);
        add("early too", 100);

        assertThat(all()).containsExactly("early", "early too", "late", "bulk 1", "bulk 2");
        assertThat(queue.isEmpty()).isTrue();
    }

    @Test
    void givesBulkWorkEveryEighthTurn() {
        for (int i = 0; i < 20; i++) {
            add("interactive", i);
        }
        add("bulk", NONE);
        add("bulk", NONE);

        List<String> order = all();

        assertThat(order.indexOf("bulk")).isEqualTo(7);
        assertThat(order.lastIndexOf("bulk")).isEqualTo(15);
    }

    @Test
    void doesNotOweBulkWorkTurnsFromBeforeItCame() {
        for (int i = 0; i < 30; i++) {
            add("interactive", i);
        }
        for (int i = 0; i < 20; i++) {
            queue.poll(true, true);
        }
        add("bulk", NONE);

        assertThat(all().indexOf("bulk")).isEqualTo(7);
    }

    @Test
    void passesOverTheClassThatMayNotHaveTheTurn() {
        add("interactive", 1);
        add("bulk", NONE);

        assertThat(queue.poll(false, true)).isEqualTo("bulk");
        assertThat(queue.poll(false, true)).isNull();
        assertThat(queue.poll(true, false)).isEqualTo("interactive");
    }
}
